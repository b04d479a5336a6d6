"""Executions, their steps and logs; whoever reads for a person gives the owner."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, RowMapping, func, or_, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from renum_app.database import reading
from renum_app.errors import NotFound
from renum_app.models.execution import FINAL_STATUSES, Execution, ExecutionStatus
from renum_app.models.execution_log import LOGS
from renum_app.models.step import Step
from renum_app.models.team import Team

log = logging.getLogger(__name__)

_FINAL = [status.value for status in FINAL_STATUSES]

_MOST_CHILDREN = 100

_SUMMARY = (
    col(Execution.execution_id),
    col(Execution.team_id),
    col(Team.name).label("team_name"),
    col(Execution.status),
    col(Execution.waiting_for),
    col(Execution.stopping),
    col(Execution.initial_prompt),
    col(Execution.version),
    col(Execution.parent_execution_id),
    col(Execution.current_step),
    col(Execution.total_steps),
    col(Execution.cost_metrics),
    col(Execution.usage_metrics),
    col(Execution.error_code),
    col(Execution.error_message),
    col(Execution.started_at),
    col(Execution.completed_at),
    col(Execution.created_at),
)
"""What a list shows; plans and results stay in the database."""


@dataclass(frozen=True)
class Filter:
    """Which executions a list is about."""

    status: ExecutionStatus | None = None
    team_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    search: str = ""


async def add(session: AsyncSession, execution: Execution, steps: Sequence[Step]) -> None:
    session.add(execution)
    await session.flush()
    session.add_all(steps)
    await session.flush()


async def require(session: AsyncSession, *, owner: UUID, execution_id: UUID) -> Execution:
    """The owner's execution.

    Raises:
        NotFound: There is none, or it is somebody else's.
    """
    statement = select(Execution).where(col(Execution.execution_id) == execution_id, col(Execution.user_id) == owner)
    found = (await session.execute(statement)).scalar_one_or_none()
    if found is None:
        raise NotFound
    return found


async def children_of(session: AsyncSession, execution_id: UUID) -> Sequence[Row[Any]]:
    """What was redone from an execution last, newest first."""
    statement = (
        select(col(Execution.execution_id), col(Execution.redo), col(Execution.status), col(Execution.created_at))
        .where(col(Execution.parent_execution_id) == execution_id)
        .order_by(col(Execution.created_at).desc(), col(Execution.execution_id))
        .limit(_MOST_CHILDREN)
    )
    rows: Any = (await session.execute(statement)).all()
    return rows


async def unfinished(session: AsyncSession) -> list[tuple[UUID, UUID]]:
    """Execution and user of everything that has not ended and is not parked, oldest first."""
    statement = (
        select(col(Execution.execution_id), col(Execution.user_id))
        .where(col(Execution.status).not_in(_FINAL), col(Execution.parked).is_(False))
        .order_by(col(Execution.created_at))
    )
    return [(execution_id, user_id) for execution_id, user_id in await session.execute(statement)]


async def awake(now: datetime) -> list[tuple[UUID, UUID]]:
    """Execution and user of those that are parked until now or longer; none while the database cannot say."""
    statement = (
        select(col(Execution.execution_id), col(Execution.user_id))
        .where(col(Execution.wake_at) <= now, col(Execution.parked).is_(True), col(Execution.status).not_in(_FINAL))
        .order_by(col(Execution.wake_at))
    )
    try:
        async with reading() as session:
            return [(execution_id, user_id) for execution_id, user_id in await session.execute(statement)]
    except SQLAlchemyError:
        log.warning("Parked executions could not be read", extra={"action": "parked_not_read"}, exc_info=True)
        return []


async def count_unfinished(session: AsyncSession, owner: UUID) -> dict[str, int]:
    """How many of the owner's executions are pending and running."""
    statement = (
        select(col(Execution.status), func.count())
        .where(col(Execution.user_id) == owner, col(Execution.status).not_in(_FINAL))
        .group_by(col(Execution.status))
    )
    return {row[0]: row[1] for row in await session.execute(statement)}


