"""Log lines of executions: their table and what clients read."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Index
from sqlmodel import Field as Column

from renum_app.models.values import JsonColumn, Moment, Read, Row, UtcDateTime, utc_now


class ExecutionLog(Row, table=True):
    __tablename__ = "renum_execution_logs"
    __table_args__ = (Index("ix_renum_execution_logs_execution_seq", "execution_id", "seq"),)

    log_id: UUID = Column(default_factory=uuid4, primary_key=True)
    execution_id: UUID = Column(foreign_key="renum_team_executions.execution_id", ondelete="CASCADE")
    seq: int
    """Of the event it shows."""
    timestamp: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
    level: str
    agent_id: str | None = None
    message: str
    details: dict[str, Any] = Column(default_factory=dict, sa_type=JsonColumn)


class LogRead(Read):
    log_id: UUID
    execution_id: UUID
    timestamp: Moment
    level: str
    agent_id: str | None
    message: str
    details: dict[str, Any]


class LogPage(Read):
    items: list[LogRead]
    total: int
    limit: int
    offset: int
