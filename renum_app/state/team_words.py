"""What a member reads and when it works, in the few words that a picture has room for. Pure."""

from __future__ import annotations

from renum_app.models.workflow import CombinedType, Condition, InputSource, Member, MemberRole, WorkflowType


def sources_of(member: Member) -> list[str]:
    """The steps a member reads by name."""
    if not member.input:
        return []
    if member.input.source is InputSource.AGENT_RESULT:
        return [member.input.agent_id or ""]
    given = member.input.sources or [] if member.input.source is InputSource.COMBINED else []
    return [source.agent_id or "" for source in given if source.type is CombinedType.AGENT_RESULT]


_OWN = {InputSource.INITIAL_PROMPT: "prompt", InputSource.AGENT_RESULT: "result", InputSource.COMBINED: "combined"}


def reading_of(kind: WorkflowType, member: Member, *, number: int) -> str:
    """What a member is given; `number` is its place in time, from 1."""
    if member.input:
        return _OWN[member.input.source]
    if number == 1:
        return "prompt"
    if member.role is MemberRole.COORDINATOR:
        return "results"
    return {WorkflowType.PARALLEL: "prompt", WorkflowType.PIPELINE: "previous"}.get(kind, "so_far")


_SIGNS = {
    "equals": "=",
    "not_equals": "≠",
    "contains": "∋",
    "not_contains": "∌",
    "greater_than": ">",
    "greater_or_equal": "≥",
    "less_than": "<",
    "less_or_equal": "≤",
    "exists": "∃",
    "not_exists": "∄",
}


def condition_text(condition: Condition) -> str:
    """`debt_ratio > 3`."""
    value = "" if condition.value is None else f" {condition.value}"
    return f"{condition.field} {_SIGNS[condition.operator.value]}{value}"


def conditions_of(member: Member) -> str:
    """A member's first condition, and how many more there are."""
    if not member.conditions:
        return ""
    more = f" +{len(member.conditions) - 1}" if len(member.conditions) > 1 else ""
    return f"{condition_text(member.conditions[0])}{more}"
