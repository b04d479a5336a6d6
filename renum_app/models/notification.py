"""Notifications: what happened to a person's executions while they may have looked elsewhere."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field as Column

from renum_app.models.values import JsonColumn, Moment, Read, Row, UtcDateTime, utc_now


class NotificationKind(StrEnum):
    FAILED = "failed"
    APPROVAL = "approval"
    """A step waits for the person."""
    BUDGET = "budget"
    """An execution has used 80 % of its own cap."""
    MONTH = "month"
    """80 % of a month budget are used."""
    STALLED = "stalled"
    FINISHED = "finished"
    """It took long enough that nobody was looking any more."""


class Notification(Row, table=True):
    """One thing a person should know; a projection of the event log, told once."""

    __tablename__ = "renum_notifications"
    __table_args__ = (
        UniqueConstraint("user_id", "once", name="uq_renum_notifications_once"),
        Index("ix_renum_notifications_user_created", "user_id", "created_at"),
    )

    notification_id: UUID = Column(default_factory=uuid4, primary_key=True)
    user_id: UUID = Column(foreign_key="renum_users.user_id", ondelete="CASCADE")
    execution_id: UUID = Column(foreign_key="renum_team_executions.execution_id", index=True, ondelete="CASCADE")
    kind: str
    once: str
    """What it is about: a second one of the same is dropped."""
    params: dict[str, Any] = Column(default_factory=dict, sa_type=JsonColumn)
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
    read_at: datetime | None = Column(default=None, sa_type=UtcDateTime)


class NotificationRead(Read):
    notification_id: UUID
    kind: NotificationKind
    execution_id: UUID
    team_id: UUID
    team_name: str
    message: str = Field(description="An English sentence; `notifications.<kind>` and `params` say it in any language.")
    params: dict[str, Any]
    created_at: Moment
    read_at: Moment | None
