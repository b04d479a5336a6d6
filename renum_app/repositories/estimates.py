"""What estimates rest on: how the steps of a team's last executions went."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from renum_app.models.approval import Approval
from renum_app.models.execution import FINAL_STATUSES, Execution
from renum_app.models.step import Step, StepStatus

_FINAL = [status.value for status in FINAL_STATUSES]


async def past_steps(session: AsyncSession, *, owner: UUID, team_id: UUID, executions: int) -> Sequence[Row[Any]]:
    """Steps that agents completed or that were skipped, in the last so many ended executions of a team."""
    has_run = and_(col(Step.status) == StepStatus.COMPLETED.value, col(Step.attempt) > 0)
    statement = select(
        col(Step.execution_id),
        col(Step.step_id),
        col(Step.agent_id),
        col(Step.backend),
        col(Step.model),
        col(Step.status),
        col(Step.cost_usd),
        col(Step.started_at),
        col(Step.completed_at),
    ).where(
        col(Step.execution_id).in_(_last(owner, team_id, executions)),
        or_(has_run, col(Step.status) == StepStatus.SKIPPED.value),
    )
    rows: Any = (await session.execute(statement)).all()
    return rows


async def last_steps(session: AsyncSession, *, owner: UUID, team_id: UUID, executions: int) -> Sequence[Row[Any]]:
    """How every step of those executions ended, and what it cost."""
    statement = select(col(Step.step_id), col(Step.status), col(Step.backend), col(Step.cost_usd)).where(
        col(Step.execution_id).in_(_last(owner, team_id, executions)), col(Step.attempt) > 0
    )
    rows: Any = (await session.execute(statement)).all()
    return rows


async def past_decisions(session: AsyncSession, *, owner: UUID, team_id: UUID, executions: int) -> Sequence[Row[Any]]:
    """When people were asked about those steps, and when they answered."""
    statement = select(
        col(Approval.execution_id), col(Approval.step_id), col(Approval.created_at), col(Approval.decided_at)
    ).where(
        col(Approval.execution_id).in_(_last(owner, team_id, executions)),
        col(Approval.decided_at).is_not(None),
    )
    rows: Any = (await session.execute(statement)).all()
    return rows


def _last(owner: UUID, team_id: UUID, executions: int) -> Select[UUID]:
    return (
        select(col(Execution.execution_id))
        .where(col(Execution.user_id) == owner, col(Execution.team_id) == team_id, col(Execution.status).in_(_FINAL))
        .order_by(col(Execution.created_at).desc())
        .limit(executions)
    )
