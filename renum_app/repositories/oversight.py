"""SQL across everybody, for administrators: people, executions without what is in them, and counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from renum_app.models.api_token import ApiToken
from renum_app.models.execution import FINAL_STATUSES, Execution, ExecutionStatus
from renum_app.models.step import Step
from renum_app.models.team import Team
from renum_app.models.user import Session, User

_FINAL = [status.value for status in FINAL_STATUSES]


@dataclass(frozen=True)
class Doings:
    """What somebody did: the ends of what their account shows of them."""

    last_seen: datetime | None
    unfinished: int
    spent_usd: float
    """Since the moment that was asked about."""


async def people(session: AsyncSession, *, search: str, offset: int, limit: int) -> tuple[list[User], int]:
    """One page of accounts, newest first, and how many there are."""
    where = [or_(*(column.icontains(search, autoescape=True) for column in (col(User.email), col(User.name))))]
    newest = select(User).where(*where).order_by(col(User.created_at).desc(), col(User.user_id))
    rows = await session.scalars(newest.offset(offset).limit(limit))
    total = await session.scalar(select(func.count()).select_from(User).where(*where))
    return list(rows), total or 0


async def doings(session: AsyncSession, user_ids: list[UUID], *, since: datetime) -> dict[UUID, Doings]:
    """What each of these people did last, runs now, and has spent since then."""
    used: list[Any] = [
        *await session.execute(_by_person(Session, func.max(col(Session.last_seen)), user_ids)),
        *await session.execute(_by_person(ApiToken, func.max(col(ApiToken.last_used_at)), user_ids)),
    ]
    seen = {each: max((at for user_id, at in used if user_id == each and at), default=None) for each in user_ids}
    unfinished = _by_person(Execution, func.count(), user_ids).where(col(Execution.status).not_in(_FINAL))
    running: dict[UUID, int] = dict(_pairs(await session.execute(unfinished)))
    spent = func.sum(func.coalesce(col(Step.cost_usd), 0.0) + col(Step.held_usd))
    costs = (
        _by_person(Execution, spent, user_ids)
        .join(Step, col(Step.execution_id) == col(Execution.execution_id))
        .where(col(Step.started_at) >= since)
    )
    paid: dict[UUID, float | None] = dict(_pairs(await session.execute(costs)))
    return {each: Doings(seen[each], running.get(each, 0), paid.get(each) or 0.0) for each in user_ids}


async def executions(
    session: AsyncSession, *, status: ExecutionStatus | None, search: str, offset: int, limit: int
) -> tuple[list[Row[Any]], int]:
    """One page of everybody's executions, newest first, and how many there are; nothing that people or agents wrote
    in them is read."""
    where: list[Any] = [col(Execution.status) == status.value] if status else []
    if search:
        where.append(or_(*(column.icontains(search, autoescape=True) for column in (col(User.email), col(Team.name)))))
    columns = (
        col(Execution.execution_id),
        col(Execution.user_id),
        col(User.email).label("owner"),
        col(Execution.team_id),
        col(Team.name).label("team_name"),
        col(Execution.status),
        col(Execution.waiting_for),
        col(Execution.stopping),
        col(Execution.current_step),
        col(Execution.total_steps),
        col(Execution.cost_metrics),
        col(Execution.usage_metrics),
        col(Execution.error_code),
        col(Execution.started_at),
        col(Execution.completed_at),
        col(Execution.created_at),
    )
    joined = _with_owner(select(*columns)).where(*where)
    newest = joined.order_by(col(Execution.created_at).desc(), col(Execution.execution_id))
    total = await session.scalar(_with_owner(select(func.count()).select_from(Execution)).where(*where))
    return list((await session.execute(newest.offset(offset).limit(limit))).all()), total or 0


async def owner_of(session: AsyncSession, execution_id: UUID) -> UUID | None:
    return await session.scalar(select(col(Execution.user_id)).where(col(Execution.execution_id) == execution_id))


async def unfinished(session: AsyncSession) -> dict[str, int]:
    """How many of everybody's executions have not ended, by status, and how many people's they are."""
    status = select(col(Execution.status), func.count()).where(col(Execution.status).not_in(_FINAL))
    found: dict[str, int] = {row[0]: row[1] for row in await session.execute(status.group_by(col(Execution.status)))}
    not_ended = (col(Execution.status).not_in(_FINAL),)
    parked = select(func.count()).select_from(Execution).where(*not_ended, col(Execution.parked).is_(True))
    people_of = select(func.count(func.distinct(col(Execution.user_id)))).where(*not_ended)
    found["parked"] = await session.scalar(parked) or 0
    found["people"] = await session.scalar(people_of) or 0
    return found


async def count_people(session: AsyncSession) -> int:
    return await session.scalar(select(func.count()).select_from(User)) or 0


def _pairs(rows: Any) -> list[Any]:
    return [tuple(row) for row in rows]


def _by_person(table: Any, value: Any, user_ids: list[UUID]) -> Any:
    owner = col(table.user_id)
    return select(owner, value).where(owner.in_(user_ids)).group_by(owner)


def _with_owner(statement: Any) -> Any:
    with_user = statement.join(User, col(User.user_id) == col(Execution.user_id))
    return with_user.join(Team, col(Team.team_id) == col(Execution.team_id))
