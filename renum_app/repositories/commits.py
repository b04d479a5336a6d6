"""Group commit: many executions' events and rows in one transaction, each behind the fence of its owner."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError

from renum_app.database import at_once
from renum_app.models.command import Command
from renum_app.models.event import Event, StoredEvent
from renum_app.models.execution import Execution
from renum_app.models.execution_log import ExecutionLog
from renum_app.models.step import Step
from renum_app.models.values import utc_now
from renum_app.repositories import approvals, batches, notifications

_TABLES = Execution.metadata.tables
_EXECUTIONS = _TABLES[Execution.__tablename__]
_EVENTS = _TABLES[Event.__tablename__]
_STEPS = _TABLES[Step.__tablename__]
_LOGS = _TABLES[ExecutionLog.__tablename__]
_COMMANDS = _TABLES[Command.__tablename__]

_NEVER_TAKEN = (IntegrityError, DataError, ArithmeticError, ValueError, TypeError)
"""What a value raises that no column holds; a driver's own refusals, such as of huge integers, come unwrapped."""


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
    approvals: Sequence[dict[str, Any]] = ()
    """New rows, or changed columns, with their `approval_id`."""
    notifications: Sequence[dict[str, Any]] = ()
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
        return await at_once(lambda connection: _append(connection, entries))
    except _NEVER_TAKEN as error:
        raise Refused(type(error).__name__) from error
    except SQLAlchemyError as error:
        if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
            raise Refused(type(error).__name__) from error
        raise NotStored(type(error).__name__) from error


def event_values(event: StoredEvent) -> dict[str, Any]:
    """The row of an event."""
    return {
        "execution_id": event.execution_id,
        "seq": event.seq,
        "kind": event.kind.value,
        "timestamp": event.timestamp,
        "data": event.data,
    }


def _append(connection: Connection, entries: Sequence[Entry]) -> set[UUID]:
    """The fence first: only entries that pass it leave a trace."""
    standing = _standing(connection, entries)
    passed = [entry for entry in entries if standing.get(entry.execution_id) == (entry.expected_seq, entry.epoch)]
    batches.insert(connection, _EVENTS, [event_values(event) for entry in passed for event in entry.events])
    batches.insert(connection, _LOGS, with_ids([log for entry in passed for log in entry.logs]))
    _update_executions(connection, passed)
    steps = [{"execution_id": entry.execution_id, **step} for entry in passed for step in entry.steps]
    batches.update(connection, _STEPS, steps, keys=("execution_id", "step_id"))
    approvals.project(connection, [row for entry in passed for row in entry.approvals])
    notifications.project(connection, [row for entry in passed for row in entry.notifications])
    if handled := [command_id for entry in passed for command_id in entry.handled]:
        connection.execute(update(_COMMANDS).where(_COMMANDS.c.command_id.in_(handled)).values(handled_at=utc_now()))
    # Nobody but an owner writes under the owner's epoch: where the log has just the end it was to get, it got it.
    there = [entry for entry in entries if standing.get(entry.execution_id) == (entry.new_seq, entry.epoch)]
    return {entry.execution_id for entry in (*passed, *there)}


def _standing(connection: Connection, entries: Sequence[Entry]) -> dict[UUID, tuple[int, int]]:
    """Last seq and epoch of the executions; nobody else moves them before the end of the transaction."""
    columns = ("execution_id", "last_seq", "epoch")
    found = batches.locked(connection, _EXECUTIONS, columns, [entry.execution_id for entry in entries])
    return {execution_id: (last_seq, epoch) for execution_id, last_seq, epoch in found}


def _update_executions(connection: Connection, entries: Iterable[Entry]) -> None:
    """One statement per set of columns that changed."""
    by_columns: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for entry in entries:
        row = {"execution_id": entry.execution_id, "last_seq": entry.new_seq, **entry.execution}
        by_columns[tuple(row)].append(row)
    for rows in by_columns.values():
        batches.update(connection, _EXECUTIONS, rows, keys=("execution_id",))


def with_ids(logs: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Random ids; the system's random numbers are asked for once, not for every line."""
    noise = secrets.token_bytes(16 * len(logs))
    return [
        {"log_id": UUID(bytes=noise[16 * place : 16 * place + 16], version=4), **log} for place, log in enumerate(logs)
    ]
