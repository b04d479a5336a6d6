"""Retry, fork and resume, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from renum_app.agents.backend import AgentFailed, RunEnded, RunRequest, RunUpdate, Usage
from renum_app.database import reading, transaction
from renum_app.engine.plan import Plan
from renum_app.engine.reducer import progress_of
from renum_app.engine.rows import execution_values, step_values
from renum_app.errors import Conflict, Invalid, NotFound
from renum_app.models.agent import Agent
from renum_app.models.execution_read import ExecutionRead
from renum_app.models.redo import ForkRequest, ResumeRequest
from renum_app.models.team import TeamWrite
from renum_app.repositories import events as event_log
from renum_app.repositories import executions as rows
from renum_app.services import executions, redo, teams
from renum_app.settings import Settings
from tests import factories
from tests.fakes import fails, hangs, says
from tests.integration.engine.conftest import RunningEngine, Stage
from tests.integration.engine.test_stop import until_running
from tests.integration.processes import calls_in, engine_process, until

NAMES = ("Ana", "Bia", "Caio", "Davi", "Eva")
PIPELINE = {"kind": "pipeline"}


def refused() -> Exception:
    return AgentFailed("rehearsed_error", retryable=False)


async def failed_at_davi(stage: Stage, **team: Any) -> ExecutionRead:
    """Four of five in a row: three completed, the fourth failed; from now on it would answer."""
    stage.backend.scripts = {
        **{name: says(f"texto de {name}", usage=Usage(100, 20)) for name in NAMES},
        "Davi": fails(refused),
    }
    execution = await stage.run(await stage.team(*NAMES, **team))
    assert [step.status for step in execution.steps] == ["completed"] * 3 + ["failed", "cancelled"]
    stage.backend.scripts["Davi"] = says("agora sim")
    stage.backend.requests.clear()
    return execution


async def forked(stage: Stage, parent: ExecutionRead, from_step: str, **request: Any) -> ExecutionRead:
    body = ForkRequest(from_step=from_step, **request)
    return await stage.finished((await redo.fork(stage.user, parent.execution_id, body)).execution_id)


async def retried(stage: Stage, parent: ExecutionRead) -> ExecutionRead:
    return await stage.finished((await redo.retry(stage.user, parent.execution_id)).execution_id)


async def assert_rows_are_the_events(execution_id: UUID) -> None:
    async with reading() as session:
        found = await session.get_one(rows.Execution, execution_id)
        log = await event_log.after(session, execution_id, seq=0, limit=10_000)
        steps = (await rows.steps_of(session, [execution_id]))[execution_id]
    plan = Plan.model_validate(found.plan)
    progress = progress_of(plan, log)
    assert {name: getattr(found, name) for name in execution_values(plan, progress)} == execution_values(plan, progress)
    for step in steps:
        told = step_values(progress.steps[step.step_id])
        assert {name: getattr(step, name) for name in told} == told
    assert [event.seq for event in log] == list(range(1, found.last_seq + 1))


async def test_a_retry_calls_nobody_who_had_finished_and_says_what_that_saved(stage: Stage) -> None:
    parent = await failed_at_davi(stage, **PIPELINE)
    execution = await retried(stage, parent)

    assert execution.status == "completed"
    assert stage.backend.calls == {"Davi": 1, "Eva": 1}
    assert stage.backend.sent_to("Davi").input == "texto de Caio"
    assert (execution.parent_execution_id, execution.version) == (parent.execution_id, parent.version)
    assert execution.redo
    assert (execution.redo.kind, execution.redo.from_step, execution.redo.changed) == ("retry", None, [])
    assert execution.redo.reused_steps == ["Ana", "Bia", "Caio"]
    assert (execution.redo.saved_cost_usd, execution.redo.saved_tokens) == (None, 360), "no price list has the model"
    assert [(step.reason, step.cost_basis, step.cost_usd) for step in execution.steps[:3]] == [
        ("reused", "reused", 0.0)
    ] * 3
    assert execution.usage_metrics["total_tokens"] == 15 + 120, "only what was called here"
    children = (await executions.get(stage.user, parent.execution_id)).children
    assert [(child.execution_id, child.kind, child.status) for child in children] == [
        (execution.execution_id, "retry", "completed")
    ]
    second = await forked(stage, parent, "Eva", output="fim")
    children = (await executions.get(stage.user, parent.execution_id)).children
    assert [child.execution_id for child in children] == [second.execution_id, execution.execution_id], "newest first"
    listed = (await executions.list_executions(stage.user)).items[1]
    assert (listed.execution_id, listed.parent_execution_id) == (execution.execution_id, parent.execution_id)
    await assert_rows_are_the_events(execution.execution_id)


async def test_a_retry_says_what_the_results_it_took_over_had_cost(stage: Stage) -> None:
    async def priced(request: RunRequest) -> AsyncIterator[RunUpdate]:
        yield RunEnded(text="caro", usage=Usage(1_000_000, 0), provider="openai", model="gpt-4o")

    stage.backend.scripts = {"Ana": priced, "Bia": fails(refused)}
    parent = await stage.run(await stage.team("Ana", "Bia"))
    spent = parent.cost_metrics["known_cost_usd"]
    assert spent > 1
    stage.backend.scripts["Bia"] = says("ok", is_free=True)
    execution = await retried(stage, parent)
    assert execution.redo
    assert execution.redo.saved_cost_usd == spent
    assert execution.cost_metrics["total_cost_usd"] == 0
    again = await forked(stage, execution, "Bia")
    assert again.redo
    assert again.redo.saved_cost_usd == spent


async def test_everything_is_in_place_before_the_engine_starts(stage: Stage) -> None:
    parent = await failed_at_davi(stage)
    accepted = await redo.retry(stage.user, parent.execution_id)
    assert (accepted.status, accepted.progress, accepted.current_step) == ("pending", 60, 3)
    assert accepted.agent_results["Caio"]["text"] == "texto de Caio"
    execution = await stage.finished(accepted.execution_id)
    log = await stage.events(execution.execution_id)
    kinds = [event["kind"] for event in log]
    assert kinds[:4] == ["execution_accepted", "output_recorded", "step_reused", "logged"]
    assert kinds.count("step_reused") == 3
    assert kinds.index("execution_started") == 10
    lines = (await executions.logs(stage.user, execution.execution_id)).items
    assert [line.details["code"] for line in lines[:3]] == ["step_reused"] * 3


async def test_redone_again_and_again_the_first_savings_stay(stage: Stage) -> None:
    parent = await failed_at_davi(stage)
    stage.backend.scripts["Eva"] = fails(refused)
    second = await retried(stage, parent)
    assert (second.status, second.redo and second.redo.saved_tokens) == ("failed", 360)
    stage.backend.scripts["Eva"] = says("fim")
    third = await retried(stage, second)

    assert (third.status, third.redo and third.redo.reused_steps) == ("completed", ["Ana", "Bia", "Caio", "Davi"])
    assert third.redo
    assert third.redo.saved_tokens == 360 + 15
    assert stage.backend.calls == {"Davi": 1, "Eva": 2}
    assert (third.parent_execution_id, second.parent_execution_id) == (second.execution_id, parent.execution_id)


async def test_a_retry_killed_in_the_middle_goes_on_and_calls_nobody_who_had_finished(
    idle: Stage, db: str, settings: Settings, tmp_path: Path
) -> None:
    idle.backend.scripts = {"A4": fails(refused)}
    async with RunningEngine(settings, idle.backend):
        parent = await idle.run(await idle.team("A1", "A2", "A3", "A4", "A5"))
    retry = await redo.retry(idle.user, parent.execution_id)

    async def is_at_work() -> bool:
        return bool(calls_in(tmp_path))

    with engine_process(db, tmp_path / "engine", shared=tmp_path) as engine:
        await engine.start()
        await until(is_at_work, what="the first call")
        engine.kill()
        await engine.start()
        execution = await idle.ended(retry.execution_id)
    assert execution.status == "completed"
    assert [step_id for _, step_id in calls_in(tmp_path)] == ["A4", "A4", "A5"]
    assert execution.redo
    assert execution.redo.reused_steps == ["A1", "A2", "A3"]
    await assert_rows_are_the_events(execution.execution_id)


async def test_an_execution_that_was_stopped_goes_on_with_a_retry(stage: Stage) -> None:
    stage.backend.scripts["Bia"] = hangs(after="a meio")
    execution_id = await stage.start(await stage.team("Ana", "Bia"))
    await until_running(stage, execution_id, "Bia")
    await executions.stop(stage.user, execution_id)
    parent = await stage.finished(execution_id)
    assert parent.status == "cancelled"
    stage.backend.scripts["Bia"] = says("pronto")
    execution = await retried(stage, parent)

    assert execution.agent_results["Bia"]["text"] == "pronto"
    assert stage.backend.calls == {"Ana": 1, "Bia": 2}


async def test_a_fork_runs_its_step_and_what_follows_again(stage: Stage) -> None:
    stage.backend.scripts = {name: says(f"texto de {name}") for name in NAMES}
    parent = await stage.run(await stage.team(*NAMES, **PIPELINE))
    stage.backend.requests.clear()
    execution = await forked(stage, parent, "Caio")

    assert stage.backend.calls == {"Caio": 1, "Davi": 1, "Eva": 1}
    assert execution.redo
    assert (execution.redo.kind, execution.redo.from_step) == ("fork", "Caio")
    assert execution.final_result
    assert execution.final_result["summary"] == "texto de Eva"
    await assert_rows_are_the_events(execution.execution_id)


async def test_a_fork_with_another_input_reads_nothing_else_also_when_it_is_retried(stage: Stage) -> None:
    parent = await stage.run(await stage.team("Ana", "Bia", "Caio"))
    stage.backend.scripts["Bia"] = fails(refused)
    forked_once = await forked(stage, parent, "Bia", input="Só isto.")
    assert (stage.backend.sent_to("Bia").input, forked_once.status) == ("Só isto.", "failed")
    assert forked_once.redo
    assert forked_once.redo.changed == ["input"]
    reads = [
        event["data"]["reads"] for event in await stage.events(forked_once.execution_id) if "reads" in event["data"]
    ]
    assert reads == [["person"]]
    stage.backend.scripts["Bia"] = says("ok")
    stage.backend.requests.clear()
    assert (await retried(stage, forked_once)).status == "completed"
    assert stage.backend.sent_to("Bia").input == "Só isto."
    assert stage.backend.calls == {"Bia": 1, "Caio": 1}


async def test_a_fork_with_another_output_calls_only_those_who_follow(stage: Stage) -> None:
    parent = await stage.run(await stage.team(*NAMES, **PIPELINE))
    stage.backend.requests.clear()
    execution = await forked(stage, parent, "Davi", output='Meu texto.\n```renum\n{"set": {"x": 7}}\n```')

    assert stage.backend.calls == {"Eva": 1}
    assert stage.backend.sent_to("Eva").input.startswith("Meu texto.")
    assert (execution.steps[3].status, execution.steps[3].reason) == ("completed", "given")
    assert execution.redo
    assert (execution.redo.changed, execution.redo.reused_steps) == (["output"], ["Ana", "Bia", "Caio"])
    assert execution.final_result
    assert execution.final_result["details"]["shared_context"] == {"x": 7}


async def test_a_given_output_of_the_last_step_ends_without_a_call(stage: Stage) -> None:
    parent = await stage.run(await stage.team("Ana", "Bia"))
    stage.backend.requests.clear()
    execution = await forked(stage, parent, "Bia", output="O fim.")
    assert (execution.status, stage.backend.calls) == ("completed", {})
    assert execution.final_result
    assert execution.final_result["summary"] == "O fim."
    await assert_rows_are_the_events(execution.execution_id)


async def test_a_fork_with_another_prompt_sends_it_to_those_that_run_again(stage: Stage) -> None:
    parent = await stage.run(await stage.team("Ana", "Bia", Bia={"input": {"source": "initial_prompt"}}))
    execution = await forked(stage, parent, "Bia", initial_prompt="Outra coisa.")
    assert (execution.initial_prompt, stage.backend.sent_to("Bia").input) == ("Outra coisa.", "Outra coisa.")
    assert stage.backend.calls == {"Ana": 1, "Bia": 2}


async def test_a_fork_under_a_newer_version_keeps_what_its_seats_allow(stage: Stage) -> None:
    team_id = await stage.team("Ana", "Bia", "Caio")
    parent = await stage.run(team_id)
    (newcomer,) = await stage.agents("Dora")
    team = await teams.get(stage.user, team_id)
    seats = [member.model_dump(exclude_none=True) for member in team.workflow_definition.agents]
    seats[1] |= {"agent_id": newcomer.agent_id}
    agent_ids = [seat["agent_id"] for seat in seats]
    body = {
        "name": "Nova",
        "agent_ids": agent_ids,
        "workflow_definition": {"type": "sequential", "agents": seats},
    }
    await teams.update(stage.user, team_id, TeamWrite.model_validate(body))
    stage.backend.requests.clear()

    old = await forked(stage, parent, "Caio")
    assert (old.version, old.team_name, stage.backend.calls) == (1, parent.team_name, {"Caio": 1})
    stage.backend.requests.clear()
    new = await forked(stage, parent, "Caio", team_version=2)
    assert (new.version, new.team_name, stage.backend.calls) == (2, "Nova", {"Bia": 1, "Caio": 1})
    assert new.redo
    assert (new.redo.changed, new.redo.reused_steps) == (["team_version"], ["Ana"])


async def test_agents_are_asked_as_they_are_now(stage: Stage) -> None:
    parent = await failed_at_davi(stage)
    async with transaction() as session:
        agent = await session.get_one(Agent, parent.steps[3].agent_id)
        agent.instructions = "Seja breve."
        session.add(agent)
    await retried(stage, parent)
    assert stage.backend.sent_to("Davi").instructions.startswith("Seja breve.")


async def test_a_coordinator_reads_the_branches_that_were_taken_over(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says("um"), "Bia": says("dois"), "Chefe": fails(refused)}
    chief = {"role": "coordinator", "execution_order": 9}
    parent = await stage.run(await stage.team("Ana", "Bia", "Chefe", kind="parallel", Chefe=chief))
    stage.backend.scripts["Chefe"] = says("resumo")
    stage.backend.requests.clear()
    execution = await retried(stage, parent)
    assert (execution.status, stage.backend.calls) == ("completed", {"Chefe": 1})
    sent = stage.backend.sent_to("Chefe").input
    assert "um" in sent
    assert "dois" in sent


async def test_a_join_that_was_missed_counts_earlier_successes(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says("um"), "Bia": fails(refused), "Caio": fails(refused)}
    config = {"join": "k", "join_k": 2}
    parent = await stage.run(await stage.team("Ana", "Bia", "Caio", kind="parallel", config=config))
    assert parent.status == "failed"
    stage.backend.scripts["Bia"] = says("dois")
    stage.backend.requests.clear()
    execution = await retried(stage, parent)
    assert (execution.status, stage.backend.calls) == ("completed", {"Bia": 1, "Caio": 1})


async def test_a_skipped_step_is_decided_again_on_variables_taken_over(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says('{"x": 1}'), "Davi": fails(refused)}
    wants_more = {"conditions": [{"field": "x", "operator": "greater_than", "value": 5}]}
    wants_some = {"conditions": [{"field": "x", "operator": "exists"}]}
    team = await stage.team(
        "Ana", "Bia", "Caio", "Davi", kind="conditional", Bia=wants_more, Caio=wants_some, Davi=wants_some
    )
    parent = await stage.run(team)
    assert [step.status for step in parent.steps] == ["completed", "skipped", "completed", "failed"]
    stage.backend.scripts["Davi"] = says("fim")
    stage.backend.requests.clear()
    execution = await retried(stage, parent)
    assert [step.status for step in execution.steps] == ["completed", "skipped", "completed", "completed"]
    assert stage.backend.calls == {"Davi": 1}


async def test_resume_goes_on_under_a_higher_cap_that_counts_from_zero(stage: Stage) -> None:
    stage.backend.scripts = {name: says("texto", usage=Usage(100, 100)) for name in ("Ana", "Bia", "Caio")}
    parent = await stage.run(await stage.team("Ana", "Bia", "Caio"), overrides={"max_tokens": 350, "timeout": 60})
    assert (parent.error_code, stage.backend.calls) == ("budget_exceeded", {"Ana": 1, "Bia": 1})
    stage.backend.requests.clear()
    accepted = await redo.resume(stage.user, parent.execution_id, ResumeRequest(max_tokens=400))
    execution = await stage.finished(accepted.execution_id)

    assert (execution.status, stage.backend.calls) == ("completed", {"Caio": 1})
    assert (execution.overrides.max_tokens, execution.overrides.timeout) == (400, 60)
    assert execution.redo
    assert (execution.redo.kind, execution.redo.changed, execution.redo.saved_tokens) == ("resume", ["cap"], 400)
    assert execution.usage_metrics["total_tokens"] == 200


async def test_what_cannot_be_redone_says_why(stage: Stage) -> None:
    completed = await stage.run(await stage.team("Ana", "Bia"))
    failed = await failed_at_davi(stage)
    stage.backend.scripts["Ana"] = hangs()
    running = await stage.start(await stage.team("Ana"))
    again = ForkRequest(from_step="Ana")
    refusals = {
        "nothing_to_retry": redo.retry(stage.user, completed.execution_id),
        "not_finished": redo.retry(stage.user, running),
        "not_resumable": redo.resume(stage.user, failed.execution_id, ResumeRequest(max_cost_usd=9)),
    }
    for code, refusal in refusals.items():
        with pytest.raises(Conflict) as caught:
            await refusal
        assert caught.value.code == code
    for refusal in (redo.fork(stage.user, running, again), redo.resume(stage.user, running, ResumeRequest())):
        with pytest.raises(Conflict, match="not_finished"):
            await refusal
    await executions.stop(stage.user, running)
    await stage.finished(running)
    assert (await executions.list_executions(stage.user)).total == 3, "nothing was started"


@pytest.mark.parametrize(
    ("request_", "field", "code"),
    [
        ({"from_step": "Zoe"}, "from_step", "unknown_step"),
        ({"from_step": "Ana", "team_version": 7}, "team_version", "unknown_version"),
        ({"from_step": "Ana", "input": "a", "output": "b"}, "input", "input_and_output"),
        ({"from_step": "Ana", "input": "  "}, "input", "blank"),
        ({"from_step": "Ana", "output": "\n"}, "output", "blank"),
        ({"from_step": "Ana", "initial_prompt": " "}, "initial_prompt", "prompt_is_blank"),
        ({"from_step": "Ana", "initial_prompt": "x" * 200_001}, "initial_prompt", "prompt_too_long"),
        ({"from_step": "Ana", "input": "x" * 200_001}, "input", "string_too_long"),
    ],
)
async def test_a_fork_that_makes_no_sense_names_the_field(
    stage: Stage, request_: dict[str, Any], field: str, code: str
) -> None:
    parent = await stage.run(await stage.team("Ana"))
    with pytest.raises(Invalid) as caught:
        await redo.fork(stage.user, parent.execution_id, ForkRequest(**request_))
    assert (caught.value.problems[0].field, caught.value.problems[0].code) == (field, code)


async def test_a_team_that_cannot_run_redoes_nothing(stage: Stage) -> None:
    parent = await failed_at_davi(stage)
    team = await teams.get(stage.user, parent.team_id)
    body = TeamWrite.model_validate({name: getattr(team, name) for name in TeamWrite.model_fields})
    await teams.update(stage.user, team.team_id, body.model_copy(update={"is_active": False}))
    with pytest.raises(Conflict, match="team_inactive"):
        await redo.retry(stage.user, parent.execution_id)
    await teams.delete(stage.user, team.team_id)
    with pytest.raises(Conflict, match="team_archived"):
        await redo.retry(stage.user, parent.execution_id)


async def test_a_cap_in_dollars_without_a_price_resumes_nothing(stage: Stage) -> None:
    parent = await stage.run(await stage.team("Ana"), overrides={"max_tokens": 1})
    assert parent.error_code == "budget_exceeded"
    with pytest.raises(Invalid) as caught:
        await redo.resume(stage.user, parent.execution_id, ResumeRequest(max_cost_usd=1))
    assert (caught.value.problems[0].field, caught.value.problems[0].code) == ("max_cost_usd", "price_unknown")


async def test_another_persons_execution_is_not_there(stage: Stage) -> None:
    parent = await failed_at_davi(stage)
    stranger = await factories.user()
    for attempt in (
        redo.retry(stranger, parent.execution_id),
        redo.fork(stranger, parent.execution_id, ForkRequest(from_step="Davi")),
        redo.resume(stranger, parent.execution_id, ResumeRequest()),
    ):
        with pytest.raises(NotFound):
            await attempt
