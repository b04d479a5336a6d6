"""How the seats of a team have done, from its executions on both databases."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from renum_app.services import team_figures
from renum_app.services.team_figures import SeatFigure, figures_of
from tests.integration.people import Person


def ended(status: str, cost: float | None = None, backend: str = "local") -> Any:
    return SimpleNamespace(step_id="ana", status=status, backend=backend, cost_usd=cost)


def test_what_was_skipped_or_stopped_says_nothing_and_rehearsals_cost_nothing():
    rows = [ended("completed", 0.2), ended("completed", 0.4), ended("failed"), ended("completed", 0.0, "rehearsal")]
    assert figures_of([*rows, ended("skipped"), ended("cancelled")]) == {
        "ana": SeatFigure(4, 0.75, 0.30000000000000004)
    }
    assert figures_of([ended("skipped")]) == {}


async def test_the_seats_are_told_of_their_own_persons_executions(ana: Person, bruno: Person, engine: object) -> None:
    good = await ana.agent()
    bad = await ana.agent(
        rehearsal={"seconds": 0, "first_token_seconds": 0, "faults": [{"kind": "error", "attempts": []}]}
    )
    team_id = await ana.team(good, bad)
    for _ in range(2):
        await ana.ended(await ana.execution(team_id))
    found = await team_figures.by_seat(ana.user, UUID(team_id))
    assert found == {good: SeatFigure(2, 1.0, None), bad: SeatFigure(2, 0.0, None)}
    assert await team_figures.by_seat(bruno.user, UUID(team_id)) == {}
