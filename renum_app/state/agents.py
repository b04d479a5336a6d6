"""The list of agents in one tab; which slice it shows is in the address."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex.event import EventSpec

from renum_app.errors import RenumError, Unauthenticated
from renum_app.models.agent import AgentRead, Backend
from renum_app.models.user import CurrentUser
from renum_app.models.values import iso
from renum_app.services import agents, teams
from renum_app.state.address import go, page_number, search_words
from renum_app.state.sentence import Sentence
from renum_app.state.session import signed_in

BACKENDS = (Backend.LOCAL.value, Backend.REHEARSAL.value)
_LIMIT = 12
_MOST_TEAMS = 100
_PATH = "/agents"


@dataclass(frozen=True)
class AgentCard:
    agent_id: str
    name: str
    description: str
    backend: str
    model: str
    teams: int
    """How many teams it sits in."""
    updated_at: str


class AgentList(rx.State):
    cards: list[AgentCard] = []
    is_loaded: bool = False
    failure: Sentence = Sentence()
    total: int = 0
    page: int = 1
    pages: int = 1
    search: str = ""
    backend: str = ""
    clearings: int = 0
    """Raised to empty the search field, which otherwise keeps what was typed."""

    @rx.var
    def is_filtered(self) -> bool:
        return bool(self.search or self.backend)

    @rx.event
    async def load(self) -> None:
        """Show the slice the address names."""
        asked = self.router.url.query_parameters
        self.page, self.search = page_number(asked), search_words(asked)
        self.backend = asked.get("backend", "") if asked.get("backend") in BACKENDS else ""
        self.failure = Sentence()
        try:
            await self._show(await signed_in(self))
        except Unauthenticated:
            raise
        except RenumError as error:
            self.failure = Sentence.of(error)
        self.is_loaded = True

    @rx.event
    def find(self, words: str) -> EventSpec:
        return go(_PATH, q=str(words).strip(), backend=self.backend)

    @rx.event
    def choose_backend(self, backend: str) -> EventSpec:
        return go(_PATH, q=self.search, backend=backend if backend in BACKENDS else "")

    @rx.event
    def turn_to(self, page: int) -> EventSpec:
        return go(_PATH, q=self.search, backend=self.backend, page=page if isinstance(page, int) else 1)

    @rx.event
    def clear(self) -> EventSpec:
        self.search, self.clearings = "", self.clearings + 1
        return go(_PATH)

    async def _show(self, user: CurrentUser) -> None:
        backend = Backend(self.backend) if self.backend else None
        found = await agents.list_agents(user, page=self.page, limit=_LIMIT, search=self.search, backend=backend)
        seats = await _seats(user)
        self.cards = [_card(agent, seats.get(agent.agent_id, 0)) for agent in found.items]
        self.total, self.pages = found.total, max(found.pages, 1)


async def _seats(user: CurrentUser) -> dict[str, int]:
    """How many of the person's teams each agent sits in."""
    counts: dict[str, int] = {}
    for team in (await teams.list_teams(user, limit=_MOST_TEAMS)).items:
        for agent_id in set(team.agent_ids):
            counts[agent_id] = counts.get(agent_id, 0) + 1
    return counts


def _card(agent: AgentRead, seats: int) -> AgentCard:
    return AgentCard(
        agent_id=agent.agent_id,
        name=agent.name,
        description=agent.description or agent.instructions.strip().split("\n", 1)[0][:160],
        backend=agent.backend.value,
        model=agent.model,
        teams=seats,
        updated_at=iso(agent.updated_at),
    )
