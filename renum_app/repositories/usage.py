"""SQL about what a person's steps have used, added up in groups."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from renum_app.models.agent import Backend
from renum_app.models.execution import Execution
from renum_app.models.step import Step
from renum_app.models.team import Team
from renum_app.models.usage import UsageGroup, UsageRow

MOST_ROWS = 1_000


async def rows(
    session: AsyncSession, owner: UUID, *, group_by: UsageGroup, since: datetime, until: datetime
) -> list[UsageRow]:
    """One row for each group that has steps which were begun in that time."""
    is_unknown = col(Step.cost_usd).is_(None) & (col(Step.held_usd) == 0)
    is_unknown &= col(Step.backend) != Backend.REHEARSAL.value
    key, name = _group(group_by, dialect=session.get_bind().dialect.name)
    cost = func.sum(func.coalesce(col(Step.cost_usd), 0.0) + col(Step.held_usd))
    statement = (
        select(
            key,
            func.max(name),
            func.count(func.distinct(col(Step.execution_id))),
            func.count(),
            func.coalesce(func.sum(col(Step.input_tokens)), 0),
            func.coalesce(func.sum(col(Step.output_tokens)), 0),
            cost,
            func.sum(case((is_unknown, 1), else_=0)),
        )
        .select_from(Execution)
        .join(Step, col(Step.execution_id) == col(Execution.execution_id))
        .join(Team, col(Team.team_id) == col(Execution.team_id))
        .where(col(Execution.user_id) == owner, col(Step.cost_basis) != "reused")
        .where(col(Step.started_at) >= since, col(Step.started_at) < until)
        .group_by(key)
        .order_by(key if group_by is UsageGroup.DAY else cost.desc(), key)
        .limit(MOST_ROWS)
    )
    return [_row(*row) for row in await session.execute(statement)]


def _group(group_by: UsageGroup, *, dialect: str) -> tuple[Any, Any]:
    """What rows are grouped by, and what a group is called."""
    if group_by is UsageGroup.TEAM:
        return col(Execution.team_id), col(Team.name)
    if group_by is UsageGroup.AGENT:
        return col(Step.agent_id), col(Step.name)
    if group_by is UsageGroup.MODEL:
        return col(Step.model), col(Step.model)
    moment = col(Step.started_at)
    in_utc = func.to_char(func.timezone("UTC", moment), "YYYY-MM-DD") if dialect == "postgresql" else func.date(moment)
    return in_utc, in_utc


def _row(
    key: Any, name: str, executions: int, steps: int, read: int, written: int, cost: float, unknown: int
) -> UsageRow:
    return UsageRow(
        key=str(key),
        name=name,
        executions=executions,
        steps=steps,
        input_tokens=read,
        output_tokens=written,
        cost_usd=None if unknown == steps else cost,
        unknown_steps=unknown,
    )
