"""What sequential, pipeline and conditional workflows share: `execution_order` is a barrier."""

from __future__ import annotations

from collections.abc import Callable

from renum_app.engine.inputs import feed
from renum_app.engine.plan import Brief, Plan, PlannedStep
from renum_app.engine.progress import Progress
from renum_app.engine.strategies.decision import Decision, Outcome, Skip
from renum_app.models.step import StepStatus
from renum_app.models.workflow import OnFailure

Gate = Callable[[Plan, Brief, Progress, PlannedStep], Skip | None]
"""Why a member whose turn has come does not run."""


def by_order(plan: Plan, brief: Brief, progress: Progress, gate: Gate) -> Decision:
    """A member starts when every member of a lower order has ended; equal orders run together."""
    if failed := first_fatal(plan, progress):
        if progress.begun(plan.steps):
            return Decision()
        return Decision(outcome=Outcome(succeeded=False, failed_step_id=failed.step_id))
    for group in plan.groups:
        if pending := progress.pending(group):
            return start_or_skip(plan, brief, progress, pending, gate)
        if progress.under_way(group):
            return Decision()
    return Decision(outcome=Outcome(succeeded=True))


def start_or_skip(plan: Plan, brief: Brief, progress: Progress, pending: list[PlannedStep], gate: Gate) -> Decision:
    """Skip those the gate refuses; ask for leave, or start as many of the others as may run at once."""
    skips = {step.step_id: skip for step in pending if (skip := gate(plan, brief, progress, step))}
    turns = [step for step in pending if step.step_id not in skips]
    asking = [step.step_id for step in turns if needs_leave(progress, step)]
    ready = [step.step_id for step in turns if step.step_id not in asking]
    free = len(ready) if plan.max_concurrency is None else plan.max_concurrency - len(progress.in_places(plan.steps))
    return Decision(start=tuple(ready[: max(0, free)]), ask=tuple(asking), skip=tuple(skips.values()))


def needs_leave(progress: Progress, step: PlannedStep) -> bool:
    """Whether a person has to let it start, and has not yet."""
    return step.requires_approval == "before" and not progress.of(step).is_approved


def first_fatal(plan: Plan, progress: Progress) -> PlannedStep | None:
    """The first member whose failure ends the execution."""
    fatal = (
        step
        for step in plan.steps
        if progress.of(step).status is StepStatus.FAILED and step.on_failure is not OnFailure.CONTINUE
    )
    return next(fatal, None)


def when_fed(plan: Plan, brief: Brief, progress: Progress, step: PlannedStep) -> Skip | None:
    """Runs if there is something to read."""
    missing = feed(plan, brief, progress, step).missing
    return Skip(step.step_id, missing) if missing else None
