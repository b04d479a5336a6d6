"""Conditional: by order; a member runs if its conditions hold on the context as it is at that moment."""

from __future__ import annotations

from renum_app.engine.conditions import holds
from renum_app.engine.inputs import context_for
from renum_app.engine.plan import Brief, Plan, PlannedStep
from renum_app.engine.progress import Progress
from renum_app.engine.strategies.decision import Decision, Skip
from renum_app.engine.strategies.ordered import by_order, when_fed


def decide(plan: Plan, brief: Brief, progress: Progress) -> Decision:
    return by_order(plan, brief, progress, _when_conditions_hold)


def _when_conditions_hold(plan: Plan, brief: Brief, progress: Progress, step: PlannedStep) -> Skip | None:
    context = context_for(plan, brief, progress, step)
    does_hold, seen = holds(step.conditions, context, mode=step.conditions_mode)
    if not does_hold:
        return Skip(step.step_id, "conditions_not_met", {"mode": step.conditions_mode, "conditions": seen})
    return when_fed(plan, brief, progress, step)
