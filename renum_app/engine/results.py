"""What a team has to show at its end: the final result, conflicts of writes, a stop's receipt. Pure."""

from __future__ import annotations

from typing import Any

from renum_app.engine.inputs import context_for
from renum_app.engine.plan import Brief, Plan, PlannedStep
from renum_app.engine.progress import Progress
from renum_app.models.workflow import WorkflowType

_EXCERPT_CHARS = 20_000


def final_result(plan: Plan, brief: Brief, progress: Progress) -> dict[str, Any]:
    """Summary, details and contributions of a completed execution."""
    return {
        "summary": summary(plan, progress),
        "details": {
            "workflow_type": plan.type.value,
            "shared_context": dict(context_for(plan, brief, progress, None).shared_context),
            "steps": [_seat(step, progress) for step in plan.steps],
            "warnings": list(progress.warnings),
        },
        "agent_contributions": {step.step_id: _contribution(step, progress) for step in progress.completed(plan.steps)},
    }


def summary(plan: Plan, progress: Progress) -> str:
    """The coordinator's output; else the last completed step's, or a digest of parallel branches."""
    completed = progress.completed(plan.steps)
    if coordinator := next((step for step in completed if step.is_coordinator), None):
        return progress.of(coordinator).output or ""
    if plan.type is WorkflowType.PARALLEL and len(completed) > 1:
        return "\n\n".join(f"## {step.name}\n\n{progress.of(step).output}" for step in completed)
    return progress.of(completed[-1]).output or "" if completed else ""


def write_conflicts(plan: Plan, progress: Progress, step: PlannedStep) -> list[dict[str, Any]]:
    """Keys that members running together with `step` wrote to more than once, when it is the last of them to end."""
    together = plan.branches if plan.type is WorkflowType.PARALLEL else _group_of(plan, step)
    if step not in together or not all(progress.of(other).status.is_final for other in together):
        return []
    writers: dict[str, list[PlannedStep]] = {}
    for other in progress.completed(together):
        for key in progress.of(other).writes.values:
            writers.setdefault(key, []).append(other)
    return [
        {"key": key, "agents": ", ".join(other.name for other in group), "winner": group[-1].name}
        for key, group in writers.items()
        if len(group) > 1
    ]


def receipt(
    progress: Progress, *, ended: list[str], cut: list[str], spent: Any, unconfirmed: list[str]
) -> dict[str, Any]:
    """What a stop left behind: who had ended before it, who was cut, and who never started."""
    not_started = [step_id for step_id in progress.steps if step_id not in {*ended, *cut}]
    return {
        "finished": ended,
        "cut": cut,
        "not_started": not_started,
        "spent_after_stop": spent,
        "unconfirmed": unconfirmed,
        "ordered_by": progress.stop_ordered_by,
        "reason": progress.stop_reason,
    }


def _group_of(plan: Plan, step: PlannedStep) -> tuple[PlannedStep, ...]:
    return next(group for group in plan.groups if step in group)


def _seat(step: PlannedStep, progress: Progress) -> dict[str, Any]:
    own = progress.of(step)
    return {
        "step_id": step.step_id,
        "name": step.name,
        "role": step.role.value,
        "status": own.status.value,
        "reason": own.reason,
        "attempts": own.attempt,
    }


def _contribution(step: PlannedStep, progress: Progress) -> dict[str, Any]:
    own = progress.of(step)
    output = own.output or ""
    return {
        "agent_id": step.agent.agent_id,
        "name": step.name,
        "role": step.role.value,
        "text": output[:_EXCERPT_CHARS],
        "is_excerpt": len(output) > _EXCERPT_CHARS,
        "tokens": own.tokens,
        "cost_usd": own.cost_usd,
    }
