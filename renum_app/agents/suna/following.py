"""Following a run to its end: the stream informs, the stored status decides.

Opening a stream can kill a healthy run: on releases that send pings, a connection that has seen no event for some
seconds takes the worker for dead. So a run that is old, or quiet inside a tool, is followed by its stored messages
until it moves again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import aclosing

from renum_app.agents.backend import AgentError, AgentFailed
from renum_app.agents.suna.answer import last_turn
from renum_app.agents.suna.client import Client
from renum_app.agents.suna.ending import WORKER_TIMEOUT, Heard, trouble_in
from renum_app.agents.suna.events import Chunk, Event, Ping, Row, Told, Trouble
from renum_app.agents.suna.failures import RouteMissing, ThingMissing
from renum_app.agents.suna.merging import merged
from renum_app.agents.suna.narration import Narration, TextUpdate
from renum_app.agents.suna.pauses import Pauses, until_answered
from renum_app.agents.suna.wire import MessageRow, RunRow, age_seconds

_TOOL_ENDS = frozenset({"tool_completed", "tool_failed", "tool_error"})
_CLOSE_LOOK_SECONDS = 1.0
"""Between looks at the status once the stream has told of an end."""


class Following:
    """One run, followed by one stream and one poll."""

    def __init__(
        self, client: Client, *, thread_id: str, run_id: str, age_seconds: float = 0.0, is_attached: bool = False
    ) -> None:
        self._client = client
        self._thread_id = thread_id
        self._run_id = run_id
        self._timing, self._clock = client.server.timing, client.server.clock
        self._began = self._clock() - age_seconds
        self._last_event = self._clock()
        self._is_attached = is_attached
        self._narration = Narration(was_told_before=is_attached)
        self._seen_rows: set[str] = set()
        self._tool_is_open = False
        self._has_pings = False
        self._hurry = asyncio.Event()
        if is_attached:
            self._hurry.set()  # it may have ended long ago
        self.heard = Heard()
        self.run: RunRow | None = None
        """The run at its end; None before."""

    async def updates(self) -> AsyncGenerator[TextUpdate]:
        """What the agent says, until the run has ended; raises AgentError where following makes no sense any more."""
        async with aclosing(merged(self._listened(), self._polled())) as happenings:
            async for happening in happenings:
                match happening:
                    case Chunk():
                        for update in self._narration.add(happening):
                            yield update
                    case Row(message):
                        for update in self._narration.add_message(message):
                            yield update
                    case RunRow():
                        self.run = happening
                        return
                    case _:
                        pass

    def agreed(self, text: str) -> list[TextUpdate]:
        """What has to be told so that it equals the answer."""
        return self._narration.end(text)

    async def _listened(self) -> AsyncGenerator[Event | RunRow]:
        """Events of the stream, and where that must not be open, the thread's new messages."""
        self._has_pings = (await until_answered(self._client.server, self._client.dialect)).pings
        pauses = Pauses(self._client.server)
        is_missing_out = self._is_attached
        while not self._has_heard_the_end:
            if is_missing_out:
                for row in await self._new_rows():
                    self._note(row, age_seconds=age_seconds(row.message.created_at))
                    yield row
            if is_missing_out and not self._may_open():
                await asyncio.sleep(self._timing.poll_seconds)
                continue
            is_missing_out = True
            try:
                async with aclosing(self._connected()) as events:
                    async for event in events:
                        self._note(event)
                        yield event
            except (ThingMissing, RouteMissing):
                pass  # not yet, or not any more; the poll finds out
            except AgentError as error:
                if not error.will_help_to_retry or error.message == "suna_event_too_large":
                    raise
            if not self._has_heard_the_end:
                await pauses.after()

    async def _connected(self) -> AsyncGenerator[Event]:
        """The events of one connection."""
        async with aclosing(self._client.events(self._run_id)) as events:
            while True:
                limit = self._timing.ping_idle_seconds if self._has_pings else None
                try:
                    async with asyncio.timeout(limit):
                        event = await anext(events)
                except (StopAsyncIteration, TimeoutError):
                    return
                self._has_pings = self._has_pings or isinstance(event, Ping)
                yield event

    async def _polled(self) -> AsyncGenerator[Event | RunRow]:
        """The stored run once it has ended, and has still ended at a second look."""
        pauses, last_seen = Pauses(self._client.server), self._clock()
        while True:
            await self._until_next_look()
            try:
                run = await self._client.run(self._run_id)
                if run and run.has_ended:
                    await asyncio.sleep(self._settle_seconds(run))
                    run = await self._client.run(self._run_id) or run
            except AgentError as error:
                if not error.will_help_to_retry:
                    raise
                await pauses.after(error)
                continue
            if run is None and self._clock() - last_seen > self._timing.unseen_seconds:
                raise AgentFailed("suna_run_lost", retryable=True)
            if run:
                last_seen = self._clock()
                if run.has_ended:
                    yield run

    async def _until_next_look(self) -> None:
        seconds = self._timing.poll_seconds
        if self._has_heard_the_end:
            seconds = min(seconds, _CLOSE_LOOK_SECONDS)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._hurry.wait()
        self._hurry.clear()

    def _settle_seconds(self, run: RunRow) -> float:
        is_guess = WORKER_TIMEOUT.lower() in (run.error or "").lower()
        return self._timing.worker_timeout_seconds if is_guess else self._timing.settle_seconds

    async def _new_rows(self) -> list[Row]:
        rows = last_turn(await until_answered(self._client.server, lambda: self._client.messages(self._thread_id)))
        return [Row(row) for row in rows if row.message_id and row.message_id not in self._seen_rows]

    def _note(self, event: Event, *, age_seconds: float = 0.0) -> None:
        if isinstance(event, Ping):
            return
        self._last_event = self._clock() - age_seconds
        match event:
            case Told():
                self.heard.told = self.heard.told or event  # a replay adds a `completed` of its own
                self._hurry.set()
            case Trouble():
                self.heard.trouble = self.heard.trouble or event
                self._hurry.set()
            case Row(message):
                self._note_row(message)
            case _:
                pass

    def _note_row(self, message: MessageRow) -> None:
        if message.message_id:
            self._seen_rows.add(message.message_id)
        if trouble := trouble_in([message]):
            self.heard.trouble = self.heard.trouble or trouble
            self._hurry.set()
        told = message.content.get("status_type")
        if told == "tool_started":
            self._tool_is_open = True
        elif told in _TOOL_ENDS:
            self._tool_is_open = False

    def _may_open(self) -> bool:
        if not self._has_pings:
            return True
        quiet_seconds = self._clock() - self._last_event
        is_young = self._clock() - self._began < self._timing.reopen_age_seconds
        return is_young and not (self._tool_is_open and quiet_seconds >= self._timing.reopen_quiet_seconds)

    @property
    def _has_heard_the_end(self) -> bool:
        return self.heard.told is not None or self.heard.trouble is not None
