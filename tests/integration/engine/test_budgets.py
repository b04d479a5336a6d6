"""Budgets brake, on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest

from renum_app.agents.backend import Usage
from renum_app.errors import Invalid
from tests.fakes import says
from tests.integration.engine.conftest import Stage

SMALL = {"config": {"max_tokens": 100}}


async def test_a_cap_for_two_of_three_parallel_agents_and_the_third_never_starts(stage: Stage) -> None:
    stage.backend.scripts = {name: says("ok", seconds=0.1, usage=Usage(20, 100)) for name in ("Ana", "Bia", "Caio")}
    team = await stage.team("Ana", "Bia", "Caio", kind="parallel", Ana=SMALL, Bia=SMALL, Caio=SMALL)
    execution = await stage.run(team, overrides={"max_tokens": 242})

    assert (execution.status, execution.error_code) == ("failed", "budget_exceeded")
    assert [step.status for step in execution.steps] == ["completed", "completed", "cancelled"]
    assert stage.backend.calls == {"Ana": 1, "Bia": 1}
    assert execution.agent_results["Ana"]["text"] == "ok", "partial results stay"
    assert execution.usage_metrics["total_tokens"] == 240


async def test_a_cap_that_is_never_reached_changes_nothing_but_the_bound(stage: Stage) -> None:
    execution = await stage.run(await stage.team("Ana", "Bia"), overrides={"max_tokens": 1_000})

    assert execution.status == "completed"
    assert 900 < (stage.backend.sent_to("Ana").max_tokens or 0) < 1_000
    assert (stage.backend.sent_to("Bia").max_tokens or 0) < (stage.backend.sent_to("Ana").max_tokens or 0)


async def test_a_cap_in_dollars_is_refused_where_a_price_is_not_known(stage: Stage) -> None:
    team = await stage.team("Ana")
    with pytest.raises(Invalid) as refusal:
        await stage.start(team, overrides={"max_cost_usd": 1})
    assert refusal.value.problems[0].code == "price_unknown"
