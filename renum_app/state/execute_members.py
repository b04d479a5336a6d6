"""Who takes part in an execution that is about to start, and what would keep them from it."""

from __future__ import annotations

from dataclasses import dataclass

from renum_app.models.team import TeamRead
from renum_app.models.user import CurrentUser
from renum_app.models.workflow import Member
from renum_app.state.team_keys import known_by_id
from renum_app.state.wizard_view import KnownAgent


@dataclass(frozen=True)
class MemberRow:
    step_id: str
    order: int
    name: str
    role: str
    model: str
    backend: str
    trouble: str
    """`""`, `no_key` or `gone`."""
    service: str


async def member_rows(user: CurrentUser, team: TeamRead) -> list[MemberRow]:
    """The members of a team in the order they run."""
    members = sorted(team.workflow_definition.agents, key=lambda member: member.execution_order)
    agents = await known_by_id(user, (member.agent_id for member in members))
    return [_row(member, agents[member.agent_id]) for member in members]


def _row(member: Member, agent: KnownAgent) -> MemberRow:
    return MemberRow(
        step_id=member.id,
        order=member.execution_order,
        name=member.name or agent.name or member.agent_id,
        role=member.role.value,
        model=agent.model,
        backend=agent.backend,
        trouble="gone" if agent.is_missing else "no_key" if agent.lacks_key else "",
        service=agent.service,
    )
