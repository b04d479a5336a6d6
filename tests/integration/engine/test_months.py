"""Month budgets of a person and of a team, on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest

from renum_app.agents.backend import Usage
from renum_app.database import transaction
from renum_app.models.user import CurrentUser
from renum_app.repositories import users
from tests.fakes import says
from tests.integration.engine.conftest import Stage

MODEL = "openai:gpt-4o-mini"
BOUND = {"config": {"max_tokens": 1_000_000}}
"""A turn of gpt-4o-mini may cost 60 cents for these, and next to nothing for what it reads."""
DEAR = says("ok", usage=Usage(0, 1_000_000), provider="openai", model="gpt-4o-mini")
CHEAP = says("ok", usage=Usage(0, 10_000), provider="openai", model="gpt-4o-mini")


async def set_budget(user: CurrentUser, dollars: float | None) -> None:
    async with transaction() as session:
        await users.change(session, user.user_id, monthly_budget_usd=dollars)


@pytest.fixture
def paid(stage: Stage) -> Stage:
    stage.model = MODEL
    return stage


async def test_a_step_that_does_not_fit_the_persons_month_never_starts_and_the_sentence_says_why(paid: Stage) -> None:
    await set_budget(paid.user, 1.0)
    paid.backend.scripts = {"Ana": DEAR}
    team = await paid.team("Ana", "Bia", Ana=BOUND, Bia=BOUND)
    execution = await paid.run(team)

    assert (execution.status, execution.error_code) == ("failed", "budget_exceeded")
    assert [step.status for step in execution.steps] == ["completed", "cancelled"]
    assert paid.backend.calls == {"Ana": 1}
    assert execution.error_message
    assert "your US$ 1.0 for a month, US$ 0.6 are spent or reserved and US$ 0.4 are left" in execution.error_message
    assert "next month, which begins on" in execution.error_message


async def test_a_step_that_does_not_fit_the_teams_month_never_starts(paid: Stage) -> None:
    paid.backend.scripts = {"Ana": DEAR}
    team = await paid.team("Ana", Ana=BOUND, config={"monthly_budget_usd": 1.0})
    first, second = await paid.run(team), await paid.run(team)
    elsewhere = await paid.run(await paid.team("Ana", Ana=BOUND, config={"monthly_budget_usd": 1.0}))

    assert (first.status, second.status, elsewhere.status) == ("completed", "failed", "completed")
    assert second.error_message
    assert "of the US$ 1.0 this team may cost in a month, US$ 0.6 are spent" in second.error_message


async def test_what_was_measured_counts_and_not_what_was_reserved(paid: Stage) -> None:
    await set_budget(paid.user, 1.0)
    paid.backend.scripts = dict.fromkeys(("Ana", "Bia", "Caio"), CHEAP)
    execution = await paid.run(await paid.team("Ana", "Bia", "Caio", Ana=BOUND, Bia=BOUND, Caio=BOUND))

    assert execution.status == "completed"
    assert paid.backend.calls == {"Ana": 1, "Bia": 1, "Caio": 1}
