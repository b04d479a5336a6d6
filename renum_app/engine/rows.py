"""The rows of an execution as its progress wants them: the projections of the event log. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from renum_app.engine.costs import sum_of
from renum_app.engine.plan import Plan, PlannedStep
from renum_app.engine.progress import Progress, StepProgress
from renum_app.models.approval import ApprovalMoment, ApprovalStatus, Verdict
from renum_app.models.event import EventKind, StoredEvent
from renum_app.models.step import StepStatus

Values = dict[str, Any]


def execution_values(plan: Plan, progress: Progress) -> Values:
    """Every column of `renum_team_executions` that events change, but `last_seq`."""
    return {
        **_standing(progress),
        "agent_results": agent_results(plan, progress),
        "cost_metrics": cost_metrics(progress),
        "usage_metrics": usage_metrics(progress),
    }


def next_values(plan: Plan, progress: Progress, *, before: Values, touched: Collection[str]) -> Values:
    """`execution_values` where it is known what they were before events about these steps; what holds still is kept."""
    values = {**before, **_standing(progress)}
    if ended := {step_id for step_id in touched if progress.steps[step_id].status.is_final}:
        kept = before["agent_results"]
        values["agent_results"] = {
            step.step_id: _result(step, progress.of(step)) if step.step_id in ended else kept[step.step_id]
            for step in plan.steps
            if step.step_id in ended or step.step_id in kept
        }
    if any(_counts(progress.steps[step_id]) for step_id in touched) or progress.completed_at:
        values["cost_metrics"], values["usage_metrics"] = cost_metrics(progress), usage_metrics(progress)
    return values


def _standing(progress: Progress) -> Values:
    """The columns that are cheap to say."""
    return {
        "status": progress.status.value,
        "waiting_for": waiting_for(progress),
        "stopping": progress.stopping,
        "parked": progress.is_parked,
        "wake_at": progress.wake_at,
        "final_result": progress.final_result,
        "current_step": progress.current_step,
        "error_code": progress.error_code,
        "error_message": progress.error_message,
        "receipt": progress.receipt,
        "started_at": progress.started_at,
        "completed_at": progress.completed_at,
    }


def step_values(step: StepProgress) -> Values:
    """Every column of `renum_execution_steps` that events change."""
    error = step.error or {}
    return {
        "status": step.status.value,
        "attempt": step.attempt,
        "reason": step.reason,
        "error_code": error.get("code"),
        "error_message": error.get("message"),
        "input_tokens": step.input_tokens,
        "output_tokens": step.output_tokens,
        "cost_usd": step.cost_usd,
        "cost_basis": step.cost_basis,
        "reserved_usd": step.reserved_usd,
        "held_usd": step.held_usd,
        "started_at": step.started_at,
        "completed_at": step.completed_at,
    }


def planned_values(step: PlannedStep) -> Values:
    """What a step's row says before anything has happened."""
    return {
        "step_id": step.step_id,
        "place": step.place,
        "agent_id": step.agent.agent_id,
        "name": step.name,
        "role": step.role.value,
        "backend": step.agent.backend.value,
        "model": step.agent.model,
    }


def approval_values(event: StoredEvent, user_id: UUID) -> Values | None:
    """A new row of `renum_approvals`, or what changes of one, if the event is about an approval."""
    data = event.data
    match event.kind:
        case EventKind.APPROVAL_REQUESTED:
            deadline = data.get("deadline")
            return {
                "approval_id": UUID(data["approval_id"]),
                "execution_id": event.execution_id,
                "user_id": user_id,
                **{name: data[name] for name in ("step_id", "moment", "text", "on_deadline")},
                "status": ApprovalStatus.OPEN.value,
                "deadline": datetime.fromisoformat(deadline) if deadline else None,
                "created_at": event.timestamp,
            }
        case EventKind.APPROVAL_DECIDED:
            told = data["details"]
            is_approved = told["decision"] == Verdict.APPROVE
            status = ApprovalStatus.APPROVED if is_approved else ApprovalStatus.REJECTED
            return {
                "approval_id": UUID(told["approval_id"]),
                "status": status.value,
                "edited_text": told.get("text"),
                "reason": told.get("why"),
                "decided_by": told["by"],
                "decided_at": event.timestamp,
            }
        case EventKind.STEP_CANCELLED if data.get("approval_id"):
            end = {"status": ApprovalStatus.VOID.value, "decided_at": event.timestamp}
            return {"approval_id": UUID(data["approval_id"]), **end}
    return None


