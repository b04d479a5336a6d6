"""What clients read of an execution."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from pydantic import Field

from renum_app.models.approval import ApprovalRead
from renum_app.models.execution import ExecutionStatus, Overrides
from renum_app.models.redo import ChildRead, RedoRead
from renum_app.models.step import StepRead, StepStatus
from renum_app.models.values import Moment, Read


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
    parent_execution_id: UUID | None
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


class Wire(Read):
    """Where a member stands in the workflow that an execution follows."""

    step_id: str
    column: int = Field(description="Its place in time, from 0; members of one column run side by side.")
    reads: list[str] = Field(description="Steps whose results flow into it; none: the prompt alone.")
    is_conditional: bool


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
    wiring: list[Wire] = Field(description="The workflow it follows, one entry per step.")
    rehearsal: bool
    final_result: dict[str, Any] | None
    agent_results: dict[str, Any]
    cost_metrics: dict[str, Any]
    usage_metrics: dict[str, Any]
    steps: list[StepRead]
    approvals: list[ApprovalRead] = Field(description="What it waits for from you.")
    current_step: int
    total_steps: int
    progress: int
    error_code: str | None
    error_message: str | None
    receipt: dict[str, Any] | None
    parent_execution_id: UUID | None
    redo: RedoRead | None = Field(description="How it came from its parent, and what that saved.")
    children: list[ChildRead] = Field(description="The last hundred executions that redo this one, newest first.")
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
    estimated_completion: Moment | None = Field(
        description="From the past of this team's steps; null without one, or while people are waited for."
    )
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


class EventPage(Read):
    items: list[dict[str, Any]] = Field(description="As on the WebSocket, plus `kind`.")
    last_seq: int
