"""A filled team form read as the team it stands for, and a team as the form that shows it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renum_app.models.agent import AgentRead
from renum_app.models.team import TeamRead, TeamWrite
from renum_app.models.workflow import Member
from renum_app.state.sentence import Sentence
from renum_app.state.team_graph import Seated

LIMITS = ("max_tokens", "max_cost_usd", "timeout", "max_concurrency")
SEAT_FIELDS = (
    "name", "role", "input", "field", "operator", "value", "attempts", "backoff", "timeout", "on_failure", "fallback",
)  # fmt: skip
"""What a person may change of a seat."""
UNARY = ("exists", "not_exists")
"""Operators that need no value."""


@dataclass(frozen=True)
class Seat:
    """One member as the form shows it; what was typed stays text until it is read."""

    key: str
    """The step id."""
    agent_id: str
    agent_name: str
    backend: str = ""
    model: str = ""
    is_missing: bool = False
    is_together: bool = False
    """Runs at the same time as the seat before it."""
    name: str = ""
    role: str = "member"
    input: str = "default"
    """`default`, `prompt`, `combined` (kept as it was), or `step:<key>`."""
    field: str = ""
    operator: str = "greater_than"
    value: str = ""
    attempts: str = ""
    backoff: str = ""
    timeout: str = ""
    on_failure: str = "stop"
    fallback: str = ""


@dataclass(frozen=True)
class Trouble:
    """One line of the summary of what is wrong, and the id of the field it is about."""

    target: str
    label: Sentence
    """What people call the field; empty when it is about the whole."""
    who: str
    sentence: Sentence


def new_seat(agent: AgentRead, taken: Sequence[Seat]) -> Seat:
    """A seat for an agent, who may sit in the team more than once."""
    keys = {seat.key for seat in taken}
    key, number = agent.agent_id, 2
    while key in keys:
        key, number = f"{agent.agent_id}-{number}", number + 1
    return Seat(key, agent.agent_id, agent.name, agent.backend.value, agent.model)


def seats_of(team: TeamRead, seated: Mapping[str, Seated]) -> list[Seat]:
    """The members of a team in the order they run."""
    members = sorted(team.workflow_definition.agents, key=lambda member: member.execution_order)
    orders = [None, *(member.execution_order for member in members)]
    return [
        _seat(member, seated.get(member.agent_id, Seated(is_missing=True)), is_together=member.execution_order == order)
        for member, order in zip(members, orders, strict=False)
    ]


def _seat(member: Member, agent: Seated, *, is_together: bool) -> Seat:
    condition = member.conditions[0] if member.conditions else None
    return Seat(
        key=member.id,
        agent_id=member.agent_id,
        agent_name=agent.name or member.agent_id,
        backend=agent.backend,
        model=agent.model,
        is_missing=agent.is_missing,
        is_together=is_together,
        name=member.name or "",
        role=member.role.value,
        input=_input(member),
        field=condition.field if condition else "",
        operator=condition.operator.value if condition else "greater_than",
        value="" if condition is None or condition.value is None else str(condition.value),
        attempts=str(member.retry.max_attempts) if member.retry else "",
        backoff=f"{member.retry.backoff_seconds:g}" if member.retry else "",
        timeout=f"{member.timeout_seconds:g}" if member.timeout_seconds else "",
        on_failure=member.on_failure.value,
        fallback=member.fallback_agent_id or "",
    )


def _input(member: Member) -> str:
    if not member.input:
        return "default"
    kinds = {"initial_prompt": "prompt", "agent_result": f"step:{member.input.agent_id}", "combined": "combined"}
    return kinds[member.input.source.value]


def member_bodies(seats: Sequence[Seat], strategy: str, kept: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The seats as `TeamWrite` wants them; `kept` is by key what the form does not show."""
    order, bodies = 0, []
    for place, seat in enumerate(seats):
        order += 0 if seat.is_together and place else 1
        body = {**kept.get(seat.key, {}), **_member(seat, kept.get(seat.key, {}), strategy), "execution_order": order}
        bodies.append(body)
    return bodies


