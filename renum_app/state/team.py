"""One team in one tab: its workflow, its last executions, and the way to archive it."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from renum_app.errors import Conflict, NotFound
from renum_app.models.team import TeamRead
from renum_app.models.user import CurrentUser
from renum_app.models.values import iso, utc_now
from renum_app.services import executions, team_figures, teams
from renum_app.services.team_figures import SeatFigure
from renum_app.state.address import id_in, id_in_path
from renum_app.state.draft import draft_of
from renum_app.state.executions import ExecutionRow, row_of
from renum_app.state.notices import tell
from renum_app.state.sentence import Sentence
from renum_app.state.session import signed_in
from renum_app.state.team_agents import seated_in
from renum_app.state.team_graph import Graph, Node, graph_of
from renum_app.state.teams import median_cost

_RECENT = 8
TABS = ("runs", "members", "versions", "settings")


class TeamPage(rx.State):
    shown_id: str = ""
    """The team the facts below are of; empty while loading."""
    is_missing: bool = False
    name: str = ""
    description: str = ""
    strategy: str = ""
    version: int = 1
    is_active: bool = True
    updated_at: str = ""
    graph: Graph = Graph()
    max_cost_usd: float | None = None
    has_month_budget: bool = False
    monthly_budget_usd: float = 0.0
    max_tokens: int | None = None
    timeout: float | None = None
    max_concurrency: int | None = None
    runs: list[ExecutionRow] = []
    runs_in_all: int = 0
    refusal: Sentence = Sentence()

    tab: str = "runs"
    body: dict[str, Any] = {}
    """The team as `POST /teams` takes it, for export."""
    usual_cost_usd: float | None = None

    @rx.var
    def gone(self) -> list[str]:
        """Members whose agent is gone."""
        return [node.name for node in self.graph.nodes if node.is_missing]

    @rx.event
    async def load(self) -> None:
        """Show the team the address names."""
        user = await signed_in(self)
        wanted = id_in_path(self.router.url.path, after="teams")
        asked = self.router.url.query_parameters.get("tab", "")
        if str(wanted) != self.shown_id:
            self.reset()
        self.tab = asked if asked in TABS else TABS[0]
        try:
            if wanted is None:
                raise NotFound
            await self._show(user, await teams.get(user, wanted))
        except NotFound:
            self.is_missing = True

    @rx.event
    async def archive(self) -> EventSpec | None:
        """Take the team off the list, unless it is running."""
        user = await signed_in(self)
        wanted = id_in(self.shown_id)
        if wanted is None:
            return None
        try:
            await teams.delete(user, wanted)
        except Conflict as error:
            self.refusal = Sentence.of(error)
            return None
        await tell(self, "teams.archived", name=self.name)
        return rx.redirect("/teams")

    async def _show(self, user: CurrentUser, team: TeamRead) -> None:
        figures = await team_figures.by_seat(user, team.team_id)
        drawn = graph_of(team.workflow_definition, await seated_in(user, [team]))
        self.graph = replace(drawn, nodes=[_with_figure(node, figures.get(node.step_id)) for node in drawn.nodes])
        self.body = draft_of(team)
        found = await executions.list_executions(user, team_id=team.team_id, limit=_RECENT)
        now = utc_now()
        self.runs, self.runs_in_all = [row_of(summary, now) for summary in found.items], found.total
        self.usual_cost_usd = median_cost(found.items)
        self.name, self.description = team.name, team.description or ""
        self.strategy, self.version = team.workflow_definition.type.value, team.version
        self.is_active, self.updated_at = team.is_active, iso(team.updated_at)
        limits = team.team_config
        self.max_cost_usd, self.max_tokens = limits.max_cost_usd, limits.max_tokens
        self.has_month_budget = limits.monthly_budget_usd is not None
        self.monthly_budget_usd = limits.monthly_budget_usd or 0.0
        self.timeout, self.max_concurrency = limits.timeout, limits.max_concurrency
        self.is_missing, self.refusal, self.shown_id = False, Sentence(), str(team.team_id)


def _with_figure(node: Node, figure: SeatFigure | None) -> Node:
    return replace(node, **asdict(figure)) if figure else node
