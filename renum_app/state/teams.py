"""The list of teams in one tab; which slice it shows is in the address."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from reflex.event import EventSpec

from renum_app.errors import RenumError, Unauthenticated
from renum_app.models.team import TeamRead
from renum_app.models.user import CurrentUser
from renum_app.models.values import iso
from renum_app.services import executions, teams
from renum_app.state.address import go, page_number, search_words
from renum_app.state.sentence import Sentence
from renum_app.state.session import signed_in
from renum_app.state.team_agents import seated_in
from renum_app.state.team_graph import Graph, Seated, graph_of

ACTIVITIES = ("on", "off")
_LIMIT = 12
_TICKS = 10
_PATH = "/teams"


@dataclass(frozen=True)
class RunTick:
    """One of the last runs, as small as it can be."""

    execution_id: str
    status: str


@dataclass(frozen=True)
class TeamCard:
    team_id: str
    name: str
    description: str
    strategy: str
    members: str
    """Their names, in order."""
    size: int
    is_active: bool
    is_broken: bool
    """An agent that sits in it is gone."""
    graph: Graph
    runs: list[RunTick]
    """Oldest first."""
    last_run_at: str


class TeamList(rx.State):
    cards: list[TeamCard] = []
    is_loaded: bool = False
    failure: Sentence = Sentence()
    total: int = 0
    page: int = 1
    pages: int = 1
    search: str = ""
    activity: str = ""
    clearings: int = 0
    """Raised to empty the search field, which otherwise keeps what was typed."""

    @rx.var
    def is_filtered(self) -> bool:
        return bool(self.search or self.activity)

    @rx.event
    async def load(self) -> None:
        """Show the slice the address names."""
        asked = self.router.url.query_parameters
        self.page, self.search = page_number(asked), search_words(asked)
        self.activity = asked.get("active", "") if asked.get("active") in ACTIVITIES else ""
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
        return go(_PATH, q=str(words).strip(), active=self.activity)

    @rx.event
    def choose_activity(self, activity: str) -> EventSpec:
        return go(_PATH, q=self.search, active=activity if activity in ACTIVITIES else "")

    @rx.event
    def turn_to(self, page: int) -> EventSpec:
        return go(_PATH, q=self.search, active=self.activity, page=page if isinstance(page, int) else 1)

    @rx.event
    def clear(self) -> EventSpec:
        self.search, self.clearings = "", self.clearings + 1
        return go(_PATH)

    async def _show(self, user: CurrentUser) -> None:
        active = self.activity == "on" if self.activity else None
        found = await teams.list_teams(user, page=self.page, limit=_LIMIT, search=self.search, active=active)
        seated = await seated_in(user, found.items)
        self.cards = [await _card(user, team, seated) for team in found.items]
        self.total, self.pages = found.total, max(found.pages, 1)


async def _card(user: CurrentUser, team: TeamRead, seated: dict[str, Seated]) -> TeamCard:
    last = (await executions.list_executions(user, team_id=team.team_id, limit=_TICKS)).items
    graph = graph_of(team.workflow_definition, seated)
    return TeamCard(
        team_id=str(team.team_id),
        name=team.name,
        description=team.description or "",
        strategy=team.workflow_definition.type.value,
        members=", ".join(node.name for node in graph.nodes),
        size=len(team.workflow_definition.agents),
        is_active=team.is_active,
        is_broken=any(node.is_missing for node in graph.nodes),
        graph=graph,
        runs=[RunTick(str(run.execution_id), run.status.value) for run in reversed(last)],
        last_run_at=iso(last[0].created_at) if last else "",
    )
