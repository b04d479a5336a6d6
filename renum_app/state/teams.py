"""The list of teams in one tab; which slice it shows is in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import reflex as rx
from reflex.event import EventSpec

from renum_app.models.team import TeamRead
from renum_app.models.user import CurrentUser
from renum_app.models.values import iso
from renum_app.services import executions, teams
from renum_app.state.listing import Listing
from renum_app.state.team_agents import seated_in
from renum_app.state.team_graph import Graph, Seated, graph_of

ACTIVITIES = ("on", "off")
_LIMIT = 12
_TICKS = 10


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


class TeamList(Listing, rx.State):
    cards: list[TeamCard] = []
    activity: str = ""
    _PATH: ClassVar[str] = "/teams"

    @rx.event
    def choose_activity(self, activity: str) -> EventSpec:
        return self._go(active=activity if activity in ACTIVITIES else "")

    def _narrow(self, asked: Mapping[str, str]) -> None:
        self.activity = asked.get("active", "") if asked.get("active") in ACTIVITIES else ""

    def _narrowed(self) -> dict[str, str]:
        return {"active": self.activity}

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
