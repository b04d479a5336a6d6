"""What one tab's dashboard shows: figures, what runs now, what needs the person, and what happened lately."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx

from renum_app.errors import RenumError
from renum_app.models.execution_read import ExecutionSummary
from renum_app.models.overview import DayRead, OverviewRead
from renum_app.models.team import TeamRead
from renum_app.models.user import CurrentUser
from renum_app.models.values import iso, utc_now
from renum_app.services import credentials, executions, teams
from renum_app.state.approvals import ApprovalRow
from renum_app.state.executions import ExecutionRow, row_of
from renum_app.state.needs import TightBudget, Trouble, asks_of, budget_of, troubles_of
from renum_app.state.sentence import Sentence, failure_of
from renum_app.state.session import count_again, signed_in

_RECENT = 6
_QUICK = 4
_NEWS = 6


@dataclass(frozen=True)
class Figures:
    """The overview, as the page formats it."""

    executions: int = 0
    more: int = 0
    """Than in the week before."""
    completed: int = 0
    ended: int = 0
    success_rate: float | None = None
    cost_usd: float | None = None
    cost_before: float | None = None
    median_seconds: float | None = None
    median_before: float | None = None


@dataclass(frozen=True)
class DayBar:
    """One day of the chart; heights in per cent of the fullest day."""

    date: str
    total: int
    completed: int
    failed: int
    completed_height: float
    failed_height: float
    others_height: float


@dataclass(frozen=True)
class QuickTeam:
    team_id: str
    name: str
    members: int
    strategy: str


@dataclass(frozen=True)
class News:
    """One thing that happened; `kind` chooses its sentence."""

    kind: str
    name: str
    href: str
    moment: str


class Dashboard(rx.State):
    is_loaded: bool = False
    failure: Sentence = Sentence()
    figures: Figures = Figures()
    running: int = 0
    queued: int = 0
    days: list[DayBar] = []
    recent: list[ExecutionRow] = []
    asks: list[ApprovalRow] = []
    asking: int = 0
    """All that wait for the person; `asks` are the most pressing of them."""
    budget: TightBudget = TightBudget()
    troubles: list[Trouble] = []
    quick: list[QuickTeam] = []
    news: list[News] = []
    _saved: list[News] = []
    """Of the teams, which change by the person's own hand only."""
    has_key: bool = False
    has_team: bool = False
    has_execution: bool = False

    @rx.var
    def is_moving(self) -> bool:
        """Something will change soon without the person."""
        return self.running + self.queued > 0

    @rx.var
    def is_new_here(self) -> bool:
        """The first steps are not all done."""
        return self.is_loaded and not (self.has_key and self.has_team and self.has_execution)

    @rx.event
    async def load(self) -> None:
        """Everything on the page."""
        user = await signed_in(self)
        self.failure = Sentence()
        try:
            await self._load(user)
        except RenumError as error:
            self.failure = failure_of(error)
        self.is_loaded = True

    @rx.event
    async def refresh(self) -> None:
        """What changes by itself."""
        await self._load_executions(await signed_in(self))

    async def _load(self, user: CurrentUser) -> None:
        known = await teams.list_teams(user, limit=_QUICK, active=True)
        self.quick = [_quick(team) for team in known.items]
        self.has_team, self.has_key = known.total > 0, bool(await credentials.list_credentials(user))
        self._saved = [_saved(team) for team in known.items]
        self.budget = await budget_of(user)
        await self._load_executions(user)

    async def _load_executions(self, user: CurrentUser) -> None:
        overview = await executions.overview(user)
        self.running, self.queued, self.figures = overview.running, overview.waiting, _figures(overview)
        self.days = _bars(overview.days)
        await count_again(self, user)
        now = utc_now()
        found = (await executions.list_executions(user, limit=_RECENT)).items
        self.recent, self.has_execution = [row_of(summary, now) for summary in found], bool(found)
        self.asks, self.asking = await asks_of(user), overview.needs_you
        self.troubles = await troubles_of(user, now)
        ended = [_ended(summary) for summary in found if summary.status.is_final]
        self.news = sorted([*ended, *self._saved], key=lambda news: news.moment, reverse=True)[:_NEWS]


def _figures(overview: OverviewRead) -> Figures:
    week, before = overview.last_7_days, overview.previous_7_days
    return Figures(
        executions=week.executions,
        more=week.executions - before.executions,
        completed=week.completed,
        ended=week.ended,
        success_rate=week.completed / week.ended if week.ended else None,
        cost_usd=week.cost_usd,
        cost_before=before.cost_usd,
        median_seconds=week.median_seconds,
        median_before=before.median_seconds,
    )


def _bars(days: list[DayRead]) -> list[DayBar]:
    """Nothing until there is something to draw."""
    fullest = max((day.completed + day.failed + day.others for day in days), default=0)
    return [_bar(day, 100 / fullest) for day in days] if fullest else []


def _bar(day: DayRead, unit: float) -> DayBar:
    heights = [round(count * unit, 2) for count in (day.completed, day.failed, day.others)]
    total = day.completed + day.failed + day.others
    return DayBar(f"{day.date}T12:00:00Z", total, day.completed, day.failed, *heights)


def _quick(team: TeamRead) -> QuickTeam:
    return QuickTeam(
        str(team.team_id), team.name, len(team.workflow_definition.agents), team.workflow_definition.type.value
    )


def _saved(team: TeamRead) -> News:
    return News("created" if team.version == 1 else "edited", team.name, f"/teams/{team.team_id}", iso(team.updated_at))


def _ended(summary: ExecutionSummary) -> News:
    moment = iso(summary.completed_at or summary.created_at)
    return News(summary.status.value, summary.team_name, f"/executions/{summary.execution_id}", moment)
