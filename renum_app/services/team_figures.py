"""How the seats of a team have done so far: what the team's own page and nobody else asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median
from typing import Any
from uuid import UUID

from renum_app.database import reading
from renum_app.models.agent import Backend
from renum_app.models.step import StepStatus
from renum_app.models.user import CurrentUser
from renum_app.repositories import estimates as history

_EXECUTIONS = 50


@dataclass(frozen=True)
class SeatFigure:
    """One seat in the team's last executions."""

    runs: int = 0
    """Times it completed or failed; what was skipped or stopped says nothing about it."""
    success: float = 0.0
    """The share that completed, from 0 to 1."""
    cost_usd: float | None = None
    """The median of the runs whose cost is known; rehearsals do not count."""


async def by_seat(user: CurrentUser, team_id: UUID) -> dict[str, SeatFigure]:
    """The seats by step id, over the person's last executions of the team; nobody else's are looked at."""
    async with reading() as session:
        rows = await history.last_steps(session, owner=user.user_id, team_id=team_id, executions=_EXECUTIONS)
    return figures_of(rows)


def figures_of(rows: Iterable[Any]) -> dict[str, SeatFigure]:
    """Rows with step_id, status, backend and cost_usd, put together by seat."""
    of_seat: defaultdict[str, list[Any]] = defaultdict(list)
    for row in rows:
        if row.status in (StepStatus.COMPLETED.value, StepStatus.FAILED.value):
            of_seat[row.step_id].append(row)
    return {step_id: _figure(ended) for step_id, ended in of_seat.items()}


def _figure(rows: list[Any]) -> SeatFigure:
    completed = sum(row.status == StepStatus.COMPLETED.value for row in rows)
    real = [row for row in rows if row.backend != Backend.REHEARSAL.value]
    costs = [row.cost_usd for row in real if row.cost_usd is not None]
    return SeatFigure(len(rows), completed / len(rows), median(costs) if costs else None)
