"""Budgets brake, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from renum_app.agents.backend import BackendUnreachable, Capabilities, RunEnded, RunRequest, RunUpdate, Usage
from renum_app.errors import Invalid
from renum_app.settings import Settings
from tests import factories
from tests.fakes import ScriptedBackend, fails, says
from tests.integration.engine.conftest import RunningEngine, Stage

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


async def test_a_step_that_would_be_sent_too_much_fails_and_says_so_and_the_team_goes_on(
    db: str, settings: Settings, backend: ScriptedBackend
) -> None:
    backend.scripts = {"Ana": says("palavra " * 1_000), "Caio": says("curto")}
    async with RunningEngine(settings.model_copy(update={"max_context_bytes": 4_096}), backend):
        stage = Stage(await factories.user(), backend)
        from_prompt = {"input": {"source": "initial_prompt"}}
        team = await stage.team("Ana", "Bia", "Caio", Bia={"on_failure": "continue"}, Caio=from_prompt)
        execution = await stage.run(team)
        stopped = await stage.run(await stage.team("Ana", "Bia", "Caio", Caio=from_prompt))

    assert execution.status == "completed"
    assert [step.status for step in execution.steps] == ["completed", "failed", "completed"]
    assert execution.steps[1].error_code == "input_too_large"
    assert "4096" in (execution.steps[1].error_message or "")
    assert backend.calls["Bia"] == 0
    assert (stopped.status, stopped.error_code) == ("failed", "input_too_large")


async def test_attempts_in_total_are_bounded_so_that_nothing_goes_on_for_ever(
    db: str, settings: Settings, backend: ScriptedBackend
) -> None:
    backend.scripts = {"Ana": fails(lambda: BackendUnreachable("backend_unreachable", service="x"))}
    async with RunningEngine(settings.model_copy(update={"max_steps_per_execution": 4}), backend):
        stage = Stage(await factories.user(), backend)
        patient = {"retry": {"max_attempts": 10, "backoff_seconds": 0.01}}
        execution = await stage.run(await stage.team("Ana", Ana=patient))

    assert (execution.status, execution.error_code) == ("failed", "budget_exceeded")
    assert backend.calls == {"Ana": 4}
    assert "4 of at most 4 attempts" in (execution.error_message or "")


@pytest.mark.parametrize("capped", [True, False])
async def test_agents_whose_answers_nobody_can_bound_run_one_at_a_time_under_a_cap(
    stage: Stage, *, capped: bool
) -> None:
    stage.backend.capabilities = Capabilities(bounds_output=False)
    at_work, most = 0, 0

    async def counted(request: RunRequest) -> AsyncIterator[RunUpdate]:
        nonlocal at_work, most
        at_work += 1
        most = max(most, at_work)
        await asyncio.sleep(0.05)
        at_work -= 1
        if request.agent.name == "Ana" and request.attempt == 1:
            raise BackendUnreachable("backend_unreachable", service="x")
        yield RunEnded(text="ok", usage=Usage(10, 5))

    names = ("Ana", "Bia", "Caio")
    stage.backend.scripts = dict.fromkeys(names, counted)
    team = await stage.team(*names, kind="parallel", Ana={"retry": {"backoff_seconds": 0.05}})
    execution = await stage.run(team, overrides={"max_tokens": 100_000} if capped else {})

    assert execution.status == "completed"
    assert most == (1 if capped else 3)
    assert stage.backend.calls == {"Ana": 2, "Bia": 1, "Caio": 1}


async def test_a_retry_waits_for_what_others_under_way_may_give_back(stage: Stage) -> None:
    stage.backend.scripts = {
        "Ana": fails(lambda: BackendUnreachable("backend_unreachable", service="x"), times=1),
        "Bia": says("ok", seconds=0.4),
        "Caio": says("ok", seconds=0.4),
    }
    again = {"retry": {"backoff_seconds": 0.05}}
    team = await stage.team("Ana", "Bia", "Caio", kind="parallel", Ana={**SMALL, **again}, Bia=SMALL, Caio=SMALL)
    execution = await stage.run(team, overrides={"max_tokens": 210})

    assert execution.status == "completed"
    assert stage.backend.calls == {"Ana": 2, "Bia": 1, "Caio": 1}
    assert len(await stage.events(execution.execution_id)) < 60, "it waits without asking again and again"
