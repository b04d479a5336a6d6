"""The event log, read back; `commits` appends to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from renum_app.models.event import Event, EventKind, StoredEvent
from renum_app.repositories.entry import event_values

_EVENTS = Event.metadata.tables[Event.__tablename__]
_PIECES = (EventKind.TEXT_STREAMED.value, EventKind.TEXT_REPLACED.value)


async def add_first(session: AsyncSession, events: Sequence[StoredEvent]) -> None:
    """The first events of an execution that nobody owns yet."""
    await session.execute(insert(_EVENTS), [event_values(event) for event in events])


async def after(session: AsyncSession, execution_id: UUID, *, seq: int, limit: int) -> list[StoredEvent]:
    """The events that follow `seq`, in order."""
    return _read(execution_id, await session.execute(_following(execution_id, seq=seq).limit(limit)))


async def lasting(session: AsyncSession, execution_id: UUID) -> list[StoredEvent]:
    """An ended execution's events in order, without the pieces in which text came."""
    statement = _following(execution_id, seq=0).where(_EVENTS.c.kind.not_in(_PIECES))
    return _read(execution_id, await session.execute(statement))


def _following(execution_id: UUID, *, seq: int) -> Select[Any, Any, Any, Any]:
    return (
        select(_EVENTS.c.seq, _EVENTS.c.kind, _EVENTS.c.timestamp, _EVENTS.c.data)
        .where(_EVENTS.c.execution_id == execution_id, _EVENTS.c.seq > seq)
        .order_by(_EVENTS.c.seq)
    )


def _read(execution_id: UUID, rows: Iterable[Any]) -> list[StoredEvent]:
    return [
        StoredEvent(execution_id=execution_id, seq=seq, kind=EventKind(kind), timestamp=timestamp, data=data)
        for seq, kind, timestamp, data in rows
    ]
