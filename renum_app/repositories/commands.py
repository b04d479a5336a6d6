"""Commands: orders to running executions, waiting for their owner to fold them in."""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from renum_app.database import reading
from renum_app.models.command import Command, CommandKind, Order, StopOrder, order_of
from renum_app.models.execution import FINAL_STATUSES, Execution

log = logging.getLogger(__name__)

_FINAL = [status.value for status in FINAL_STATUSES]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An execution that has orders nobody has folded in."""

    execution_id: UUID
    user_id: UUID
    is_stop: bool


async def add(session: AsyncSession, execution_id: UUID, kind: CommandKind) -> None:
    """Leave an order, unless the same one is already waiting."""
    if (await session.execute(_waiting(execution_id, kind))).first() is None:
        session.add(Command(execution_id=execution_id, kind=kind.value))


async def stop_everything(session: AsyncSession, order: StopOrder, *, owner: UUID | None = None) -> list[UUID]:
    """Leave an order to stop with everything that has not ended and has none yet; what these are, oldest first.

    Args:
        owner: Only with this person's.
    """
    told = select(col(Command.execution_id)).where(
        col(Command.kind) == CommandKind.STOP.value, col(Command.handled_at).is_(None)
    )
    unfinished = select(col(Execution.execution_id)).where(
        col(Execution.status).not_in(_FINAL),
        col(Execution.stopping).is_(False),
        col(Execution.execution_id).not_in(told),
        *([col(Execution.user_id) == owner] if owner else []),
    )
    found = list(await session.scalars(unfinished.order_by(col(Execution.created_at))))
    payload = asdict(order)
    session.add_all(Command(execution_id=each, kind=CommandKind.STOP.value, payload=payload) for each in found)
    return found


async def add_decision(session: AsyncSession, execution_id: UUID, approval_id: UUID, payload: dict[str, Any]) -> bool:
    """Leave a decision; False when one on the same approval was left before."""
    if await session.get(Command, approval_id):
        return False
    kind = CommandKind.DECIDE.value
    session.add(Command(command_id=approval_id, execution_id=execution_id, kind=kind, payload=payload))
    return True


async def waiting_for(session: AsyncSession, execution_id: UUID) -> list[Order]:
    """Orders to one execution that nobody has folded in, oldest first."""
    is_waiting = (col(Command.execution_id) == execution_id, col(Command.handled_at).is_(None))
    statement = select(Command).where(*is_waiting).order_by(col(Command.created_at))
    return [order_of(command) for command in (await session.execute(statement)).scalars()]


async def is_stop_waiting(session: AsyncSession, execution_id: UUID) -> bool:
    """Whether an order to stop has not been folded in yet."""
    return (await session.execute(_waiting(execution_id, CommandKind.STOP))).first() is not None


async def executions_with_waiting() -> list[Waiting]:
    """Unfinished executions that have orders waiting; none while the database cannot say."""
    try:
        async with reading() as session:
            return await _with_waiting(session)
    except SQLAlchemyError:
        log.warning("Commands could not be read", extra={"action": "commands_not_read"}, exc_info=True)
        return []


async def _with_waiting(session: AsyncSession) -> list[Waiting]:
    statement = (
        select(col(Command.execution_id), col(Execution.user_id), col(Command.kind))
        .join(Execution, col(Execution.execution_id) == col(Command.execution_id))
        .where(col(Command.handled_at).is_(None), col(Execution.status).not_in(_FINAL))
        .order_by(col(Command.created_at))
    )
    found: dict[UUID, Waiting] = {}
    for execution_id, user_id, kind in await session.execute(statement):
        is_stop = kind == CommandKind.STOP.value or (execution_id in found and found[execution_id].is_stop)
        found[execution_id] = Waiting(execution_id, user_id, is_stop)
    return list(found.values())


def _waiting(execution_id: UUID, kind: CommandKind) -> Select[Any]:
    return (
        select(col(Command.command_id))
        .where(
            col(Command.execution_id) == execution_id,
            col(Command.kind) == kind.value,
            col(Command.handled_at).is_(None),
        )
        .limit(1)
    )
