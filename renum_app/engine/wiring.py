"""A plan as a picture needs it: which members stand side by side in time, and whose results flow into each. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from renum_app.engine.plan import Plan, PlannedStep
from renum_app.models.execution_read import Wire
from renum_app.models.workflow import CombinedType, InputSource, WorkflowType


def wiring(plan: Plan) -> list[Wire]:
    """One wire per member, in the workflow's order."""
    columns = _columns(plan)
    return [
        Wire(
            step_id=step.step_id,
            column=columns[step.step_id],
            reads=_named(plan, step) or _flowing(plan, step, columns),
            is_conditional=bool(step.conditions),
        )
        for step in plan.steps
    ]


def _columns(plan: Plan) -> dict[str, int]:
    """Places in time, from 0; in a parallel workflow only a named source and being the coordinator make one wait."""
    if plan.type is not WorkflowType.PARALLEL:
        return {step.step_id: number for number, group in enumerate(plan.groups) for step in group}
    columns = {step.step_id: 0 for step in plan.steps}
    for _ in plan.steps:  # as often as the longest chain of sources may be
        for step in plan.steps:
            columns[step.step_id] = max((columns[source] + 1 for source in _named(plan, step)), default=0)
    if plan.coordinator and plan.branches:
        columns[plan.coordinator.step_id] = 1 + max(columns[step.step_id] for step in plan.branches)
    return columns


def _named(plan: Plan, step: PlannedStep) -> list[str]:
    """The members it reads by its own choice."""
    if step.input is None:
        return []
    if step.input.source is InputSource.AGENT_RESULT:
        return _known(plan, step, [step.input.agent_id])
    chosen = step.input.sources or [] if step.input.source is InputSource.COMBINED else []
    return _known(plan, step, [each.agent_id for each in chosen if each.type is CombinedType.AGENT_RESULT])


def _known(plan: Plan, step: PlannedStep, sources: Iterable[str | None]) -> list[str]:
    return [source for source in sources if source in plan.by_id and source != step.step_id]


def _flowing(plan: Plan, step: PlannedStep, columns: dict[str, int]) -> list[str]:
    """Without a choice: the column before it, and for a parallel branch nobody."""
    if plan.type is WorkflowType.PARALLEL and not step.is_coordinator:
        return []
    return [other.step_id for other in plan.steps if columns[other.step_id] == columns[step.step_id] - 1]
