"""Which members of a conditional workflow could ever run, whatever the agents answer. Pure."""

from __future__ import annotations

from itertools import groupby

from renum_app.models.workflow import (
    CombinedType,
    Condition,
    InputSource,
    Member,
    Operator,
    WorkflowDefinition,
    WorkflowType,
)


def members_that_may_run(workflow: WorkflowDefinition) -> set[str]:
    """Step ids that some answers and variables would let run.

    Only what is impossible in every execution is left out: a condition on the result of a step that has not
    ended by then, or on shared context before anyone could have written it.
    """
    if workflow.type is not WorkflowType.CONDITIONAL:
        return {member.id for member in workflow.agents}
    possible: set[str] = set()
    members = sorted(workflow.agents, key=lambda member: member.execution_order)
    for _, group in groupby(members, key=lambda member: member.execution_order):
        possible |= {member.id for member in group if _may_run(member, frozenset(possible))}
    return possible


def _may_run(member: Member, before: frozenset[str]) -> bool:
    if not _may_be_fed(member, before):
        return False
    verdicts = [_may_hold(condition, before) for condition in member.conditions or []]
    return not verdicts or (all(verdicts) if member.conditions_mode == "all" else any(verdicts))


def _may_be_fed(member: Member, before: frozenset[str]) -> bool:
    if not member.input or member.input.source is InputSource.INITIAL_PROMPT:
        return True
    if member.input.source is InputSource.AGENT_RESULT:
        return member.input.agent_id in before
    return any(
        source.agent_id in before if source.type is CombinedType.AGENT_RESULT else True
        for source in member.input.sources or []
    )


def _may_hold(condition: Condition, before: frozenset[str]) -> bool:
    if condition.operator is Operator.NOT_EXISTS:
        return True
    root, _, rest = condition.field.partition(".")
    if root == "shared_context":
        return bool(before)
    if root == "agent_results":
        return any(rest == step_id or rest.startswith(f"{step_id}.") for step_id in before)
    return True  # variables are given when it runs
