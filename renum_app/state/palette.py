"""What the command palette found for the words of one tab."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from renum_app.services import agents, executions, teams
from renum_app.state.address import search_words
from renum_app.state.session import signed_in

_EACH = 5


@dataclass(frozen=True)
class Found:
    """Something to go to."""

    id: str
    name: str
    about: str


class Palette(rx.State):
    teams: list[Found] = []
    agents: list[Found] = []
    executions: list[Found] = []

    @rx.event
    async def find(self, words: str) -> None:
        """Teams, agents and executions with these words; without any, the newest of each."""
        user = await signed_in(self)
        wanted = search_words({"q": str(words)})
        known = await teams.list_teams(user, limit=_EACH, search=wanted, active=True)
        self.teams = [Found(str(team.team_id), team.name, team.description or "") for team in known.items]
        seen = await agents.list_agents(user, limit=_EACH, search=wanted)
        self.agents = [Found(agent.agent_id, agent.name, agent.description or "") for agent in seen.items]
        made = await executions.list_executions(user, limit=_EACH, search=wanted)
        self.executions = [
            Found(str(each.execution_id), each.initial_prompt.strip().split("\n", 1)[0][:80], each.team_name)
            for each in made.items
        ]
