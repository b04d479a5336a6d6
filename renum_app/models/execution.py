"""Executions, their steps, logs and commands: projections of the event log, and what clients read."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import Index
from sqlmodel import Field as Column

from renum_app.models.values import JsonColumn, Moment, Read, Row, Shape, Text, UtcDateTime, utc_now


class ExecutionStatus(StrEnum):
    PENDING = "pending"
    RUNNING = "running"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_final(self) -> bool:
        return self in FINAL_STATUSES


FINAL_STATUSES = frozenset({ExecutionStatus.COMPLETED, ExecutionStatus.FAILED, ExecutionStatus.CANCELLED})


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
        return self in {StepStatus.COMPLETED, StepStatus.FAILED, StepStatus.SKIPPED, StepStatus.CANCELLED}


class CommandKind(StrEnum):
    """What people tell a running execution."""

    STOP = "stop"


class Execution(Row, table=True):
    __tablename__ = "renum_team_executions"
    __table_args__ = (
        Index("ix_renum_team_executions_user_created", "user_id", "created_at"),
        Index("ix_renum_team_executions_status", "status"),
    )

    execution_id: UUID = Column(default_factory=uuid4, primary_key=True)
    team_id: UUID = Column(foreign_key="renum_teams.team_id", index=True)
    user_id: UUID = Column(foreign_key="renum_users.user_id", ondelete="CASCADE")
    status: str = ExecutionStatus.PENDING
    waiting_for: str | None = None
    stopping: bool = False
    initial_prompt: str
    variables: dict[str, Any] = Column(default_factory=dict, sa_type=JsonColumn)
    overrides: dict[str, Any] = Column(default_factory=dict, sa_type=JsonColumn)
    version: int = 1
    """The team's version it pinned."""
    plan: dict[str, Any] = Column(sa_type=JsonColumn)
    """Frozen snapshot of team, workflow and agents; `engine.plan.Plan`."""
    final_result: dict[str, Any] | None = Column(default=None, sa_type=JsonColumn)
    agent_results: dict[str, Any] = Column(default_factory=dict, sa_type=JsonColumn)
    cost_metrics: dict[str, Any] = Column(default_factory=dict, sa_type=JsonColumn)
    usage_metrics: dict[str, Any] = Column(default_factory=dict, sa_type=JsonColumn)
    current_step: int = 0
    total_steps: int = 0
    error_code: str | None = None
    error_message: str | None = None
    receipt: dict[str, Any] | None = Column(default=None, sa_type=JsonColumn)
    parent_execution_id: UUID | None = None
    last_seq: int = 0
    epoch: int = 0
    """Raised by each owner that takes the execution up; fences off stale ones."""
    started_at: datetime | None = Column(default=None, sa_type=UtcDateTime)
    completed_at: datetime | None = Column(default=None, sa_type=UtcDateTime)
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)


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
    """`measured`, `estimated` or `unknown`."""
    started_at: datetime | None = Column(default=None, sa_type=UtcDateTime)
    completed_at: datetime | None = Column(default=None, sa_type=UtcDateTime)


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


class Command(Row, table=True):
    """An order to a running execution, folded in by its owner."""

    __tablename__ = "renum_execution_commands"

    command_id: UUID = Column(default_factory=uuid4, primary_key=True)
    execution_id: UUID = Column(foreign_key="renum_team_executions.execution_id", index=True, ondelete="CASCADE")
    kind: str
    payload: dict[str, Any] = Column(default_factory=dict, sa_type=JsonColumn)
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
    handled_at: datetime | None = Column(default=None, sa_type=UtcDateTime)


class Overrides(Shape):
    """What one execution changes of its team's configuration."""

    max_cost_usd: float | None = Field(default=None, ge=0)
    max_tokens: int | None = Field(default=None, ge=1)
    timeout: float | None = Field(
        default=None, gt=0, le=604_800, description="Seconds; time spent waiting for people is free."
    )
    rehearsal: bool = Field(default=False, description="Run every member as a rehearsal: no key, no network, no cost.")


class ExecuteRequest(Shape):
    initial_prompt: Text = Field(min_length=1, description="What the team is to do.")
    variables: dict[Text, Any] = Field(default={}, description="Become `global_variables` of the context.")
    overrides: Overrides = Field(default_factory=Overrides)


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


class ExecutionSummary(Read):
    """One row of a list of executions."""

    execution_id: UUID
    team_id: UUID
    team_name: str
    status: ExecutionStatus
    waiting_for: str | None
    stopping: bool
    initial_prompt: str
    version: int
    current_step: int
    total_steps: int
    progress: int
    step_statuses: list[StepStatus] = Field(description="In the workflow's order.")
    rehearsal: bool
    cost_usd: float | None
    total_tokens: int
    error_code: str | None
    error_message: str | None
    started_at: Moment | None
    completed_at: Moment | None
    created_at: Moment


class ExecutionRead(Read):
    """The specification's TeamExecution, and what the design adds."""

    execution_id: UUID
    team_id: UUID
    team_name: str
    user_id: UUID
    status: ExecutionStatus
    waiting_for: str | None
    stopping: bool
    initial_prompt: str
    variables: dict[str, Any]
    overrides: Overrides
    version: int
    workflow_type: str
    rehearsal: bool
    final_result: dict[str, Any] | None
    agent_results: dict[str, Any]
    cost_metrics: dict[str, Any]
    usage_metrics: dict[str, Any]
    steps: list[StepRead]
    current_step: int
    total_steps: int
    progress: int
    error_code: str | None
    error_message: str | None
    receipt: dict[str, Any] | None
    parent_execution_id: UUID | None
    last_seq: int
    started_at: Moment | None
    completed_at: Moment | None
    created_at: Moment


class StatusRead(Read):
    """Body of `GET /executions/{id}/status`, and the WebSocket's snapshot."""

    execution_id: UUID
    team_id: UUID
    status: ExecutionStatus
    waiting_for: str | None
    stopping: bool
    progress: int
    current_step: int
    total_steps: int
    agent_statuses: dict[str, StepStatus]
    cost_usd: float | None
    total_tokens: int
    started_at: Moment | None
    estimated_completion: Moment | None
    error_code: str | None
    error_message: str | None
    last_seq: int


class ResultRead(Read):
    execution_id: UUID
    status: ExecutionStatus
    final_result: dict[str, Any] | None
    agent_results: dict[str, Any]
    cost_metrics: dict[str, Any]
    usage_metrics: dict[str, Any]
    error_code: str | None
    error_message: str | None
    receipt: dict[str, Any] | None


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


class EventPage(Read):
    items: list[dict[str, Any]] = Field(description="As on the WebSocket, plus `kind`.")
    last_seq: int


class PeriodRead(Read):
    """Figures of the executions created in one period."""

    executions: int
    completed: int
    ended: int
    cost_usd: float | None = Field(description="Known costs; null when none is known.")
    median_seconds: float | None


class DayRead(Read):
    """Executions created on one day, in UTC."""

    date: str = Field(description="YYYY-MM-DD.")
    completed: int
    failed: int
    others: int = Field(description="Stopped, running or queued.")


class OverviewRead(Read):
    """What the dashboard shows of a person's executions."""

    running: int
    waiting: int
    last_7_days: PeriodRead
    previous_7_days: PeriodRead
    days: list[DayRead] = Field(description="The last 14 days, the oldest first.")
