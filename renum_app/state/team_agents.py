"""Which agents sit in a person's teams, for pages that show teams."""

from __future__ import annotations

from collections.abc import Iterable

from renum_app.errors import NotFound
from renum_app.models.agent import AgentRead
from renum_app.models.team import TeamRead
from renum_app.models.user import CurrentUser
from renum_app.services import agents
from renum_app.state.team_graph import Seated

_ONE_LOOK = 100


async def seated_in(user: CurrentUser, shown: Iterable[TeamRead]) -> dict[str, Seated]:
    """The agents of these teams by id; those that are gone say so."""
    wanted = {agent_id for team in shown for agent_id in team.agent_ids}
    known = {agent.agent_id: agent for agent in (await agents.list_agents(user, limit=_ONE_LOOK)).items}
    return {agent_id: _seated(known.get(agent_id) or await _find(user, agent_id)) for agent_id in wanted}


async def _find(user: CurrentUser, agent_id: str) -> AgentRead | None:
    try:
        return await agents.get(user, agent_id)
    except NotFound:
        return None


def _seated(agent: AgentRead | None) -> Seated:
    if agent is None:
        return Seated(is_missing=True)
    return Seated(agent.name, agent.model, agent.backend.value, is_missing=agent.is_missing)
