"""Parallel: all branches at once, then the join, then the coordinator."""

from __future__ import annotations

from renum_app.engine.inputs import sources_of
from renum_app.engine.plan import Brief, Plan, PlannedStep
from renum_app.engine.progress import Progress
from renum_app.engine.strategies.decision import Decision, Joined, Outcome
from renum_app.engine.strategies.ordered import first_fatal, start_or_skip, when_fed
from renum_app.models.step import StepStatus
from renum_app.models.workflow import Join, OnFailure, WorkflowType


def decide(plan: Plan, brief: Brief, progress: Progress) -> Decision:
    if cut := _no_longer_needed(plan, progress):
        return Decision(cut=cut)
    open_branches = [step for step in plan.branches if not progress.of(step).status.is_final]
    if open_branches:
        return start_or_skip(plan, brief, progress, _with_sources_ended(plan, progress, open_branches), when_fed)
    if failure := _failed_join(plan, progress):
        return Decision(outcome=failure)
    return _after_the_join(plan, brief, progress)


def newly_joined(plan: Plan, progress: Progress) -> Joined | None:
    """What the join came to, once every branch has ended and as long as that is not on record."""
    if plan.type is not WorkflowType.PARALLEL or progress.is_joined or not plan.branches:
        return None
    ends = [progress.of(step).status for step in plan.branches]
    if not all(end.is_final for end in ends):
        return None
    failed = [step for step in plan.branches if progress.of(step).status is StepStatus.FAILED]
    tolerated = sum(step.on_failure is OnFailure.CONTINUE for step in failed)
    wanted = {Join.ALL: len(ends) - tolerated, Join.K: plan.join_k or 1}.get(plan.join, 1)
    return Joined(
        join=plan.join.value,
        wanted=wanted,
        successes=len(progress.completed(plan.branches)),
        failures=len(failed),
        branches=len(ends),
        is_satisfied=_failed_join(plan, progress) is None,
    )


def _no_longer_needed(plan: Plan, progress: Progress) -> tuple[str, ...]:
    """The losers of `first`: everyone still open once somebody has succeeded."""
    if plan.join is not Join.FIRST or not progress.completed(plan.branches):
        return ()
    return tuple(step.step_id for step in plan.branches if not progress.of(step).status.is_final)


def _with_sources_ended(plan: Plan, progress: Progress, steps: list[PlannedStep]) -> list[PlannedStep]:
    return [
        step
        for step in progress.pending(steps)
        if all(progress.of(source).status.is_final for source in sources_of(plan, step))
    ]


def _failed_join(plan: Plan, progress: Progress) -> Outcome | None:
    """Why the branches, all ended, do not satisfy the join."""
    successes = len(progress.completed(plan.branches))
    failed = next((step for step in plan.branches if progress.of(step).status is StepStatus.FAILED), None)
    if plan.join is Join.ALL:
        fatal = first_fatal(plan, progress)
        is_branch = fatal is not None and not fatal.is_coordinator
        return Outcome(succeeded=False, failed_step_id=fatal.step_id) if fatal and is_branch else None
    wanted = (plan.join_k or 1) if plan.join is Join.K else 1
    if successes >= wanted or not plan.branches:
        return None
    return Outcome(
        succeeded=False, failed_step_id=failed.step_id if failed else None, successes=successes, wanted=wanted
    )


def _after_the_join(plan: Plan, brief: Brief, progress: Progress) -> Decision:
    coordinator = plan.coordinator
    if coordinator is None:
        return Decision(outcome=Outcome(succeeded=True))
    if progress.pending([coordinator]):
        return start_or_skip(plan, brief, progress, [coordinator], when_fed)
    if progress.under_way([coordinator]):
        return Decision()
    if progress.of(coordinator).status is StepStatus.FAILED and coordinator.on_failure is not OnFailure.CONTINUE:
        return Decision(outcome=Outcome(succeeded=False, failed_step_id=coordinator.step_id))
    return Decision(outcome=Outcome(succeeded=True))
