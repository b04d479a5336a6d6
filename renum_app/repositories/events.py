"""The event log: fenced group commit of many executions at once, and reading it back."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, Table, bindparam, column, insert, select, tuple_, update, values
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session
from sqlalchemy.types import Integer, Uuid

from renum_app.database import at_once
from renum_app.models.command import Command
from renum_app.models.event import Event, EventKind, StoredEvent
from renum_app.models.execution import Execution
from renum_app.models.execution_log import ExecutionLog
from renum_app.models.step import Step
from renum_app.models.values import utc_now
from renum_app.repositories import commands, executions

_TABLES = Execution.metadata.tables
_EXECUTIONS = _TABLES[Execution.__tablename__]
_EVENTS = _TABLES[Event.__tablename__]
_STEPS = _TABLES[Step.__tablename__]
_LOGS = _TABLES[ExecutionLog.__tablename__]
_COMMANDS = _TABLES[Command.__tablename__]


_NEVER_TAKEN = (IntegrityError, DataError, ArithmeticError, ValueError, TypeError)
"""What a value raises that no column holds; a driver's own refusals, such as of huge integers, come unwrapped."""


_PIECES = (EventKind.TEXT_STREAMED.value, EventKind.TEXT_REPLACED.value)


class NotStored(Exception):
    """The database could not take it now; the same batch may be tried again."""


class Refused(Exception):
    """The database will never take it."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One execution's part of a group commit."""

    execution_id: UUID
    epoch: int
    expected_seq: int
    """The last seq its owner knows to be stored."""
    events: Sequence[StoredEvent] = ()
    execution: dict[str, Any] = field(default_factory=dict)
    """Changed columns."""
    steps: Sequence[dict[str, Any]] = ()
    """Changed rows with their `step_id`, all columns that may change."""
    logs: Sequence[dict[str, Any]] = ()
    handled: Sequence[UUID] = ()
    """Commands that the events answer."""

    @property
    def new_seq(self) -> int:
        return self.expected_seq + len(self.events)


async def commit(entries: Sequence[Entry]) -> set[UUID]:
    """Store all of them in one transaction; the executions whose owner still was the owner.

    What is there already is not stored twice: a commit whose answer got lost may be tried again.

    Raises:
        NotStored: Nothing was stored; try again.
        Refused: Nothing was stored, and one of them is to blame.
    """
    try:
        return await at_once(lambda session: _append(session, entries))
    except _NEVER_TAKEN as error:
        raise Refused(type(error).__name__) from error
    except SQLAlchemyError as error:
        if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
            raise Refused(type(error).__name__) from error
        raise NotStored(type(error).__name__) from error


@dataclass(frozen=True)
class Claim:
    """An execution with its whole log, as its new owner takes it up."""

    execution: Execution
    events: list[StoredEvent]
    """Left out where there is only the first, which says no more than the execution's row."""
    orders: list[UUID]
    """Commands that wait."""
    monthly_budget_usd: float | None
    """The person's cap for a calendar month."""


async def take_up(execution_id: UUID) -> Claim | None:
    """Become the owner of an execution; None when it has ended or is gone.

    Raises:
        NotStored: The database could not do it now.
    """
    try:
        return await at_once(lambda session: _claim(session, execution_id))
    except SQLAlchemyError as error:
        raise NotStored(type(error).__name__) from error


def _claim(session: Session, execution_id: UUID) -> Claim | None:
    claimed: Any = session.execute(executions.claiming(execution_id)).one_or_none()
    if claimed is None:
        return None
    execution, monthly_budget_usd = claimed
    is_new = execution.last_seq == 1
    so_far = [] if is_new else _read(execution_id, session.execute(_following(execution_id, seq=0)))
    if not is_new:
        session.execute(executions.freeing(execution_id))
    orders = session.execute(commands.orders_to(execution_id)).scalars()
    return Claim(
        execution=execution,
        events=so_far,
        orders=[order.command_id for order in orders],
        monthly_budget_usd=monthly_budget_usd,
    )


def _append(session: Session, entries: Sequence[Entry]) -> set[UUID]:
    """The fence first: only entries that pass it leave a trace. A lone entry's row goes with its fence."""
    owned = _pass_the_fence(session, entries)
    passed = [entry for entry in entries if entry.execution_id in owned]
    _insert_many(session, _EVENTS, [_event_values(event) for entry in passed for event in entry.events])
    _insert_many(session, _LOGS, [{"log_id": uuid4(), **log} for entry in passed for log in entry.logs])
    if len(entries) > 1:
        _project_executions(session, passed)
    _project_steps(session, passed)
    if handled := [command_id for entry in passed for command_id in entry.handled]:
        session.execute(update(_COMMANDS).where(_COMMANDS.c.command_id.in_(handled)).values(handled_at=utc_now()))
    return owned | _already_there(session, [entry for entry in entries if entry.execution_id not in owned])


