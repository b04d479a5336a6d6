"""Claims: becoming the owner of executions, many in one transaction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from renum_app.database import at_once
from renum_app.models.command import Command, Order, order_of
from renum_app.models.event import Event, EventKind, StoredEvent
from renum_app.models.execution import FINAL_STATUSES, Execution
from renum_app.models.step import Step, StepStatus
from renum_app.models.user import User
from renum_app.repositories.commits import NotStored

_TABLES = Execution.metadata.tables
_EXECUTIONS = _TABLES[Execution.__tablename__]
_EVENTS = _TABLES[Event.__tablename__]
_COMMANDS = _TABLES[Command.__tablename__]
_STEPS = _TABLES[Step.__tablename__]
_USERS = _TABLES[User.__tablename__]
_IDS = bindparam("ids", expanding=True)

_TAKE_UP = (
    update(_EXECUTIONS)
    .where(
        _EXECUTIONS.c.execution_id.in_(_IDS), _EXECUTIONS.c.status.not_in([status.value for status in FINAL_STATUSES])
    )
    .values(epoch=_EXECUTIONS.c.epoch + 1)
    .returning(
        _EXECUTIONS.c.execution_id,
        _EXECUTIONS.c.user_id,
        _EXECUTIONS.c.plan,
        _EXECUTIONS.c.initial_prompt,
        _EXECUTIONS.c.variables,
        _EXECUTIONS.c.last_seq,
        _EXECUTIONS.c.epoch,
    )
)
# A statement of its own: in what SQLite returns from an update, names of tables are left out, so that a subquery there
# would compare a column with itself.
_BUDGETS = select(_USERS.c.user_id, _USERS.c.monthly_budget_usd).where(_USERS.c.user_id.in_(_IDS))
_FREE = (
    update(_STEPS)
    .where(_STEPS.c.execution_id.in_(_IDS), _STEPS.c.status != StepStatus.RUNNING.value, _STEPS.c.reserved_usd != 0)
    .values(reserved_usd=0.0)
)
"""What was reserved for attempts that an earlier owner never put on record; only running steps hold a reservation."""
_LOG = (
    select(_EVENTS.c.execution_id, _EVENTS.c.seq, _EVENTS.c.kind, _EVENTS.c.timestamp, _EVENTS.c.data)
    .where(_EVENTS.c.execution_id.in_(_IDS))
    .order_by(_EVENTS.c.execution_id, _EVENTS.c.seq)
)
_ORDERS = (
    select(_COMMANDS)
    .where(_COMMANDS.c.execution_id.in_(_IDS), _COMMANDS.c.handled_at.is_(None))
    .order_by(_COMMANDS.c.created_at)
)


@dataclass(frozen=True, slots=True)
class Claim:
    """An execution with its whole log, as its new owner takes it up."""

    execution_id: UUID
    user_id: UUID
    plan: Mapping[str, Any]
    prompt: str
    variables: Mapping[str, Any]
    last_seq: int
    epoch: int
    events: list[StoredEvent]
    """Left out where there is only the first, which says no more than the execution's row."""
    orders: list[Order]
    """Those that wait, oldest first."""
    monthly_budget_usd: float | None
    """The person's cap for a calendar month."""


async def take_up(execution_ids: Sequence[UUID]) -> dict[UUID, Claim]:
    """Become the owner of executions; those that have ended or are gone are left out.

    Raises:
        NotStored: The database could not do it now.
    """
    try:
        return await at_once(lambda connection: _claim(connection, execution_ids))
    except SQLAlchemyError as error:
        raise NotStored(type(error).__name__) from error


def _claim(connection: Connection, execution_ids: Sequence[UUID]) -> dict[UUID, Claim]:
    rows = connection.execute(_TAKE_UP, {"ids": execution_ids}).all()
    if not rows:
        return {}
    under_way = [row.execution_id for row in rows if row.last_seq > 1]
    if under_way:
        connection.execute(_FREE, {"ids": under_way})
    logs = _logs(connection, under_way)
    found = connection.execute(_BUDGETS, {"ids": list({row.user_id for row in rows})})
    budgets: dict[UUID, float | None] = {row.user_id: row.monthly_budget_usd for row in found}
    orders: defaultdict[UUID, list[Order]] = defaultdict(list)
    for order in connection.execute(_ORDERS, {"ids": [row.execution_id for row in rows]}).mappings():
        orders[order["execution_id"]].append(order_of(Command(**order)))
    return {
        row.execution_id: Claim(
            execution_id=row.execution_id,
            user_id=row.user_id,
            plan=row.plan,
            prompt=row.initial_prompt,
            variables=row.variables,
            last_seq=row.last_seq,
            epoch=row.epoch,
            events=logs.get(row.execution_id, []),
            orders=orders.get(row.execution_id, []),
            monthly_budget_usd=budgets[row.user_id],
        )
        for row in rows
    }


def _logs(connection: Connection, execution_ids: Sequence[UUID]) -> dict[UUID, list[StoredEvent]]:
    logs: dict[UUID, list[StoredEvent]] = {execution_id: [] for execution_id in execution_ids}
    for execution_id, seq, kind, timestamp, data in connection.execute(_LOG, {"ids": execution_ids}) if logs else ():
        logs[execution_id].append(StoredEvent(execution_id, seq, EventKind(kind), timestamp, data))
    return logs
