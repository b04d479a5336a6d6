"""Executions: how they stand, what starts one, and their table, a projection of the event log."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import Index
from sqlmodel import Field as Column

from renum_app.models.values import JsonColumn, Row, Shape, Text, UtcDateTime, utc_now


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


class Execution(Row, table=True):
    __tablename__ = "renum_team_executions"
    __table_args__ = (
        Index("ix_renum_team_executions_user_created", "user_id", "created_at"),
        Index("ix_renum_team_executions_user_completed", "user_id", "completed_at"),
        Index("ix_renum_team_executions_status", "status"),
        Index("ix_renum_team_executions_wake_at", "wake_at"),
        Index("ix_renum_team_executions_parent", "parent_execution_id"),
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
    """The execution this one redoes, wholly or from a step on."""
    redo: dict[str, Any] | None = Column(default=None, sa_type=JsonColumn)
    """How: `kind` (retry, fork, resume), `from_step` and what was changed; `models.redo.RedoRead`."""
    parked: bool = False
    """It waits and runs nowhere; a command or `wake_at` brings it back."""
    wake_at: datetime | None = Column(default=None, sa_type=UtcDateTime)
    """When a parked execution has something to do by itself; None: only a person's decision wakes it."""
    last_seq: int = 0
    epoch: int = 0
    """Raised by each owner that takes the execution up; fences off stale ones."""
    started_at: datetime | None = Column(default=None, sa_type=UtcDateTime)
    completed_at: datetime | None = Column(default=None, sa_type=UtcDateTime)
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)


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
