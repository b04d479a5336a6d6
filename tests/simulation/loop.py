"""An event loop in virtual time: a timer is due when the world says so, and nothing runs unless it is told to."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import OperationalError

Result = TypeVar("Result")

_SELF_PIPE = 1
_MAX_TURNS = 100_000
_PATIENCE_SECONDS = 30.0
"""Real ones, for a database that answers from outside."""


@dataclass(frozen=True)
class Trouble:
    """A transaction that fails, or of which nobody learns that it has not."""

    error: Exception
    is_after_commit: bool


@dataclass
class Clock:
    """The one time of a world."""

    seconds: float = 0.0
    began: datetime = datetime(2030, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.began + timedelta(seconds=self.seconds)


class VirtualLoop(asyncio.SelectorEventLoop):
    """Runs what is ready, waits in real time for what a database's thread or socket owes, and stands still otherwise.

    What threads bring is let in only when all of it is there, in the order in which it was asked for: so the same
    sequence gives the same run however fast the threads are.
    """

    def __init__(self, clock: Clock, latency: Callable[[], float]) -> None:
        super().__init__()
        self.clock = clock
        self._clock_resolution = 1e-9
        self._latency = latency
        self._owed: dict[asyncio.Future[Any], None] = {}
        self._brought: dict[asyncio.Future[Any], tuple[Callable[..., object], tuple[Any, ...]]] = {}
        self.is_cut_off = False
        """The process is dead: it does no more to the database."""
        self.trouble: Callable[[], Trouble | None] = lambda: None
        """What happens to the next transaction, unless all goes well."""
        self.refuses_to_tell: Callable[[], bool] = lambda: False
        """Whether the next question to the database gets an error for an answer."""

    def time(self) -> float:
        return self.clock.seconds

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        """Everything at this very moment, up to the end of `work`, which may not wait for time to pass."""
        task = self.create_task(work)
        self.run_until_quiet()
        while not task.done():
            if self.next_timer() == float("inf"):
                raise RuntimeError("it waits for something that never happens")
            self.clock.seconds = self.next_timer()
            self.run_until_quiet()
        return task.result()

    def run_until_quiet(self) -> None:
        """Run everything that can happen without time passing."""
        for _ in range(_MAX_TURNS):
            if self._ready or self.next_timer() <= self.time():
                self._once()
            elif self._owed and len(self._brought) == len(self._owed):
                self._let_in()
            elif self._owed or len(self._selector.get_map()) > _SELF_PIPE:
                self._wait_for_outside()
            else:
                return
        raise AssertionError("it goes round in circles")

    def next_timer(self) -> float:
        """When the next timer is due; infinity where there is none."""
        while self._scheduled and self._scheduled[0]._cancelled:
            self._once()
        return self._scheduled[0]._when if self._scheduled else float("inf")

    def create_future(self) -> asyncio.Future[Any]:
        future = super().create_future()
        if "aiosqlite" in sys._getframe(1).f_globals["__name__"]:  # its own, and its part of SQLAlchemy
            self._owed[future] = None
        return future

    def call_soon_threadsafe(self, callback: Callable[..., object], *args: Any, context: Any = None) -> Any:
        if args and args[0] in self._owed:
            return super().call_soon_threadsafe(self._take, callback, args)
        return super().call_soon_threadsafe(callback, *args, context=context)

    def run_in_executor(self, executor: Executor | None, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:
        """A whole transaction: done here, some time later, and known some time after that."""
        if executor is None:
            future = super().run_in_executor(executor, func, *args)
            self._owed[future] = None
            future.add_done_callback(lambda done: self._owed.pop(done, None))
            return future
        done = super().create_future()
        self.call_later(self._latency(), self._do, func, args, done)
        return done

    def _do(self, func: Callable[..., Any], args: tuple[Any, ...], done: asyncio.Future[Any]) -> None:
        if self.is_cut_off:
            return
        trouble = self.trouble()
        try:
            if trouble and not trouble.is_after_commit:
                raise trouble.error
            result = func(*args)
            if trouble:
                raise trouble.error
        except Exception as error:  # noqa: BLE001 (whatever it is goes to whoever asked)
            self.call_later(self._latency(), _fail, done, error)
        else:
            self.call_later(self._latency(), _succeed, done, result)

    def _take(self, callback: Callable[..., object], args: tuple[Any, ...]) -> None:
        self._brought[args[0]] = (callback, args)

    def _let_in(self) -> None:
        for future in list(self._owed):
            callback, args = self._brought.pop(future)
            self.call_soon(callback, *args)
        self._owed.clear()

    def _once(self) -> None:
        self.stop()
        self.run_forever()

    def _wait_for_outside(self) -> None:
        happened = self._selector.select(_PATIENCE_SECONDS)
        if not happened:
            raise TimeoutError("the database has not answered")
        self._process_events(happened)


@event.listens_for(Engine, "before_cursor_execute")
def _ask(connection: Connection, *_: object) -> None:
    loop = asyncio._get_running_loop()
    is_the_products = not connection.get_execution_options().get("past_the_product")
    if isinstance(loop, VirtualLoop) and is_the_products and loop.refuses_to_tell():
        raise OperationalError("SELECT", None, Exception("gone"))


def _succeed(future: asyncio.Future[Any], result: Any) -> None:
    if not future.done():
        future.set_result(result)


def _fail(future: asyncio.Future[Any], error: Exception) -> None:
    if not future.done():
        future.set_exception(error)
