"""Reuse: which results of an earlier execution a redo takes over, and as which facts. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from renum_app.engine import facts
from renum_app.engine.inputs import sources_of
from renum_app.engine.plan import Plan, PlannedStep
from renum_app.engine.progress import Progress, StepProgress
from renum_app.models.workflow import WorkflowType


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that ends before anything starts: its result is known already."""

    step: PlannedStep
    output: str
    saved_cost_usd: float | None = 0.0
    """What the result had cost where an agent wrote it; None where nobody knows."""
    saved_tokens: int = 0
    is_given: bool = False
    """A person wrote it."""

    def facts(self, origin: UUID) -> list[facts.Fact]:
        return facts.step_reused(
            self.step,
            output=self.output,
            origin=origin,
            saved_cost_usd=self.saved_cost_usd,
            saved_tokens=self.saved_tokens,
            is_given=self.is_given,
        )


def taken(
    old: Plan, done: Progress, new: Plan, *, from_step: str | None = None, output: str | None = None
) -> list[Taken]:
    """The results a redo starts with, by order and place.

    Args:
        done: How the earlier execution ended.
        from_step: This step and all that follows it run again; None repeats only what has no result.
        output: Takes the place of `from_step`'s own result.
    """
    again = runs_again(old, new, from_step=from_step)
    kept = [_kept(step, done.steps[step.step_id]) for step in _completed(done, new) if step.step_id not in again]
    if from_step is not None and output is not None:
        kept.append(Taken(step=new.by_id[from_step], output=output, is_given=True))
    return sorted(kept, key=lambda one: (one.step.order, one.step.place))


def runs_again(old: Plan, new: Plan, *, from_step: str | None) -> set[str]:
    """Steps whose earlier results do not count: the chosen one, seats that changed, and all that follows from either.

    A seat is agent, input, role, conditions and order; what its agent is told may have changed since.
    """
    if old.type is not new.type:
        return {*old.by_id, *new.by_id}
    changed = {step_id for step_id in {*old.by_id, *new.by_id} if _seat(old, step_id) != _seat(new, step_id)}
    start = changed if from_step is None else {*changed, from_step}
    following = (_following(plan, plan.by_id[step_id]) for plan in (old, new) for step_id in start & plan.by_id.keys())
    return start.union(*following)


def _kept(step: PlannedStep, own: StepProgress) -> Taken:
    cost = own.saved_cost_usd if own.is_reused else own.cost_usd
    tokens = own.saved_tokens if own.is_reused else own.tokens or 0
    return Taken(step=step, output=own.output or "", saved_cost_usd=cost, saved_tokens=tokens)


def _completed(done: Progress, new: Plan) -> Iterable[PlannedStep]:
    return (step for step in new.steps if (own := done.steps.get(step.step_id)) and own.has_text)


def _seat(plan: Plan, step_id: str) -> tuple[Any, ...] | None:
    step = plan.by_id.get(step_id)
    if step is None:
        return None
    return step.agent.agent_id, step.input, step.role, step.conditions, step.conditions_mode, step.order


def _following(plan: Plan, step: PlannedStep) -> set[str]:
    """Whatever could have read the step or waits for it to end."""
    if plan.type is not WorkflowType.PARALLEL:
        return {other.step_id for other in plan.steps if other.order > step.order}
    found = {plan.coordinator.step_id} if plan.coordinator else set[str]()
    reached = {step.step_id}
    while readers := _readers(plan, reached) - found:
        found |= readers
        reached = readers
    return found - {step.step_id}


def _readers(plan: Plan, step_ids: set[str]) -> set[str]:
    return {other.step_id for other in plan.steps if any(s.step_id in step_ids for s in sources_of(plan, other))}
