"""What differs between two versions of a team, in words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from renum_app.models.team import TeamVersionRead
from renum_app.models.workflow import InputSource, Member
from renum_app.state.sentence import Sentence
from renum_app.state.team_words import condition_text

Names = Mapping[str, str]
"""What members and agents are called, by step id and by agent id."""

_NOTHING = Sentence("teams.change.nothing")
_LIMITS = ("max_cost_usd", "max_tokens", "timeout", "max_concurrency", "monthly_budget_usd", "temperature", "join_k")


@dataclass(frozen=True)
class Change:
    """One line: of whom, which field, from what to what."""

    kind: str
    """`added` or `removed` (a member), or `changed`."""
    who: str
    """A member's name; empty when it is about the team."""
    field: Sentence
    before: Sentence
    after: Sentence


def changes(before: TeamVersionRead, after: TeamVersionRead, agents: Names) -> list[Change]:
    """What one has to know to go from one version to another; how the picture is laid out does not count.

    Args:
        agents: The names of the agents that sit in either, by id.
    """
    return [*_of_team(before, after), *_of_members(before, after, agents)]


def _of_team(before: TeamVersionRead, after: TeamVersionRead) -> Iterator[Change]:
    yield from _compare("", "name", before.name, after.name, _words)
    yield from _compare("", "description", before.description, after.description, _words)
    strategies = (before.workflow_definition.type.value, after.workflow_definition.type.value)
    yield from _compare("", "strategy", *strategies, _key("teams.strategy"))
    for limit in _LIMITS:
        pair = (getattr(before.team_config, limit), getattr(after.team_config, limit))
        yield from _compare("", limit, *pair, _number)
    joins = (before.team_config.join.value, after.team_config.join.value)
    yield from _compare("", "join", *joins, _key("teams.join"))


def _of_members(before: TeamVersionRead, after: TeamVersionRead, agents: Names) -> Iterator[Change]:
    old = {member.id: member for member in before.workflow_definition.agents}
    new = {member.id: member for member in after.workflow_definition.agents}
    names = {**_called(old, agents), **_called(new, agents)}
    for step_id in old.keys() - new.keys():
        yield _moved("removed", names[step_id])
    for step_id in sorted(new, key=lambda step_id: new[step_id].execution_order):
        if step_id in old:
            yield from _of_member(old[step_id], new[step_id], names[step_id], {**agents, **names})
        else:
            yield _moved("added", names[step_id])


def _called(members: Mapping[str, Member], agents: Names) -> dict[str, str]:
    return {step_id: member.name or agents.get(member.agent_id, member.agent_id) for step_id, member in members.items()}


def _moved(kind: str, who: str) -> Change:
    return Change(kind, who, Sentence(), Sentence(), Sentence())


def _of_member(before: Member, after: Member, who: str, names: Names) -> Iterator[Change]:
    def named(agent_id: Any) -> Sentence:
        return _words(names.get(agent_id, agent_id) if agent_id else None)

    def reads(member: Any) -> Sentence:
        return _reading(member, names)

    yield from _compare(who, "name", before.name, after.name, _words)
    yield from _compare(who, "agent", before.agent_id, after.agent_id, named)
    yield from _compare(who, "role", before.role.value, after.role.value, _key("teams.role"))
    yield from _compare(who, "order", before.execution_order, after.execution_order, _number)
    if before.input != after.input:
        yield Change("changed", who, Sentence("teams.field.input"), reads(before), reads(after))
    yield from _compare(who, "condition", _conditions(before), _conditions(after), _words)
    yield from _compare(who, "on_failure", before.on_failure.value, after.on_failure.value, _key("teams.on_failure"))
    yield from _compare(who, "fallback", before.fallback_agent_id, after.fallback_agent_id, named)
    yield from _compare(who, "approval", before.requires_approval, after.requires_approval, _key("teams.approval"))
    for field, of_member in _NUMBERS.items():
        yield from _compare(who, field, of_member(before), of_member(after), _number)
    yield from _compare(who, "tools", _tools(before), _tools(after), _words)


_NUMBERS: dict[str, Callable[[Member], Any]] = {
    "deadline": lambda member: member.approval and member.approval.deadline_seconds and (
        member.approval.deadline_seconds / 60
    ),
    "attempts": lambda member: member.retry and member.retry.max_attempts,
    "backoff": lambda member: member.retry and member.retry.backoff_seconds,
    "timeout": lambda member: member.timeout_seconds,
    "max_tokens": lambda member: member.config and member.config.max_tokens,
    "temperature": lambda member: member.config and member.config.temperature,
}  # fmt: skip


def _compare(who: str, field: str, before: Any, after: Any, written: Callable[[Any], Sentence]) -> Iterator[Change]:
    if before != after:
        yield Change("changed", who, Sentence(f"teams.field.{field}"), written(before), written(after))


def _words(text: Any) -> Sentence:
    return Sentence.told(str(text)) if text else _NOTHING


def _number(value: Any) -> Sentence:
    return _NOTHING if value is None else Sentence("teams.change.number", {"number": value})


def _key(prefix: str) -> Callable[[Any], Sentence]:
    return lambda word: Sentence(f"{prefix}.{word}")


def _conditions(member: Member) -> str:
    joint = " · " if member.conditions_mode == "all" else " | "
    return joint.join(condition_text(condition) for condition in member.conditions or [])


def _tools(member: Member) -> str:
    return ", ".join((member.config.tools if member.config else None) or [])


def _reading(member: Member, names: Names) -> Sentence:
    """What a member is given; its strategy decides where it says nothing."""
    if member.input is None:
        return Sentence("teams.change.by_strategy")
    if member.input.source is InputSource.INITIAL_PROMPT:
        return Sentence("teams.reads.prompt")
    if member.input.source is InputSource.AGENT_RESULT:
        source = member.input.agent_id or ""
        return Sentence("teams.reads.result", {"name": names.get(source, source)})
    given = [names.get(each.agent_id or "", each.agent_id) or each.key or "" for each in member.input.sources or []]
    return Sentence("teams.change.combined", {"n": len(given), "names": ", ".join(filter(None, given))})
