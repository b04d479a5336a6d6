"""The list of executions in one tab; which slice it shows is in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import reflex as rx
from reflex.event import EventSpec

from renum_app.models.execution import ExecutionStatus
from renum_app.models.execution_read import ExecutionSummary
from renum_app.models.user import CurrentUser
from renum_app.models.values import Page, iso, utc_now
from renum_app.services import executions, teams
from renum_app.state.address import id_in
from renum_app.state.listing import Listing
from renum_app.state.session import signed_in

_LIMIT = 12
_MOST_TEAMS = 100
_WAITING = "waiting"
STATUSES = tuple(status.value for status in ExecutionStatus)


@dataclass(frozen=True)
class ExecutionRow:
    """One execution, as the list shows it."""

    execution_id: str
    team_name: str
    prompt: str
    status: str
    """An ExecutionStatus, or `waiting` while nothing of it moves by itself."""
    stopping: bool
    rehearsal: bool
    is_redo: bool
    """It was made from an ended one."""
    steps: list[str]
    done: int
    total: int
    cost_usd: float | None
    tokens: int
    created_at: str
    seconds: float | None
    """Since it started, until it ended or now."""


@dataclass(frozen=True)
class TeamChoice:
    team_id: str
    name: str


class ExecutionList(Listing, rx.State):
    rows: list[ExecutionRow] = []
    status: str = ""
    team_id: str = ""
    counts: dict[str, int] = {}
    """Executions by status, under the other filters."""
    teams: list[TeamChoice] = []
    _PATH: ClassVar[str] = "/executions"

    @rx.var
    def has_unfinished(self) -> bool:
        """Something on this page still moves."""
        return any(row.status in ("pending", "running") for row in self.rows)

    @rx.event
    async def refresh(self) -> None:
        """Bring what is shown up to date, without moving the person elsewhere."""
        user = await signed_in(self)
        before = [row.status for row in self.rows]
        await self._refresh(user)
        if [row.status for row in self.rows] != before:
            await self._count(user)

    @rx.event
    def choose_status(self, status: str) -> EventSpec:
        return self._go(status=status if status in STATUSES else "")

    @rx.event
    def choose_team(self, team_id: str) -> EventSpec:
        return self._go(team=str(id_in(team_id) or ""))

    def _narrow(self, asked: Mapping[str, str]) -> None:
        self.status = asked.get("status", "") if asked.get("status") in STATUSES else ""
        self.team_id = str(id_in(asked.get("team", "")) or "")

    def _narrowed(self) -> dict[str, str]:
        return {"status": self.status, "team": self.team_id}

    async def _show(self, user: CurrentUser) -> None:
        known = await teams.list_teams(user, limit=_MOST_TEAMS)
        self.teams = [TeamChoice(str(team.team_id), team.name) for team in known.items]
        await self._refresh(user)
        await self._count(user)

    async def _refresh(self, user: CurrentUser) -> None:
        found = await self._slice(user, self.status, page=self.page, limit=_LIMIT)
        now = utc_now()
        self.rows = [row_of(summary, now) for summary in found.items]
        self.total, self.pages = found.total, max(found.pages, 1)

    async def _count(self, user: CurrentUser) -> None:
        self.counts = {status: (await self._slice(user, status, page=1, limit=1)).total for status in STATUSES}

    async def _slice(self, user: CurrentUser, status: str, *, page: int, limit: int) -> Page[ExecutionSummary]:
        return await executions.list_executions(
            user,
            page=page,
            limit=limit,
            status=ExecutionStatus(status) if status else None,
            team_id=id_in(self.team_id),
            search=self.search,
        )


def row_of(summary: ExecutionSummary, now: datetime) -> ExecutionRow:
    """How a list shows an execution; `now` ends the clock of a running one."""
    started = summary.started_at
    return ExecutionRow(
        execution_id=str(summary.execution_id),
        team_name=summary.team_name,
        prompt=summary.initial_prompt.strip().split("\n", 1)[0][:160],
        status=_WAITING if summary.waiting_for else summary.status.value,
        stopping=summary.stopping,
        rehearsal=summary.rehearsal,
        is_redo=summary.parent_execution_id is not None,
        steps=[status.value for status in summary.step_statuses],
        done=sum(status.is_final for status in summary.step_statuses),
        total=summary.total_steps,
        cost_usd=summary.cost_usd,
        tokens=summary.total_tokens,
        created_at=iso(summary.created_at),
        seconds=((summary.completed_at or now) - started).total_seconds() if started else None,
    )
