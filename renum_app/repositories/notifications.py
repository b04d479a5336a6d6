"""Notifications: written with the events they are about; whoever reads gives the person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from renum_app.errors import NotFound
from renum_app.models.execution import Execution
from renum_app.models.notification import Notification
from renum_app.models.team import Team

_TABLE = Notification.metadata.tables[Notification.__tablename__]

_READ = (
    *(col(getattr(Notification, column.name)) for column in _TABLE.columns if column.name not in {"user_id", "once"}),
    col(Execution.team_id),
    col(Team.name).label("team_name"),
)


def project(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    """Store what a person has not been told yet."""
    if not rows:
        return
    dialect: Any = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(_TABLE).on_conflict_do_nothing(index_elements=["user_id", "once"])
    connection.execute(statement, list(rows))


async def page(
    session: AsyncSession, owner: UUID, *, unread_only: bool, offset: int, limit: int
) -> tuple[Sequence[Row[Any]], int]:
    """One page of the person's notifications, newest first, and how many there are."""
    where = [col(Notification.user_id) == owner, *([col(Notification.read_at).is_(None)] if unread_only else [])]
    newest = _reading().where(*where).order_by(col(Notification.created_at).desc(), col(Notification.notification_id))
    rows: Any = (await session.execute(newest.limit(limit).offset(offset))).all()
    total = await session.execute(select(func.count()).select_from(Notification).where(*where))
    return rows, total.scalar_one()


async def require(session: AsyncSession, *, owner: UUID, notification_id: UUID) -> Row[Any]:
    """The person's notification.

    Raises:
        NotFound: There is none, or it is somebody else's.
    """
    statement = _reading().where(
        col(Notification.notification_id) == notification_id, col(Notification.user_id) == owner
    )
    found = (await session.execute(statement)).one_or_none()
    if found is None:
        raise NotFound
    return found


async def mark_read(session: AsyncSession, owner: UUID, *, at: datetime, notification_id: UUID | None = None) -> None:
    """One of the person's notifications, or all of them; the first time it was read stays."""
    where = [col(Notification.user_id) == owner, col(Notification.read_at).is_(None)]
    if notification_id is not None:
        where.append(col(Notification.notification_id) == notification_id)
    await session.execute(update(Notification).where(*where).values(read_at=at))


async def count_unread(session: AsyncSession, owner: UUID) -> int:
    where = (col(Notification.user_id) == owner, col(Notification.read_at).is_(None))
    return (await session.execute(select(func.count()).select_from(Notification).where(*where))).scalar_one()


def _reading() -> Select[Any]:
    return (
        select(*_READ)
        .join(Execution, col(Execution.execution_id) == col(Notification.execution_id))
        .join(Team, col(Team.team_id) == col(Execution.team_id))
    )
