"""Read shapes of executions, made from their rows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from renum_app.engine.plan import Plan
from renum_app.engine.wiring import wiring
from renum_app.models.agent import Backend
from renum_app.models.approval import ApprovalRead
from renum_app.models.execution import Execution, ExecutionStatus
from renum_app.models.execution_read import ExecutionRead, ExecutionSummary, StatusRead
from renum_app.models.redo import ChildRead, RedoRead
from renum_app.models.step import Step, StepRead, StepStatus


def execution_read(
    execution: Execution, steps: Sequence[Step], *, children: Sequence[Any] = (), approvals: Sequence[Any] = ()
) -> ExecutionRead:
    """The specification's TeamExecution; its plan stays inside.

    Args:
        children: As `repositories.executions.children_of` reads them.
        approvals: As `repositories.approvals.open_of` reads them.
    """
    plan = Plan.model_validate(execution.plan)
    return ExecutionRead.model_validate(
        {
            **{name: getattr(execution, name) for name in ExecutionRead.model_fields if hasattr(execution, name)},
            "team_name": plan.team_name,
            "workflow_type": plan.type.value,
            "wiring": wiring(plan),
            "rehearsal": is_rehearsal(steps),
            "approvals": [ApprovalRead.model_validate(approval) for approval in approvals],
            "steps": [StepRead.model_validate(step) for step in steps],
            "progress": percent(steps),
            "redo": redo_read(execution),
            "children": [_child(row) for row in children],
        }
    )


def redo_read(execution: Execution) -> RedoRead | None:
    """Where an execution that redoes another came from; None for one that was started."""
    if execution.redo is None:
        return None
    saved = {name: execution.cost_metrics[name] for name in ("reused_steps", "saved_cost_usd", "saved_tokens")}
    return RedoRead.model_validate({**execution.redo, **saved})


def _child(row: Any) -> ChildRead:
    told = {"kind": row.redo["kind"], "from_step": row.redo["from_step"]}
    return ChildRead(execution_id=row.execution_id, status=row.status, created_at=row.created_at, **told)


def status_read(
    execution: Execution, steps: Sequence[Step], *, estimated_completion: datetime | None = None
) -> StatusRead:
    return StatusRead.model_validate(
        {
            **{name: getattr(execution, name) for name in StatusRead.model_fields if hasattr(execution, name)},
            "progress": percent(steps),
            "agent_statuses": {step.step_id: StepStatus(step.status) for step in steps},
            "cost_usd": execution.cost_metrics.get("total_cost_usd"),
            "total_tokens": execution.usage_metrics.get("total_tokens", 0),
            "estimated_completion": estimated_completion,
        }
    )


def summary(row: Any, steps: Sequence[Step]) -> ExecutionSummary:
    """One row of a list, from the columns that `repositories.executions.summaries` reads."""
    return ExecutionSummary(
        execution_id=row.execution_id,
        team_id=row.team_id,
        team_name=row.team_name,
        status=ExecutionStatus(row.status),
        waiting_for=row.waiting_for,
        stopping=row.stopping,
        initial_prompt=row.initial_prompt,
        version=row.version,
        parent_execution_id=row.parent_execution_id,
        current_step=row.current_step,
        total_steps=row.total_steps,
        progress=percent(steps),
        step_statuses=[StepStatus(step.status) for step in steps],
        rehearsal=is_rehearsal(steps),
        cost_usd=row.cost_metrics.get("total_cost_usd"),
        total_tokens=row.usage_metrics.get("total_tokens", 0),
        error_code=row.error_code,
        error_message=row.error_message,
        started_at=row.started_at,
        completed_at=row.completed_at,
        created_at=row.created_at,
    )


def percent(steps: Sequence[Step]) -> int:
    """Ended members of a hundred."""
    ended = sum(StepStatus(step.status).is_final for step in steps)
    return 100 * ended // len(steps) if steps else 0


def is_rehearsal(steps: Sequence[Step]) -> bool:
    return all(step.backend == Backend.REHEARSAL.value for step in steps)