def _member(seat: Seat, kept: dict[str, Any], strategy: str) -> dict[str, Any]:
    retry = {"max_attempts": seat.attempts or "3", "backoff_seconds": _number(seat.backoff) or "1"}
    is_fallback = seat.on_failure == "fallback"
    return {
        "agent_id": seat.agent_id,
        "step_id": seat.key if seat.key != seat.agent_id else None,
        "name": seat.name.strip() or None,
        "role": seat.role,
        "input": _input_body(seat, kept),
        "conditions": _conditions(seat, kept) if strategy == "conditional" else None,
        "timeout_seconds": _number(seat.timeout),
        "retry": retry if seat.attempts.strip() or seat.backoff.strip() else None,
        "on_failure": seat.on_failure,
        "fallback_agent_id": seat.fallback or None if is_fallback else None,
    }


def _input_body(seat: Seat, kept: dict[str, Any]) -> dict[str, Any] | None:
    if seat.input.startswith("step:"):
        return {"source": "agent_result", "agent_id": seat.input.removeprefix("step:")}
    return {"prompt": {"source": "initial_prompt"}, "combined": kept.get("input")}.get(seat.input)


def _conditions(seat: Seat, kept: dict[str, Any]) -> list[dict[str, Any]] | None:
    first, *others = kept.get("conditions") or [{}]
    if not seat.field.strip():
        return others or None
    value = None if seat.operator in UNARY else seat.value.strip()
    if value is not None and value == str(first.get("value")):
        value = first["value"]  # untouched: a number or truth value stays one
    return [{"field": seat.field.strip(), "operator": seat.operator, "value": value}, *others]


def _number(text: str) -> str | None:
    """A number as people type it, left as text so that pydantic says what is wrong with it."""
    return text.strip().replace(",", ".") or None


def team_body(
    words: Mapping[str, str],
    seats: Sequence[Seat],
    limits: Mapping[str, str],
    *,
    kept: Mapping[str, Any],
    join: tuple[str, str],
) -> TeamWrite:
    """The team as filled in, checked; raises pydantic's ValidationError."""
    is_parallel = words["strategy"] == "parallel"
    shown = {name: _number(limits.get(name, "")) for name in LIMITS}
    branches = {"join": join[0], "join_k": _number(join[1]) if join[0] == "k" else None} if is_parallel else {}
    members = member_bodies(seats, words["strategy"], kept.get("members", {}))
    config = {**kept.get("team_config", {}), "join": "all", "join_k": None, **shown, **branches}
    return TeamWrite.model_validate(
        {
            "name": words["name"].strip(),
            "description": words["description"].strip() or None,
            "agent_ids": list(dict.fromkeys(seat.agent_id for seat in seats)),
            "workflow_definition": {"type": words["strategy"], "agents": members},
            "team_config": config,
            "is_active": kept.get("is_active", True),
        }
    )


_SEAT_PATHS = {
    "agent_id": "name", "step_id": "name", "name": "name", "role": "role", "execution_order": "role",
    "input": "input", "timeout_seconds": "timeout", "on_failure": "on_failure", "fallback_agent_id": "fallback",
}  # fmt: skip
_LAST_WORDS = {"max_attempts": "attempts", "backoff_seconds": "backoff", "field": "field", "value": "value",
               "operator": "operator", "conditions": "field"}  # fmt: skip


_OWN_FIELDS = {"name", "description", "join", "join_k", *LIMITS}


def troubles(problems: Mapping[str, Sentence], seats: Sequence[Seat]) -> list[Trouble]:
    """What is wrong, by the field of the form that shows it."""
    found: dict[str, Trouble] = {}
    for path, sentence in problems.items():
        target, field, who = _target(path, seats)
        found.setdefault(target, Trouble(target, _label(field), who, sentence))
    return list(found.values())


def _label(field: str) -> Sentence:
    return Sentence(f"teams.field.{field}") if field else Sentence()


def _target(path: str, seats: Sequence[Seat]) -> tuple[str, str, str]:
    parts = path.split(".")
    if parts[:2] == ["workflow_definition", "agents"] and len(parts) > 3 and int(parts[2]) < len(seats):
        seat = seats[int(parts[2])]
        field = _LAST_WORDS.get(parts[-1]) or _SEAT_PATHS.get(parts[3], "name")
        return f"{field}-{seat.key}", field, seat.name or seat.agent_name
    if parts[0] in ("workflow_definition", "agent_ids"):
        return "agent_search", "agents", ""
    return (parts[-1], parts[-1], "") if parts[-1] in _OWN_FIELDS else ("form", "", "")
