"""The embedded dispatcher: one thread with its own event loop advances every execution of this process."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime
from functools import partial
from uuid import UUID

from renum_app import database, runtime
from renum_app.engine.dispatch.folder import FolderLock
from renum_app.engine.dispatch.queue import FairQueue
from renum_app.engine.execution import ExecutionEngine
from renum_app.engine.means import Means
from renum_app.engine.recorder import Recorder
from renum_app.models.values import utc_now
from renum_app.repositories import commands, executions
from renum_app.repositories.commits import NotStored

log = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
_RETRY_SECONDS = 1.0
_MAX_CRASHES = 3
"""Of the engine itself on one execution, after which it is ended."""


class InProcessDispatcher:
    """Executions wait here as ids; a place at the engine is taken only while one runs."""

    def __init__(self, *, clock: Callable[[], datetime] = utc_now) -> None:
        live = runtime.current()
        recorder = Recorder(live.bus, clock=clock)
        self._means = Means(recorder=recorder, backends=live.backends, settings=live.settings, clock=clock)
        self._engine = ExecutionEngine(self._means)
        self._queue = FairQueue(
            places=live.settings.max_running_executions, places_per_user=live.settings.running_per_user
        )
        self._running: dict[UUID, asyncio.Task[None]] = {}
        self._crashes: Counter[UUID] = Counter()
        self._lock = FolderLock(live.settings.renum_data_dir) if database.is_sqlite() else None
        self._thread: threading.Thread | None = None
        self._started: Future[asyncio.AbstractEventLoop] = Future()
        self._closing: asyncio.Event | None = None
        self._grace_seconds = 0.0

    # From any thread

    @property
    def is_alive(self) -> bool:
        return self._thread is not None and self._thread.is_alive() and self._started.done()

    def start(self) -> None:
        """Take up everything that is not finished, and whatever comes.

        Raises:
            SettingsError: Another process works on the same data folder.
        """
        if self._lock:
            self._lock.hold()
        self._thread = threading.Thread(target=self._main, name="renum-engine", daemon=True)
        self._thread.start()
        self._started.result(timeout=60)

    def close(self, grace_seconds: float = 25.0) -> None:
        """Stop claiming, give what runs some time to end, and let the next start go on with the rest."""
        if self._thread is None or not self._started.done() or self._started.exception():
            return
        self._grace_seconds = grace_seconds
        if self._closing:
            self._call(self._closing.set)
        self._thread.join(timeout=grace_seconds + 15)
        self._thread = None
        if self._lock:
            self._lock.release()

    async def enqueue(self, execution_id: UUID, user_id: UUID | None = None) -> None:
        self._call(partial(self._put, execution_id, user_id))

    async def wake(self, execution_id: UUID) -> None:
        self._call(partial(self._wake, execution_id))

    def _call(self, act: Callable[[], object]) -> None:
        try:
            self._started.result(timeout=0).call_soon_threadsafe(act)
        except (RuntimeError, TimeoutError):
            log.info("The engine is not running; the next start goes on", extra={"action": "engine_not_running"})

    # On the engine's thread

    def _main(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as error:
            if not self._started.done():
                self._started.set_exception(error)
            log.critical("The engine has stopped", extra={"action": "engine_stopped"}, exc_info=True)
            raise

    async def _serve(self) -> None:
        self._closing = asyncio.Event()
        recording = asyncio.create_task(self._means.recorder.run())
        looking = asyncio.create_task(self._look())
        async with database.reading() as session:
            unfinished = await executions.unfinished(session)
        for execution_id, user_id in unfinished:
            self._queue.put(execution_id, user_id)
        self._fill()
        self._started.set_result(asyncio.get_running_loop())
        closing = asyncio.create_task(self._closing.wait())
        ended, _ = await asyncio.wait([recording, looking, closing], return_when=asyncio.FIRST_COMPLETED)
        for task in ended - {closing}:
            log.critical("The engine broke", exc_info=task.exception(), extra={"action": "engine_broke"})
        await self._wind_up()
        for task in (recording, looking, closing):
            task.cancel()
        await asyncio.gather(recording, looking, closing, return_exceptions=True)
        for backend in self._means.backends.values():
            await backend.aclose()
        await database.dispose()

    async def _wind_up(self) -> None:
        """Let what runs end, if it does so soon; store what has been said."""
        if self._running:
            await asyncio.wait(self._running.values(), timeout=self._grace_seconds)
        rest = list(self._running.values())
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        try:
            async with asyncio.timeout(5):
                await self._means.recorder.drain()
        except TimeoutError:
            log.warning("Some events could not be stored before the end", extra={"action": "events_not_stored"})

    @property
    def _is_closing(self) -> bool:
        return self._closing is not None and self._closing.is_set()

    def _put(self, execution_id: UUID, user_id: UUID | None) -> None:
        """Take an execution up in its turn; the owner of one that runs looks at its commands."""
        if execution_id in self._running:
            self._engine.wake(execution_id)
            return
        self._queue.put(execution_id, user_id)
        self._fill()

    def _wake(self, execution_id: UUID) -> None:
        """An order to stop is looked at now, whatever the queue, also when nobody has taken the execution up."""
        if self._engine.wake(execution_id):
            return
        self._queue.put(execution_id, None)
        if self._queue.pull(execution_id):
            self._advance(execution_id)

    def _fill(self) -> None:
        """Take up as many as there are places."""
        while not self._is_closing and (execution_id := self._queue.take()):
            self._advance(execution_id)

    def _advance(self, execution_id: UUID) -> None:
        if self._is_closing:
            return
        times = self._crashes[execution_id]
        work = (
            self._engine.advance(execution_id)
            if times < _MAX_CRASHES
            else self._engine.give_up(execution_id, times=times)
        )
        task = asyncio.create_task(work)
        self._running[execution_id] = task
        task.add_done_callback(partial(self._ended, execution_id))

    def _ended(self, execution_id: UUID, task: asyncio.Task[None]) -> None:
        del self._running[execution_id]
        user_id = self._queue.leave(execution_id)
        error = None if task.cancelled() else task.exception()
        if error is None:
            self._crashes.pop(execution_id, None)
        elif not self._is_closing:
            self._try_again(execution_id, user_id, error)
        self._fill()

    def _try_again(self, execution_id: UUID, user_id: UUID | None, error: BaseException) -> None:
        if not isinstance(error, NotStored):
            self._crashes[execution_id] += 1
        extra = {"action": "advance_failed", "execution_id": str(execution_id)}
        log.error("An execution could not be advanced", exc_info=error, extra=extra)
        asyncio.get_running_loop().call_later(_RETRY_SECONDS, self._put, execution_id, user_id)

    async def _look(self) -> None:
        """Orders reach their execution even when a wake-up is lost, and parked ones go on when it is time."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            for waiting in await commands.executions_with_waiting():
                if waiting.is_stop:
                    self._wake(waiting.execution_id)
                else:
                    self._put(waiting.execution_id, waiting.user_id)
            for execution_id, user_id in await executions.awake(self._means.clock()):
                self._put(execution_id, user_id)