async def costs_unfinished(session: AsyncSession, owner: UUID) -> list[dict[str, Any]]:
    """The cost metrics of the owner's executions that have not ended."""
    statement = select(col(Execution.cost_metrics)).where(
        col(Execution.user_id) == owner, col(Execution.status).not_in(_FINAL)
    )
    return list((await session.execute(statement)).scalars())


async def steps_of(session: AsyncSession, execution_ids: Sequence[UUID]) -> dict[UUID, list[Step]]:
    """The steps of these executions, in the workflow's order."""
    statement = select(Step).where(col(Step.execution_id).in_(execution_ids)).order_by(col(Step.place))
    steps: dict[UUID, list[Step]] = {execution_id: [] for execution_id in execution_ids}
    for step in (await session.execute(statement)).scalars():
        steps[step.execution_id].append(step)
    return steps


async def summaries(
    session: AsyncSession, owner: UUID, wanted: Filter, *, page: int, limit: int
) -> tuple[Sequence[Row[Any]], int]:
    """One page of the owner's executions, newest first, and how many there are."""
    where = _conditions(owner, wanted)
    base = select(*_SUMMARY).join(Team, col(Team.team_id) == col(Execution.team_id)).where(*where)
    newest = base.order_by(col(Execution.created_at).desc(), col(Execution.execution_id))
    rows: Any = (await session.execute(newest.limit(limit).offset((page - 1) * limit))).all()
    counted = select(func.count()).select_from(Execution)
    total = counted.join(Team, col(Team.team_id) == col(Execution.team_id)).where(*where)
    return rows, (await session.execute(total)).scalar_one()


async def logs(
    session: AsyncSession, execution_id: UUID, *, level: str | None, agent_id: str | None, limit: int, offset: int
) -> tuple[Sequence[RowMapping], int]:
    """One part of an execution's log lines, oldest first, and how many there are."""
    where = [LOGS.c.execution_id == execution_id]
    if level:
        where.append(LOGS.c.level == level)
    if agent_id:
        where.append(LOGS.c.agent_id == agent_id)
    oldest = select(*LOGS.c).where(*where).order_by(LOGS.c.seq).limit(limit).offset(offset)
    found = (await session.execute(oldest)).mappings().all()
    total = await session.execute(select(func.count()).select_from(LOGS).where(*where))
    return found, total.scalar_one()


async def figures_since(session: AsyncSession, owner: UUID, since: datetime) -> Sequence[Row[Any]]:
    """Status, costs and times of the owner's executions that were created since then."""
    statement = select(
        col(Execution.status),
        col(Execution.cost_metrics),
        col(Execution.started_at),
        col(Execution.completed_at),
        col(Execution.created_at),
    ).where(col(Execution.user_id) == owner, col(Execution.created_at) >= since)
    rows: Any = (await session.execute(statement)).all()
    return rows


async def has_ended_by(session: AsyncSession, execution_id: UUID, seq: int) -> bool:
    """Whether an execution has ended, or is gone, and its log goes no further than `seq`."""
    statement = select(col(Execution.status), col(Execution.last_seq)).where(
        col(Execution.execution_id) == execution_id
    )
    row = (await session.execute(statement)).one_or_none()
    return row is None or (row[0] in _FINAL and row[1] <= seq)


def _conditions(owner: UUID, wanted: Filter) -> list[Any]:
    where: list[Any] = [col(Execution.user_id) == owner]
    if wanted.status:
        where.append(col(Execution.status) == wanted.status.value)
    if wanted.team_id:
        where.append(col(Execution.team_id) == wanted.team_id)
    if wanted.since:
        where.append(col(Execution.created_at) >= wanted.since)
    if wanted.until:
        where.append(col(Execution.created_at) < wanted.until)
    if wanted.search:
        text = wanted.search
        where.append(
            or_(
                col(Execution.initial_prompt).icontains(text, autoescape=True),
                col(Team.name).icontains(text, autoescape=True),
            )
        )
    return where