def _already_there(session: Session, entries: Sequence[Entry]) -> set[UUID]:
    """Those whose log has just the end they would give it: nobody but their own owner writes under their epoch."""
    if not entries:
        return set()
    table = _EXECUTIONS
    own_id, seq, epoch = table.c.execution_id, table.c.last_seq, table.c.epoch
    ends = [(entry.execution_id, entry.new_seq, entry.epoch) for entry in entries]
    return set(session.execute(select(own_id).where(tuple_(own_id, seq, epoch).in_(ends))).scalars())


async def after(session: AsyncSession, execution_id: UUID, *, seq: int, limit: int) -> list[StoredEvent]:
    """The events that follow `seq`, in order."""
    return _read(execution_id, await session.execute(_following(execution_id, seq=seq).limit(limit)))


def _following(execution_id: UUID, *, seq: int) -> Select[Any, Any, Any, Any]:
    table = _EVENTS
    return (
        select(table.c.seq, table.c.kind, table.c.timestamp, table.c.data)
        .where(table.c.execution_id == execution_id, table.c.seq > seq)
        .order_by(table.c.seq)
    )


def _read(execution_id: UUID, rows: Iterable[Any]) -> list[StoredEvent]:
    return [
        StoredEvent(execution_id=execution_id, seq=seq, kind=EventKind(kind), timestamp=timestamp, data=data)
        for seq, kind, timestamp, data in rows
    ]


async def add_first(
    session: AsyncSession, events: Sequence[StoredEvent], *, logs: Sequence[dict[str, Any]] = ()
) -> None:
    """The first events of an execution that nobody owns yet."""
    await session.execute(insert(_EVENTS), [_event_values(event) for event in events])
    if logs:
        await session.execute(insert(_LOGS), [{"log_id": uuid4(), **log} for log in logs])


async def lasting(session: AsyncSession, execution_id: UUID) -> list[StoredEvent]:
    """An ended execution's events in order, without the pieces in which text came."""
    statement = _following(execution_id, seq=0).where(_EVENTS.c.kind.not_in(_PIECES))
    return _read(execution_id, await session.execute(statement))


def _pass_the_fence(session: Session, entries: Sequence[Entry]) -> set[UUID]:
    table = _EXECUTIONS
    if len(entries) == 1:
        entry = entries[0]
        statement = (
            update(table)
            .where(
                table.c.execution_id == entry.execution_id,
                table.c.last_seq == entry.expected_seq,
                table.c.epoch == entry.epoch,
            )
            .values(last_seq=entry.new_seq, **entry.execution)
            .returning(table.c.execution_id)
        )
        return set((session.execute(statement)).scalars())
    given = values(
        column("id", Uuid), column("expected", Integer), column("epoch", Integer), column("new", Integer), name="given"
    ).data([(entry.execution_id, entry.expected_seq, entry.epoch, entry.new_seq) for entry in entries])
    given = given.cte("given")
    statement = (
        update(table)
        .where(
            table.c.execution_id == given.c.id,
            table.c.last_seq == given.c.expected,
            table.c.epoch == given.c.epoch,
        )
        .values(last_seq=given.c.new)
        .returning(table.c.execution_id)
    )
    return set((session.execute(statement)).scalars())


def _insert_many(session: Session, table: Table, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(table), rows)


def _project_executions(session: Session, entries: Iterable[Entry]) -> None:
    """One statement per set of columns that changed."""
    by_columns: defaultdict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        if entry.execution:
            by_columns[frozenset(entry.execution)].append({"own_id": entry.execution_id, **entry.execution})
    table = _EXECUTIONS
    for rows in by_columns.values():
        session.execute(
            update(table).where(table.c.execution_id == bindparam("own_id")),
            rows,
        )


def _project_steps(session: Session, entries: Iterable[Entry]) -> None:
    rows = [
        {"own_id": entry.execution_id, "own_step": step["step_id"]}
        | {name: value for name, value in step.items() if name != "step_id"}
        for entry in entries
        for step in entry.steps
    ]
    if not rows:
        return
    table = _STEPS
    session.execute(
        update(table).where(table.c.execution_id == bindparam("own_id"), table.c.step_id == bindparam("own_step")),
        rows,
    )


def _event_values(event: StoredEvent) -> dict[str, Any]:
    return {
        "execution_id": event.execution_id,
        "seq": event.seq,
        "kind": event.kind.value,
        "timestamp": event.timestamp,
        "data": event.data,
    }