def waiting_for(progress: Progress) -> str | None:
    """What holds an execution up in which nothing runs: a person's approval or answer, or a provider's permission."""
    if progress.awaits_people and not progress.is_anything_running:
        asks = {step.approval.moment for step in progress.steps.values() if step.approval}
        return "input" if asks == {ApprovalMoment.INPUT} else "approval"
    waiting = [step for step in progress.steps.values() if step.status is StepStatus.WAITING]
    is_held_up = waiting and not progress.is_anything_running
    return "rate_limit" if is_held_up and any(step.reason == "rate_limit" for step in waiting) else None


def agent_results(plan: Plan, progress: Progress) -> Values:
    """What each ended member has to show, by step id."""
    return {step.step_id: _result(step, progress.of(step)) for step in plan.steps if progress.of(step).status.is_final}


def _result(step: PlannedStep, own: StepProgress) -> Values:
    return {
        "agent_id": step.agent.agent_id,
        "name": step.name,
        "status": own.status.value,
        "text": own.output if own.status is StepStatus.COMPLETED else None,
        "error": own.error if own.status is StepStatus.FAILED else None,
        "reason": own.reason,
    }


def cost_metrics(progress: Progress) -> Values:
    """Costs in USD; the total is null while any part of it is unknown."""
    costs = {step.step_id: step.cost_usd for step in progress.steps.values() if _has_cost(step)}
    known = [Decimal(str(cost)) for cost in costs.values() if cost is not None]
    unmeasured = sum(step.unmeasured_attempts for step in progress.steps.values())
    is_complete = len(known) == len(costs) and not unmeasured
    return {
        "total_cost_usd": float(sum(known, Decimal())) if is_complete else None,
        "known_cost_usd": float(sum(known, Decimal())),
        "agent_costs": costs,
        "unmeasured_attempts": unmeasured,
        **_savings(progress),
    }


def _savings(progress: Progress) -> Values:
    """What the results taken over had cost where they were made; null while that is unknown of any."""
    reused = [step for step in progress.steps.values() if step.is_reused and step.reason != "given"]
    return {
        "reused_steps": [step.step_id for step in reused],
        "saved_cost_usd": sum_of(step.saved_cost_usd for step in reused),
        "saved_tokens": sum(step.saved_tokens for step in reused),
    }


def _has_cost(step: StepProgress) -> bool:
    return step.output is not None


def _counts(step: StepProgress) -> bool:
    """Whether metrics say anything of it."""
    return _has_cost(step) or step.unmeasured_attempts > 0


def usage_metrics(progress: Progress) -> Values:
    """Tokens as measured, and the seconds the whole took."""
    used = [step for step in progress.steps.values() if _has_cost(step)]
    return {
        "total_tokens": _sum(step.tokens for step in used),
        "input_tokens": _sum(step.input_tokens for step in used),
        "output_tokens": _sum(step.output_tokens for step in used),
        "agent_tokens": {step.step_id: step.tokens for step in used},
        "execution_time": seconds_of(progress),
    }


def seconds_of(progress: Progress) -> float | None:
    """From start to end; never negative, whatever the clock did."""
    if not progress.started_at or not progress.completed_at:
        return None
    return max(0.0, round((progress.completed_at - progress.started_at).total_seconds(), 3))


def _sum(counts: Iterable[int | None]) -> int:
    return sum(count for count in counts if count is not None)
