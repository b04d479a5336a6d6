"""A team's members as the form shows them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renum_app.models.agent import AgentRead
from renum_app.models.team import TeamRead
from renum_app.models.workflow import Member
from renum_app.state.team_graph import Seated

TYPED_FIELDS = ("name", "field", "value", "attempts", "backoff", "timeout", "deadline")
CHOSEN_FIELDS = ("role", "input", "operator", "on_failure", "fallback", "approval", "on_deadline")
SEAT_FIELDS = (*TYPED_FIELDS, *CHOSEN_FIELDS)
"""What a person may change of a seat."""


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
    approval: str = "none"
    """`none`, `before` or `after`."""
    deadline: str = ""
    """Minutes; empty waits for ever."""
    on_deadline: str = "reject"


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
        approval=member.requires_approval,
        deadline=minutes_of(member.approval.deadline_seconds) if member.approval else "",
        on_deadline=member.approval.on_deadline if member.approval else "reject",
    )


def minutes_of(seconds: float | None) -> str:
    """A deadline as the form shows it."""
    return "" if seconds is None else f"{seconds / 60:g}"


def _input(member: Member) -> str:
    if not member.input:
        return "default"
    kinds = {"initial_prompt": "prompt", "agent_result": f"step:{member.input.agent_id}", "combined": "combined"}
    return kinds[member.input.source.value]
