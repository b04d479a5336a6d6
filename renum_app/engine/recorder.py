"""The recorder: group commit of many executions' events, published only once they are stored."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from renum_app.engine.notifications import notification_values
from renum_app.engine.plan import Brief, Plan
from renum_app.engine.progress import Progress
from renum_app.engine.reducer import Fact, fold, step_id_of
from renum_app.engine.rows import approval_values, next_values, step_values
from renum_app.events.bus import Bus
from renum_app.models.event import StoredEvent
from renum_app.models.values import utc_now
from renum_app.repositories import commits
from renum_app.repositories.entry import Entry

log = logging.getLogger(__name__)

_MAX_GROUP = 200
"""Executions in one transaction; more would keep other writers waiting."""
_LONGEST_PAUSE_SECONDS = 5.0


class OwnershipLost(Exception):
    """Another owner has taken the execution up, or it is gone: let go of it."""


class EventsRefused(OwnershipLost):
    """The database will never take what was recorded; whoever takes the execution up starts from what is stored."""


@dataclass(eq=False, slots=True)
class Journal:
    """One execution's log as its owner writes it."""

    recorder: Recorder
    plan: Plan
    brief: Brief
    epoch: int
    progress: Progress
    """Up to the last recorded event, which may not be stored yet; what follows from it is stored after it."""
    stored_seq: int
    row: dict[str, Any]
    """The execution's row as last stored."""
    waiting: list[StoredEvent] = field(default_factory=list)
    handled: list[UUID] = field(default_factory=list)
    stored: asyncio.Future[None] | None = None
    """Done when `waiting` is stored."""
    storing: asyncio.Future[None] | None = None
    """Done when what was taken from `waiting` last is stored."""
    lost: type[OwnershipLost] | None = None
    """Why nothing can be recorded any more."""

    @property
    def execution_id(self) -> UUID:
        return self.brief.execution_id

    def record(self, facts: Iterable[Fact], *, handled: Sequence[UUID] = ()) -> asyncio.Future[None]:
        """Append facts; the future is done once they are stored, in order with all others of the journal.

        The future is shared by all who wait: shield it where the waiting may be cut.

        Raises:
            OwnershipLost: At once, or by the future.
        """
        return self.recorder.record(self, facts, handled=handled)

    async def is_stored(self) -> None:
        """Wait until everything recorded so far is stored.

        Raises:
            OwnershipLost: It never will be.
        """
        if last := self.stored or self.storing:
            await asyncio.shield(last)


class Recorder:
    """Owns all writing to event logs on one event loop."""

    def __init__(self, bus: Bus, *, clock: Callable[[], datetime] = utc_now) -> None:
        self.bus = bus
        self._clock = clock
        self._dirty: dict[Journal, None] = {}
        self._is_dirty = asyncio.Event()

    def record(self, journal: Journal, facts: Iterable[Fact], *, handled: Sequence[UUID] = ()) -> asyncio.Future[None]:
        """What `Journal.record` does."""
        if journal.lost:
            raise journal.lost
        moment = self._clock()
        for kind, data in facts:
            event = StoredEvent(journal.execution_id, journal.progress.last_seq + 1, kind, moment, data)
            fold(journal.progress, event)
            journal.waiting.append(event)
        journal.handled.extend(handled)
        if journal.stored is None:
            journal.stored = asyncio.get_running_loop().create_future()
            journal.stored.add_done_callback(_seen)
        self._dirty[journal] = None
        self._is_dirty.set()
        return journal.stored

    async def run(self) -> None:
        """Store what is recorded until cancelled; one transaction at a time, as large as the last one let it grow."""
        while True:
            await self._is_dirty.wait()
            self._is_dirty.clear()
            while self._dirty:
                await self._store([self._taken(journal) for journal in self._next_group()])

    async def drain(self) -> None:
        """Wait until everything recorded so far is stored."""
        while waiting := [journal.stored for journal in self._dirty if journal.stored]:
            await asyncio.wait(waiting)

    def _next_group(self) -> list[Journal]:
        """Of two that both believe an execution to be theirs, one at a time: what is stored is told by its id."""
        group: dict[UUID, Journal] = {}
        for journal in self._dirty:
            group.setdefault(journal.execution_id, journal)
        return list(group.values())[:_MAX_GROUP]

    def _taken(self, journal: Journal) -> _Taken:
        """Everything a journal has to say now, and its rows as of the last of it."""
        del self._dirty[journal]
        events, journal.waiting = journal.waiting, []
        handled, journal.handled = journal.handled, []
        stored, journal.stored = journal.stored, None
        journal.storing = stored
        touched = {step_id for event in events if (step_id := step_id_of(event))}
        row = next_values(journal.plan, journal.progress, before=journal.row, touched=touched)
        entry = Entry(
            execution_id=journal.execution_id,
            epoch=journal.epoch,
            expected_seq=journal.stored_seq,
            events=events,
            execution={name: value for name, value in row.items() if journal.row.get(name, ...) != value},
            steps=[{"step_id": step_id, **step_values(journal.progress.steps[step_id])} for step_id in sorted(touched)],
            approvals=[asked for event in events if (asked := approval_values(event, journal.brief.user_id))],
            notifications=notification_values(
                journal.plan,
                journal.brief,
                journal.progress,
                events,
                cost_usd=row["cost_metrics"].get("known_cost_usd"),
                cost_before_usd=journal.row["cost_metrics"].get("known_cost_usd"),
            ),
            handled=handled,
        )
        return _Taken(journal, entry, row, stored)

    async def _store(self, group: list[_Taken]) -> None:
        pause = 0.05
        while True:
            try:
                owned = await commits.commit([taken.entry for taken in group])
            except commits.NotStored:
                log.exception("Storing events failed; trying again", extra={"action": "events_not_stored"})
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
            except commits.Refused:
                return await self._store_one_by_one(group)
            else:
                return self._settle(group, owned)

    async def _store_one_by_one(self, group: list[_Taken]) -> None:
        """One execution's events cannot be stored: the others' must not suffer for it."""
        if len(group) > 1:
            for taken in group:
                await self._store([taken])
            return
        log.error(
            "Events of an execution were refused",
            extra={"action": "events_refused", "execution_id": str(group[0].journal.execution_id)},
        )
        self._settle(group, set(), loss=EventsRefused)

    def _settle(self, group: list[_Taken], owned: set[UUID], *, loss: type[OwnershipLost] = OwnershipLost) -> None:
        for taken in group:
            journal = taken.journal
            if journal.execution_id not in owned:
                journal.lost = loss
                self._dirty.pop(journal, None)
                for future in (taken.stored, journal.stored):
                    if future and not future.done():
                        future.set_exception(loss())
                continue
            journal.stored_seq, journal.row = taken.entry.new_seq, taken.row
            self.bus.publish(journal.execution_id, taken.entry.events)
            if taken.stored and not taken.stored.done():
                taken.stored.set_result(None)


@dataclass(frozen=True, slots=True)
class _Taken:
    journal: Journal
    entry: Entry
    row: dict[str, Any]
    stored: asyncio.Future[None] | None


def _seen(future: asyncio.Future[None]) -> None:
    """Losing ownership is told by every later call; nobody has to wait for this one."""
    if not future.cancelled():
        future.exception()
