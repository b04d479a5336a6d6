"""Whether a workflow can run, decided at save time: every reason, each with its field. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from renum_app.engine.reachability import members_that_may_run
from renum_app.errors import FieldProblem
from renum_app.models.team import TeamWrite
from renum_app.models.workflow import CombinedType, InputSource, Join, Member, MemberRole, OnFailure, WorkflowType

_MEMBERS = "workflow_definition.agents"


def problems(team: TeamWrite, known_agent_ids: Collection[str], max_members: int) -> list[FieldProblem]:
    """Every reason why this team cannot be saved; empty when it can.

    Args:
        known_agent_ids: Agents the user owns; asked for those of the workflow, the fallbacks and `agent_ids`.
        max_members: The limit of the settings.
    """
    members = team.workflow_definition.agents
    if len(members) > max_members:
        return [_problem(_MEMBERS, "too_many_members", limit=max_members, given=len(members))]
    found = [
        *_of_agent_ids(team),
        *_of_seats(members, known_agent_ids),
        *_of_roles(team),
        *_of_inputs(team),
        *_of_config(team),
        *_of_variables(team),
        *_of_conditions(team),
    ]
    if not found and not members_that_may_run(team.workflow_definition):
        found.append(_problem(_MEMBERS, "nothing_can_run"))
    return found


def _problem(field: str, code: str, **params: Any) -> FieldProblem:
    return FieldProblem(field=field, code=code, params=params)


def _at(place: int, field: str) -> str:
    return f"{_MEMBERS}.{place}.{field}"


def _of_agent_ids(team: TeamWrite) -> Iterator[FieldProblem]:
    """`agent_ids` names exactly the agents that sit in the workflow."""
    if team.user_api_keys:
        yield _problem("user_api_keys", "keys_live_elsewhere")
    seated = {member.agent_id for member in team.workflow_definition.agents}
    seen: set[str] = set()
    for place, agent_id in enumerate(team.agent_ids):
        if agent_id in seen:
            yield _problem(f"agent_ids.{place}", "duplicate_agent", agent_id=agent_id)
        elif agent_id not in seated:
            yield _problem(f"agent_ids.{place}", "agent_not_in_workflow", agent_id=agent_id)
        seen.add(agent_id)
    for place, member in enumerate(team.workflow_definition.agents):
        if member.agent_id not in seen:
            yield _problem(_at(place, "agent_id"), "agent_not_listed", agent_id=member.agent_id)


def _of_seats(members: list[Member], known: Collection[str]) -> Iterator[FieldProblem]:
    uses = Counter(member.id for member in members)
    for place, member in enumerate(members):
        if member.agent_id not in known:
            yield _problem(_at(place, "agent_id"), "unknown_agent", agent_id=member.agent_id)
        if uses[member.id] > 1:
            yield _problem(_at(place, "step_id"), "duplicate_step", step_id=member.id)
        if member.requires_approval == "none" and member.approval and member.approval.deadline_seconds:
            yield _problem(_at(place, "approval.deadline_seconds"), "deadline_without_approval")
        yield from _of_fallback(place, member, known)


def _of_fallback(place: int, member: Member, known: Collection[str]) -> Iterator[FieldProblem]:
    field = _at(place, "fallback_agent_id")
    if member.on_failure is OnFailure.FALLBACK and not member.fallback_agent_id:
        yield _problem(field, "missing_fallback")
    elif member.fallback_agent_id and member.fallback_agent_id not in known:
        yield _problem(field, "unknown_agent", agent_id=member.fallback_agent_id)
    elif member.fallback_agent_id == member.agent_id:
        yield _problem(field, "fallback_is_the_agent", agent_id=member.agent_id)


def _of_roles(team: TeamWrite) -> Iterator[FieldProblem]:
    """At most one coordinator, and it runs last."""
    workflow = team.workflow_definition
    places = [place for place, member in enumerate(workflow.agents) if member.role is MemberRole.COORDINATOR]
    for place in places[1:]:
        yield _problem(_at(place, "role"), "too_many_coordinators")
    if len(places) != 1:
        return
    own = workflow.agents[places[0]].execution_order
    highest = max(
        (member.execution_order for place, member in enumerate(workflow.agents) if place != places[0]), default=-1
    )
    # A parallel workflow has no order: members left at the same number do not make the coordinator early.
    if own < highest or (own == highest and workflow.type is not WorkflowType.PARALLEL):
        yield _problem(_at(places[0], "execution_order"), "coordinator_not_last", highest=highest)


def _of_inputs(team: TeamWrite) -> Iterator[FieldProblem]:
    workflow = team.workflow_definition
    by_id = {member.id: member for member in workflow.agents}
    for place, member in enumerate(workflow.agents):
        for field, step_id in _references(place, member):
            if step_id is None:
                yield _problem(field, "missing_source")
            elif step_id == member.id:
                yield _problem(field, "self_reference", step_id=step_id)
            elif step_id not in by_id:
                yield _problem(field, "unknown_step", step_id=step_id)
            elif _comes_too_late(workflow.type, by_id[step_id], member):
                yield _problem(field, "later_step", step_id=step_id)
            elif workflow.type is WorkflowType.PARALLEL and _reaches(by_id, step_id, member.id):
                yield _problem(field, "circle", step_id=step_id)
        yield from _of_sources(place, member)


def _comes_too_late(kind: WorkflowType, source: Member, reader: Member) -> bool:
    if kind is WorkflowType.PARALLEL:
        return source.role is MemberRole.COORDINATOR
    return source.execution_order >= reader.execution_order


def _references(place: int, member: Member) -> Iterator[tuple[str, str | None]]:
    """The steps a member reads by name, each with the field that names it."""
    if not member.input:
        return
    if member.input.source is InputSource.AGENT_RESULT:
        yield _at(place, "input.agent_id"), member.input.agent_id
    elif member.input.source is InputSource.COMBINED:
        for number, source in enumerate(member.input.sources or []):
            if source.type is CombinedType.AGENT_RESULT:
                yield _at(place, f"input.sources.{number}.agent_id"), source.agent_id


def _of_sources(place: int, member: Member) -> Iterator[FieldProblem]:
    if not member.input or member.input.source is not InputSource.COMBINED:
        return
    if not member.input.sources:
        yield _problem(_at(place, "input.sources"), "missing_sources")
    for number, source in enumerate(member.input.sources or []):
        if source.type in {CombinedType.CONTEXT, CombinedType.VARIABLE} and not source.key:
            yield _problem(_at(place, f"input.sources.{number}.key"), "missing_key")


def _reaches(by_id: dict[str, Member], start: str, goal: str) -> bool:
    """Whether following the named sources from `start` comes to `goal`."""
    waiting, seen = [start], set[str]()
    while waiting:
        step_id = waiting.pop()
        if step_id == goal:
            return True
        if step_id in seen or step_id not in by_id:
            continue
        seen.add(step_id)
        waiting += [source for _, source in _references(0, by_id[step_id]) if source]
    return False


def _of_variables(team: TeamWrite) -> Iterator[FieldProblem]:
    seen: set[str] = set()
    for place, variable in enumerate(team.team_config.variables):
        if variable.name in seen:
            yield _problem(f"team_config.variables.{place}.name", "duplicate_variable", name=variable.name)
        seen.add(variable.name)


def _of_config(team: TeamWrite) -> Iterator[FieldProblem]:
    config, workflow = team.team_config, team.workflow_definition
    branches = sum(member.role is not MemberRole.COORDINATOR for member in workflow.agents)
    if config.join is not Join.ALL and workflow.type is not WorkflowType.PARALLEL:
        yield _problem("team_config.join", "join_needs_parallel")
    elif config.join is Join.K and config.join_k is None:
        yield _problem("team_config.join_k", "missing_join_k")
    elif config.join is Join.K and config.join_k and config.join_k > branches:
        yield _problem("team_config.join_k", "join_k_too_large", branches=branches)


def _of_conditions(team: TeamWrite) -> Iterator[FieldProblem]:
    if team.workflow_definition.type is WorkflowType.CONDITIONAL:
        return
    for place, member in enumerate(team.workflow_definition.agents):
        if member.conditions:
            yield _problem(_at(place, "conditions"), "conditions_need_conditional")
