"""Log lines of executions: a view of the events that people read as lines, and what clients get."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Integer, String, TableClause, Uuid, column, table

from renum_app.models.values import JsonColumn, Moment, Read, UtcDateTime

LOGS: TableClause = table(
    "renum_execution_logs",
    column("execution_id", Uuid()),
    column("seq", Integer()),
    column("timestamp", UtcDateTime()),
    column("level", String()),
    column("agent_id", String()),
    column("message", String()),
    column("details", JsonColumn),
)
"""A view, so that a line is stored once: in the event that it shows, which has the same `seq`."""


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


def log_read(*, execution_id: UUID, seq: int, **line: Any) -> LogRead:
    """A line with its id, which is the same each time it is read."""
    return LogRead(log_id=uuid5(execution_id, str(seq)), execution_id=execution_id, **line)
