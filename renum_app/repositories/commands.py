"""Commands: orders to running executions, waiting for their owner to fold them in."""

from __future__ import annotations

import logging
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from renum_app.database import reading
from renum_app.models.command import Command, CommandKind, StopOrder
from renum_app.models.execution import FINAL_STATUSES, Execution

log = logging.getLogger(__name__)

_FINAL = [status.value for status in FINAL_STATUSES]


async def add(session: AsyncSession, execution_id: UUID, kind: CommandKind) -> None:
    """Leave an order, unless the same one is already waiting."""
    waiting = select(Command.command_id).where(  # pyright: ignore[reportCallIssue, reportArgumentType]
        col(Command.execution_id) == execution_id, col(Command.kind) == kind.value, col(Command.handled_at).is_(None)
    )
    if (await session.execute(waiting.limit(1))).first() is None:
        session.add(Command(execution_id=execution_id, kind=kind.value))


async def stop_everything(session: AsyncSession, order: StopOrder) -> list[UUID]:
    """Leave an order to stop with everything that has not ended and has none yet; what these are, oldest first."""
    told = select(col(Command.execution_id)).where(
        col(Command.kind) == CommandKind.STOP.value, col(Command.handled_at).is_(None)
    )
    unfinished = select(col(Execution.execution_id)).where(
        col(Execution.status).not_in(_FINAL),
        col(Execution.stopping).is_(False),
        col(Execution.execution_id).not_in(told),
    )
    found = list(await session.scalars(unfinished.order_by(col(Execution.created_at))))
    payload = asdict(order)
    session.add_all(Command(execution_id=each, kind=CommandKind.STOP.value, payload=payload) for each in found)
    return found


async def waiting_for(session: AsyncSession, execution_id: UUID) -> list[Command]:
    """Orders to one execution that nobody has folded in, oldest first."""
    statement = (
        select(Command)
        .where(col(Command.execution_id) == execution_id, col(Command.handled_at).is_(None))
        .order_by(col(Command.created_at))
    )
    return list((await session.execute(statement)).scalars())


async def executions_with_waiting() -> list[UUID]:
    """Unfinished executions that have orders waiting; none while the database cannot say."""
    try:
        async with reading() as session:
            return await _with_waiting(session)
    except SQLAlchemyError:
        log.warning("Commands could not be read", extra={"action": "commands_not_read"}, exc_info=True)
        return []


async def _with_waiting(session: AsyncSession) -> list[UUID]:
    statement = (
        select(Command.execution_id)  # pyright: ignore[reportCallIssue, reportArgumentType]
        .join(Execution, col(Execution.execution_id) == col(Command.execution_id))
        .where(col(Command.handled_at).is_(None), col(Execution.status).not_in(_FINAL))
        .distinct()
    )
    return list((await session.execute(statement)).scalars())
