"""Gates: why a step started, waited, was tried again or was let go; only where there was something to decide. Pure."""

from __future__ import annotations

from typing import Any

from renum_app.agents.backend import AgentError
from renum_app.engine import facts
from renum_app.engine.budgets import Allowance, cost_used, dollars, tokens_used
from renum_app.engine.conditions import holds
from renum_app.engine.inputs import context_for
from renum_app.engine.plan import Brief, Plan, PlannedStep
from renum_app.engine.progress import Progress, StepProgress
from renum_app.engine.reducer import Fact
from renum_app.engine.retries import Again
from renum_app.engine.strategies.decision import Joined
from renum_app.models.event import EventKind
from renum_app.models.workflow import WorkflowType


def conditions_held(plan: Plan, brief: Brief, progress: Progress, step: PlannedStep) -> list[Fact]:
    """The values that let a member start, told when its turn has come for the first time."""
    own = progress.of(step)
    if plan.type is not WorkflowType.CONDITIONAL or not step.conditions or own.attempt or own.is_approved:
        return []
    _, seen = holds(step.conditions, context_for(plan, brief, progress, step), mode=step.conditions_mode)
    seen = {"mode": step.conditions_mode, "conditions": seen}
    return [_passed("conditions_held", gate="condition", outcome="started", step=step, seen=seen)]


def joined(joined: Joined) -> Fact:
    """What the branches came to."""
    is_satisfied = joined.is_satisfied
    return _passed(
        "join_satisfied" if is_satisfied else "join_failed",
        gate="join",
        outcome="satisfied" if is_satisfied else "failed",
        join=joined.join,
        wanted=joined.wanted,
        successes=joined.successes,
        failures=joined.failures,
        branches=joined.branches,
    )


def reserved(plan: Plan, progress: Progress, step: PlannedStep, allowed: Allowance) -> list[Fact]:
    """What was set aside for a call, beside what was used before and the cap; nothing without one, or for nothing."""
    told: list[Fact] = []
    seen: facts.Data
    steps = progress.steps.values()
    if plan.max_tokens is not None:
        seen = {"needed": allowed.tokens, "spent": tokens_used(steps), "cap": plan.max_tokens}
        told.append(_passed("budget_tokens_reserved", gate="budget", outcome="reserved", step=step, **seen))
    if not allowed.cost_usd:
        return told
    if plan.max_cost_usd is not None:
        seen = {"needed": allowed.cost_usd, "spent": dollars(cost_used(steps)), "cap": plan.max_cost_usd}
        told.append(_passed("budget_cost_reserved", gate="budget", outcome="reserved", step=step, **seen))
    for cap in allowed.months:
        seen = {"needed": allowed.cost_usd, "spent": dollars(cap.spent_usd), "cap": dollars(cap.cap_usd)}
        told.append(_passed(f"budget_{cap.of}_month_reserved", gate="budget", outcome="reserved", step=step, **seen))
    return told


def refused(error: facts.Data) -> Fact:
    """The budget that a call did not fit; its sentence has the figures."""
    return _passed(
        "budget_refused",
        gate="budget",
        outcome="refused",
        why=error["message"],
        why_key=error["message_key"],
        why_params=error["params"],
    )


def retried(step: PlannedStep, own: StepProgress, error: AgentError, again: Again | None) -> Fact:
    """What follows a failed attempt, and why.

    Args:
        own: With the failure counted.
    """
    attempts_left = max(0, step.retry.max_attempts - own.failures)
    seen = {"retryable": error.will_help_to_retry, "failures": own.failures, "attempts_left": attempts_left}
    if again is None:
        code = "retry_used_up" if error.will_help_to_retry else "retry_no_use"
        return _passed(code, gate="retry", outcome="failed", step=step, **seen)
    if again.to_fallback and step.fallback:
        fallback = step.fallback.name
        return _passed(
            "fallback_chosen", gate="retry", outcome="fallback", level="warning", step=step, fallback=fallback, **seen
        )
    seconds = round(again.seconds, 1)
    return _passed(
        "retry_scheduled", gate="retry", outcome="again", step=step, seconds=seconds, pause=again.pause, **seen
    )


def _passed(
    code: str, *, gate: str, outcome: str, step: PlannedStep | None = None, level: str = "info", **seen: Any
) -> Fact:
    return EventKind.GATE_PASSED, facts.line(code, level=level, step=step, gate=gate, outcome=outcome, **seen)
