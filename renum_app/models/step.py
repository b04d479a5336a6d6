"""Steps, one member's turn each: how they stand, their table and what clients read."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlmodel import Field as Column

from renum_app.models.values import Moment, Read, Row, UtcDateTime


class StepStatus(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    WAITING = "waiting"
    COMPLETED = "completed"
    FAILED = "failed"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in FINAL_STEP_STATUSES


FINAL_STEP_STATUSES = frozenset({StepStatus.COMPLETED, StepStatus.FAILED, StepStatus.SKIPPED, StepStatus.CANCELLED})


class Step(Row, table=True):
    """One member's turn."""

    __tablename__ = "renum_execution_steps"

    execution_id: UUID = Column(foreign_key="renum_team_executions.execution_id", primary_key=True, ondelete="CASCADE")
    step_id: str = Column(primary_key=True)
    place: int
    """In the workflow's list, from 0."""
    agent_id: str
    name: str
    role: str
    backend: str
    model: str = ""
    status: str = StepStatus.PENDING
    attempt: int = 0
    reason: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None
    """USD; None is unknown, never free."""
    cost_basis: str = "unknown"
    """`measured`, `estimated`, `reused` or `unknown`."""
    reserved_usd: float = 0.0
    """Worst case of the call under way, where a cap applies."""
    held_usd: float = 0.0
    """Reservations that stay, because nobody measured what was used."""
    started_at: datetime | None = Column(default=None, sa_type=UtcDateTime)
    completed_at: datetime | None = Column(default=None, sa_type=UtcDateTime)


class StepRead(Read):
    step_id: str
    agent_id: str
    name: str
    role: str
    backend: str
    model: str
    status: StepStatus
    attempt: int
    reason: str | None
    error_code: str | None
    error_message: str | None
    input_tokens: int | None
    output_tokens: int | None
    cost_usd: float | None
    cost_basis: str
    started_at: Moment | None
    completed_at: Moment | None
