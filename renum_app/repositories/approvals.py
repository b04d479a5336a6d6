"""Approvals: a projection of the event logs; whoever reads for a person gives the owner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, bindparam, func, insert, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from renum_app.errors import NotFound
from renum_app.models.approval import Approval, ApprovalStatus
from renum_app.models.execution import Execution
from renum_app.models.step import Step
from renum_app.models.team import Team

_TABLE = Approval.metadata.tables[Approval.__tablename__]

_READ = (
    *(col(getattr(Approval, column.name)) for column in _TABLE.columns if column.name != "user_id"),
    col(Execution.team_id),
    col(Team.name).label("team_name"),
    col(Step.name).label("agent_name"),
)


def project(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Store approvals that were asked for, and what became of others, in the order it happened.

    Args:
        rows: Each with its `approval_id`; one with `created_at` is new.
    """
    for row in rows:
        if "created_at" in row:
            connection.execute(insert(_TABLE), [row])
            continue
        changes = {name: value for name, value in row.items() if name != "approval_id"}
        statement = update(_TABLE).where(_TABLE.c.approval_id == bindparam("own_id"))
        connection.execute(statement, [{"own_id": row["approval_id"], **changes}])


async def page(
    session: AsyncSession, owner: UUID, *, status: ApprovalStatus, offset: int, limit: int
) -> tuple[Sequence[Row[Any]], int]:
    """One page of the owner's approvals, newest first, and how many there are."""
    where = (col(Approval.user_id) == owner, col(Approval.status) == status.value)
    newest = _reading().where(*where).order_by(col(Approval.created_at).desc(), col(Approval.approval_id))
    rows: Any = (await session.execute(newest.limit(limit).offset(offset))).all()
    total = await session.execute(select(func.count()).select_from(Approval).where(*where))
    return rows, total.scalar_one()


async def require(session: AsyncSession, *, owner: UUID, approval_id: UUID) -> Row[Any]:
    """The owner's approval, with the names a person knows it by.

    Raises:
        NotFound: There is none, or it is somebody else's.
    """
    statement = _reading().where(col(Approval.approval_id) == approval_id, col(Approval.user_id) == owner)
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        raise NotFound
    return found


async def lock(session: AsyncSession, approval_id: UUID) -> None:
    """Let nobody else decide about its execution, or the engine go on with that, until the transaction ends.

    The execution is locked, not the approval: that is where the engine begins, too.
    """
    execution_id = select(col(Approval.execution_id)).where(col(Approval.approval_id) == approval_id).scalar_subquery()
    await session.execute(
        select(col(Execution.epoch)).where(col(Execution.execution_id) == execution_id).with_for_update()
    )


async def open_of(session: AsyncSession, execution_id: UUID) -> Sequence[Row[Any]]:
    """What an execution waits for, oldest first."""
    is_open = col(Approval.status) == ApprovalStatus.OPEN.value
    statement = _reading().where(col(Approval.execution_id) == execution_id, is_open)
    rows: Any = (await session.execute(statement.order_by(col(Approval.created_at), col(Approval.step_id)))).all()
    return rows


async def count_open(session: AsyncSession, owner: UUID) -> int:
    """How many decisions wait for the owner."""
    where = (col(Approval.user_id) == owner, col(Approval.status) == ApprovalStatus.OPEN.value)
    return (await session.execute(select(func.count()).select_from(Approval).where(*where))).scalar_one()


def _reading() -> Select[Any]:
    return (
        select(*_READ)
        .join(Execution, col(Execution.execution_id) == col(Approval.execution_id))
        .join(Team, col(Team.team_id) == col(Execution.team_id))
        .join(
            Step, (col(Step.execution_id) == col(Approval.execution_id)) & (col(Step.step_id) == col(Approval.step_id))
        )
    )
