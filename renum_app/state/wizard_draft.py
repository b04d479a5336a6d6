"""A team on its way through the wizard: the body of `POST /teams`, half filled, and what may be done to it. Pure.

What was typed stays as it was typed until it is a number, so that nothing is lost when it is none.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from pydantic import ValidationError

from renum_app.models.team import TeamWrite
from renum_app.models.workflow import Member, MemberRole, WorkflowDefinition, WorkflowType
from renum_app.state.draft import Draft

MemberBody = dict[str, Any]

_MOST_MEMBERS = 1_000
_DRAWN = ("agent_id", "step_id", "name", "role", "execution_order", "input", "conditions", "requires_approval")


def members_of(draft: Draft) -> list[MemberBody]:
    """In the order they run."""
    return sorted(draft["workflow_definition"]["agents"], key=_order)


def id_of(member: MemberBody) -> str:
    return member.get("step_id") or member["agent_id"]


def kind_of(draft: Draft) -> str:
    return draft["workflow_definition"]["type"]


def with_agent(draft: Draft, agent_id: str) -> Draft:
    """The agent in a seat of its own, after all others but before a coordinator."""
    members = members_of(draft)
    taken = {id_of(member) for member in members}
    step_id, number = agent_id, 2
    while step_id in taken:
        step_id, number = f"{agent_id}-{number}", number + 1
    last = _order(members[-1]) if members else 0
    is_ordered = kind_of(draft) != WorkflowType.PARALLEL
    coordinator = members.pop() if members and _is_coordinator(members[-1]) else None
    order = last + (coordinator is None) if is_ordered else 1
    seat = {"agent_id": agent_id, "step_id": step_id, "role": MemberRole.MEMBER.value, "execution_order": order}
    after = [{**coordinator, "execution_order": max(order + 1, last)}] if coordinator else []
    return _with_members(draft, [*members, seat, *after])


def without(draft: Draft, step_id: str) -> Draft:
    """The team without a seat; whoever read it reads what its strategy says."""
    kept = [member for member in members_of(draft) if id_of(member) != step_id]
    return _with_members(draft, [_unread(member, step_id) for member in kept])


def moved(draft: Draft, step_id: str, to: int) -> Draft:
    """A seat at another place; which places run together stays."""
    members = members_of(draft)
    found = [member for member in members if id_of(member) == step_id]
    others = [member for member in members if id_of(member) != step_id]
    to = max(0, min(to, len(others)))
    orders = [_order(member) for member in members]
    moved_members = [*others[:to], *found, *others[to:]]
    pairs = zip(moved_members, orders, strict=True)
    return _with_members(draft, [{**member, "execution_order": order} for member, order in pairs])


def retyped(draft: Draft, kind: str, conditions: Mapping[str, Any]) -> Draft:
    """The same members at work in another way.

    Args:
        conditions: By step id, those that an earlier change took away.
    """
    members = members_of(draft)
    if kind == WorkflowType.PARALLEL:
        members = [{**each, "execution_order": 2 if _is_coordinator(each) else 1} for each in members]
    elif kind_of(draft) == WorkflowType.PARALLEL:
        members = [{**each, "execution_order": place} for place, each in enumerate(members, start=1)]
    is_conditional = kind == WorkflowType.CONDITIONAL
    members = [
        {**each, "conditions": each.get("conditions") or conditions.get(id_of(each)) if is_conditional else None}
        for each in members
    ]
    config = dict(draft["team_config"])
    if kind != WorkflowType.PARALLEL:
        config |= {"join": "all", "join_k": None}
    workflow = {**draft["workflow_definition"], "type": kind, "agents": members}
    return {**draft, "workflow_definition": workflow, "team_config": config}


def conditions_by_step(draft: Draft) -> dict[str, Any]:
    return {id_of(each): each["conditions"] for each in members_of(draft) if each.get("conditions")}


def with_member(draft: Draft, step_id: str, **changes: Any) -> Draft:
    members = draft["workflow_definition"]["agents"]
    return _with_members(draft, [{**each, **changes} if id_of(each) == step_id else each for each in members])


def with_config(draft: Draft, **changes: Any) -> Draft:
    return {**draft, "team_config": {**draft["team_config"], **changes}}


def is_drawn(draft: object) -> bool:
    """Whether what a browser sent has the form of a workflow; what is in it is checked like everything else."""
    workflow = draft.get("workflow_definition") if isinstance(draft, dict) else None
    members = workflow.get("agents") if isinstance(workflow, dict) else None
    if not isinstance(workflow, dict) or not isinstance(members, list) or len(members) > _MOST_MEMBERS:
        return False
    is_known = workflow.get("type") in {kind.value for kind in WorkflowType}
    return is_known and all(isinstance(each, dict) and isinstance(each.get("agent_id"), str) for each in members)


def number(text: str) -> int | float | str | None:
    """A number as people type it; what is none stays text, so that its check can say what is wrong with it."""
    written = text.strip().replace(",", ".")
    for read in (int, float):
        with suppress(ValueError):
            return read(written)
    return written or None


def body_of(draft: Draft) -> TeamWrite:
    """The team as filled in; raises pydantic's ValidationError, whose places are those of the draft's members."""
    seats = draft["workflow_definition"]["agents"]
    members = [{**each, "step_id": None} if each.get("step_id") == each["agent_id"] else each for each in seats]
    agent_ids = list(dict.fromkeys(each["agent_id"] for each in members))
    words = {"name": draft["name"].strip(), "description": (draft.get("description") or "").strip() or None}
    workflow = {"type": kind_of(draft), "agents": members}
    body = {**words, "agent_ids": agent_ids, "workflow_definition": workflow, "team_config": draft["team_config"]}
    return TeamWrite.model_validate(body)


def drawable(draft: Draft) -> WorkflowDefinition:
    """As far as a picture needs it, whatever is half typed in the rest."""
    members = [_drawable(member) for member in members_of(draft)]
    return WorkflowDefinition.model_construct(type=WorkflowType(kind_of(draft)), agents=members)


def _drawable(member: MemberBody) -> Member:
    shown = {name: member[name] for name in _DRAWN if member.get(name) is not None}
    try:
        return Member.model_validate(shown)
    except ValidationError:
        return Member(agent_id=member["agent_id"], step_id=id_of(member), execution_order=_order(member))


def _with_members(draft: Draft, members: list[MemberBody]) -> Draft:
    return {**draft, "workflow_definition": {**draft["workflow_definition"], "agents": members}}


def _unread(member: MemberBody, step_id: str) -> MemberBody:
    reads = member.get("input") or {}
    named = {reads.get("agent_id"), *(each.get("agent_id") for each in reads.get("sources") or [])}
    return {**member, "input": None} if step_id in named else member


def _is_coordinator(member: MemberBody) -> bool:
    return member.get("role") == MemberRole.COORDINATOR


def _order(member: MemberBody) -> int:
    order = member.get("execution_order", 1)
    return order if isinstance(order, int) else 1
