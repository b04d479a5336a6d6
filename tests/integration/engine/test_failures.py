"""What happens when an agent fails, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import time

from renum_app.agents.backend import AgentFailed, BackendUnreachable, CredentialMissing, RateLimited, TextDelta
from tests.fakes import fails, hangs, says
from tests.integration.engine.conftest import Stage

QUICK = {"retry": {"max_attempts": 3, "backoff_seconds": 0.01}}


async def test_a_retryable_failure_is_tried_again_and_forgotten(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": fails(lambda: BackendUnreachable("unreachable"), times=2, then="enfim")}
    execution = await stage.run(await stage.team("Ana", Ana=QUICK))

    assert execution.status == "completed"
    assert execution.steps[0].attempt == 3
    assert execution.agent_results["Ana"]["text"] == "enfim"
    kinds = [event["kind"] for event in await stage.events(execution.execution_id)]
    assert (kinds.count("attempt_failed"), kinds.count("retry_scheduled")) == (2, 2)


async def test_a_failed_step_cancels_the_ones_after_it(stage: Stage) -> None:
    stage.backend.scripts = {"Bia": fails(lambda: CredentialMissing("credential_missing", service="openai"))}
    execution = await stage.run(await stage.team("Ana", "Bia", "Caio"))

    assert [step.status for step in execution.steps] == ["completed", "failed", "cancelled"]
    assert (execution.status, execution.error_code) == ("failed", "credential_missing")
    assert execution.error_message
    assert "Bia" in execution.error_message
    assert stage.backend.calls == {"Ana": 1, "Bia": 1}


async def test_a_team_goes_on_without_a_member_that_may_fail(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": fails(lambda: AgentFailed("refused"))}
    execution = await stage.run(await stage.team("Ana", "Bia", Ana={"on_failure": "continue"}))

    assert execution.status == "completed"
    assert execution.agent_results["Ana"]["error"]["code"] == "agent_failed"
    assert execution.final_result
    assert execution.final_result["summary"] == "Feito."


async def test_the_fallback_agent_takes_the_next_attempt_of_the_same_step(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": fails(lambda: AgentFailed("refused")), "Reserva": says("salvo")}
    (spare,) = await stage.agents("Reserva")
    team = await stage.team("Ana", Ana={"on_failure": "fallback", "fallback_agent_id": spare.agent_id})
    execution = await stage.run(team)

    assert execution.status == "completed"
    assert execution.agent_results["Ana"]["text"] == "salvo"
    assert [request.agent.name for request in stage.backend.requests] == ["Ana", "Reserva"]
    assert [request.attempt for request in stage.backend.requests] == [1, 2]


async def test_the_provider_says_how_long_to_wait(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": fails(lambda: RateLimited(retry_after=0.6), times=1)}
    began = time.monotonic()
    execution = await stage.run(await stage.team("Ana", Ana=QUICK))

    assert execution.status == "completed"
    assert time.monotonic() - began >= 0.6


async def test_an_attempt_that_takes_too_long_is_ended(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": hangs(after="quase")}
    execution = await stage.run(
        await stage.team("Ana", Ana={"timeout_seconds": 0.2, "retry": {"max_attempts": 1, "backoff_seconds": 0}})
    )

    assert (execution.status, execution.error_code) == ("failed", "timeout")
    assert stage.backend.ended["Ana"] == 1
    assert execution.cost_metrics["total_cost_usd"] is None, "what the cut call has spent is not known"


async def test_an_execution_that_takes_too_long_is_ended(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": hangs()}
    execution = await stage.run(await stage.team("Ana", "Bia"), overrides={"timeout": 0.3})

    assert (execution.status, execution.error_code) == ("failed", "timeout")
    assert [step.status for step in execution.steps] == ["cancelled", "cancelled"]
    assert stage.backend.stopped == ["Ana"]


async def test_a_stream_that_just_ends_is_a_cut_and_not_an_answer(stage: Stage) -> None:
    async def cut(request):
        yield TextDelta("metade de uma resp")

    stage.backend.scripts = {"Ana": cut}
    execution = await stage.run(await stage.team("Ana", Ana=QUICK))

    assert (execution.status, execution.error_code) == ("failed", "bad_stream")
    assert stage.backend.calls["Ana"] == 3


async def test_an_answer_that_grows_too_large_ends_its_attempt(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says("x" * 2_000_000, pieces=20)}
    execution = await stage.run(await stage.team("Ana"))

    assert (execution.status, execution.error_code) == ("failed", "agent_failed")
    assert "1048576" in (execution.error_message or "")


async def test_a_broken_backend_fails_its_step_and_nothing_else(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": fails(lambda: ZeroDivisionError("oops"))}
    execution = await stage.run(await stage.team("Ana", "Bia", Ana={"on_failure": "continue"}))

    assert execution.status == "completed"
    assert "ZeroDivisionError" in execution.agent_results["Ana"]["error"]["message"]


async def test_text_that_no_database_holds_is_made_storable(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says("nul \x00 e meio \ud83d par")}
    execution = await stage.run(await stage.team("Ana"))

    assert execution.status == "completed"
    assert execution.agent_results["Ana"]["text"] == "nul \ufffd e meio ? par"


async def test_the_first_success_stops_the_other_branches_upstream(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says("primeiro", seconds=0.1), "Bia": hangs(identifiers={"run": "b"})}
    execution = await stage.run(await stage.team("Ana", "Bia", kind="parallel", config={"join": "first"}))

    assert execution.status == "completed"
    assert execution.final_result
    assert execution.final_result["summary"] == "primeiro"
    loser = execution.steps[1]
    assert (loser.status, loser.reason) == ("cancelled", "join_satisfied")
    assert stage.backend.ended["Bia"] == 1


async def test_nothing_is_told_of_a_cut_branch_after_its_end_and_nothing_after_the_end_of_all(stage: Stage) -> None:
    stage.backend.scripts = {
        "Ana": says("primeiro", seconds=0.45),
        "Bia": says("palavra " * 100, seconds=2, pieces=100),
    }
    execution = await stage.run(await stage.team("Ana", "Bia", kind="parallel", config={"join": "first"}))
    await asyncio.sleep(0.5)  # a straggler would be stored by then
    log = await stage.events(execution.execution_id)
    assert log[-1]["kind"] == "execution_completed"
    (end,) = [place for place, event in enumerate(log) if event["kind"] == "step_cancelled"]
    assert "text_streamed" not in [event["kind"] for event in log[end:]]
