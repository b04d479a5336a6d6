"""What is wrong with a team on its way through the wizard: in which step, at which field. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renum_app.state.sentence import Sentence
from renum_app.state.wizard_draft import MemberBody, id_of

STEPS = ("info", "agents", "workflow", "configuration", "review")
"""In their order; a step's number is its place from 1."""
_INFO, _AGENTS, _WORKFLOW, _CONFIGURATION = range(1, 5)

_RULES = {
    "requires_approval": "approval",
    "approval": "deadline",
    "on_failure": "on_failure",
    "fallback_agent_id": "fallback",
    "retry": "attempts",
}
"""Fields of a member that are set in the configuration, by the control that shows them."""

_CALLED = {"conditions": "condition", "execution_order": "order", "timeout_seconds": "timeout"}
_LABELLED = frozenset({
    "name", "description", "role", "input", "order", "condition", "timeout", "approval", "deadline", "on_failure",
    "fallback", "attempts", "join", "join_k", "max_tokens", "max_cost_usd", "max_concurrency", "monthly_budget_usd",
    "variable",
})  # fmt: skip


@dataclass(frozen=True)
class StepTrouble:
    """One line of a step's summary, and the id of the control that it is about."""

    step: int
    target: str
    label: Sentence
    """What people call the field; empty when it is about more than one."""
    who: str
    sentence: Sentence


def troubles(
    problems: Mapping[str, Sentence], members: Sequence[MemberBody], names: Mapping[str, str]
) -> list[StepTrouble]:
    """One per control, in the order of the steps.

    Args:
        members: In the order of the body that was checked.
        names: What the members are called, by step id.
    """
    if not members:
        problems = {path: each for path, each in problems.items() if not path.startswith("workflow_definition")}
        problems = {**problems, "agent_ids": Sentence("teams.no_members")}
    found: dict[str, StepTrouble] = {}
    for path, sentence in problems.items():
        step, target, who = _place(path, members)
        found.setdefault(target, StepTrouble(step, target, _label(target), names.get(who, who), sentence))
    return sorted(found.values(), key=lambda trouble: trouble.step)


def _label(target: str) -> Sentence:
    """By what stands before the member in the control's id, or after it for a field of the workflow."""
    first, *others = target.split("-")
    word = others[-1] if first == "workflow" and others else first
    word = "variable" if word.startswith("variable_") else _CALLED.get(word, word)
    return Sentence(f"teams.field.{word}") if word in _LABELLED else Sentence()


def _place(path: str, members: Sequence[MemberBody]) -> tuple[int, str, str]:
    """Step, control and member of a path in the body."""
    parts = path.split(".")
    if parts[:2] == ["workflow_definition", "agents"] and len(parts) > 3:
        step_id = id_of(members[int(parts[2])])
        if parts[3] == "agent_id":
            return _AGENTS, "agent_search", step_id
        if parts[3] in _RULES:
            return _CONFIGURATION, f"{_RULES[parts[3]]}-{step_id}", step_id
        return _WORKFLOW, f"workflow-{step_id}-{parts[3]}", step_id
    if parts[0] == "team_config":
        if parts[1] == "variables" and len(parts) > 2:
            return _CONFIGURATION, f"variable_{parts[-1]}_{parts[2]}", ""
        return _CONFIGURATION, parts[1], ""
    if parts[0] == "agent_ids":
        return _AGENTS, "agent_search", ""
    return (_WORKFLOW, "workflow", "") if parts[0] == "workflow_definition" else (_INFO, parts[0], "")
