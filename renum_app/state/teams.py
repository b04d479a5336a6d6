"""The list of teams in one tab; which slice it shows is in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, ClassVar

import reflex as rx
from reflex.event import EventSpec

from renum_app.models.execution_read import ExecutionSummary
from renum_app.models.team import TeamRead
from renum_app.models.user import CurrentUser
from renum_app.models.values import iso
from renum_app.models.workflow import WorkflowType
from renum_app.services import executions, team_drafts, teams
from renum_app.state.listing import Listing
from renum_app.state.session import signed_in
from renum_app.state.team_agents import seated_in
from renum_app.state.team_graph import Graph, Seated, graph_of
from renum_app.state.wizard_draft import is_drawn
from renum_app.state.wizard_troubles import STEPS

ACTIVITIES = ("on", "off")
STRATEGIES = tuple(kind.value for kind in WorkflowType)
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
    cost_usd: float | None
    """The median of those runs whose cost is known; rehearsals cost nothing and do not count."""


class TeamList(Listing, rx.State):
    cards: list[TeamCard] = []
    activity: str = ""
    strategy: str = ""
    _PATH: ClassVar[str] = "/teams"

    @rx.event
    def choose_activity(self, activity: str) -> EventSpec:
        return self._go(active=activity if activity in ACTIVITIES else "")

    @rx.event
    def choose_strategy(self, strategy: str) -> EventSpec:
        return self._go(strategy=strategy if strategy in STRATEGIES else "")

    @rx.event
    async def take_import(self, draft: dict[str, Any]) -> EventSpec | None:
        """What a file says becomes a draft, which the wizard checks like any other."""
        user = await signed_in(self)
        if not is_drawn(draft):
            return None
        known = {
            name: draft[name] for name in ("name", "description", "workflow_definition", "team_config") if name in draft
        }
        name = str(draft.get("name") or "")
        content = {"draft": known, "tried": len(STEPS)}
        kept = await team_drafts.save(user, None, name=name, step=len(STEPS), content=content)
        return rx.redirect(f"/teams/new?draft={kept.draft_id}")

    def _narrow(self, asked: Mapping[str, str]) -> None:
        self.activity = asked.get("active", "") if asked.get("active") in ACTIVITIES else ""
        self.strategy = asked.get("strategy", "") if asked.get("strategy") in STRATEGIES else ""

    def _narrowed(self) -> dict[str, str]:
        return {"active": self.activity, "strategy": self.strategy}

    async def _show(self, user: CurrentUser) -> None:
        active = self.activity == "on" if self.activity else None
        strategy = WorkflowType(self.strategy) if self.strategy else None
        wanted = {"search": self.search, "active": active, "strategy": strategy}
        found = await teams.list_teams(user, page=self.page, limit=_LIMIT, **wanted)
        seated = await seated_in(user, found.items)
        self.cards = [await _card(user, team, seated) for team in found.items]
        self.total, self.pages = found.total, max(found.pages, 1)


def median_cost(runs: Sequence[ExecutionSummary]) -> float | None:
    """What a run of these usually cost; None where nobody knows."""
    costs = [run.cost_usd for run in runs if run.cost_usd is not None and run.status.is_final and not run.rehearsal]
    return median(costs) if costs else None


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
        cost_usd=median_cost(last),
    )
