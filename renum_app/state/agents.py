"""The list of agents in one tab; which slice it shows is in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import reflex as rx
from reflex.event import EventSpec

from renum_app.agents.backend import AgentError
from renum_app.models.agent import AgentRead, Backend
from renum_app.models.user import CurrentUser
from renum_app.models.values import iso
from renum_app.services import agents, remote_agents, teams
from renum_app.state.listing import Listing
from renum_app.state.sentence import Sentence, trouble_of

BACKENDS = (Backend.LOCAL.value, Backend.REHEARSAL.value, Backend.SUNA.value)
_LIMIT = 12
_MOST_TEAMS = 100


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
    is_missing: bool
    """The place where it lived has it no more."""
    seen_at: str
    """When it was last seen where it lives; empty for one that lives here."""


class AgentList(Listing, rx.State):
    cards: list[AgentCard] = []
    backend: str = ""
    place: str = ""
    """A place where agents live and whose list is an old copy; empty: none."""
    is_away: bool = False
    """It does not answer; otherwise it refused, and `trouble` says why."""
    trouble: Sentence = Sentence()
    copied_at: str = ""
    _PATH: ClassVar[str] = "/agents"

    @rx.event
    def choose_backend(self, backend: str) -> EventSpec:
        return self._go(backend=backend if backend in BACKENDS else "")

    def _narrow(self, asked: Mapping[str, str]) -> None:
        self.backend = asked.get("backend", "") if asked.get("backend") in BACKENDS else ""

    def _narrowed(self) -> dict[str, str]:
        return {"backend": self.backend}

    async def _show(self, user: CurrentUser) -> None:
        backend = Backend(self.backend) if self.backend else None
        found = await agents.list_agents(user, page=self.page, limit=_LIMIT, search=self.search, backend=backend)
        seats = await _seats(user)
        self.cards = [_card(agent, seats.get(agent.agent_id, 0)) for agent in found.items]
        self.total, self.pages = found.total, max(found.pages, 1)
        self._tell_troubles(remote_agents.troubles(user))

    def _tell_troubles(self, troubles: Mapping[Backend, AgentError]) -> None:
        """What the page says of a list that could not be read anew."""
        place, error = next(iter(troubles.items()), (None, None))
        self.place, self.trouble = place.value if place else "", trouble_of(error)
        self.is_away = error is not None and error.will_help_to_retry
        self.copied_at = max((card.seen_at for card in self.cards if card.backend == self.place), default="")


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
        is_missing=agent.is_missing,
        seen_at=iso(agent.last_seen_at) if agent.last_seen_at else "",
    )
