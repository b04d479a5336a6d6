"""Teams run to their end, on SQLite and PostgreSQL."""

from __future__ import annotations

import time

import pytest

from renum_app.agents.backend import AgentFailed
from tests.fakes import fails, says
from tests.integration.engine.conftest import Stage


async def test_a_sequential_team_passes_results_on(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says("achado um"), "Bia": says("achado dois")}
    execution = await stage.run(await stage.team("Ana", "Bia"), "Analise a empresa.")

    assert (execution.status, execution.error_message) == ("completed", None)
    assert stage.backend.sent_to("Ana").input == "Analise a empresa."
    assert "achado um" in stage.backend.sent_to("Bia").input
    assert "Analise a empresa." in stage.backend.sent_to("Bia").input
    assert execution.final_result
    assert execution.final_result["summary"] == "achado dois"
    assert execution.agent_results["Ana"]["text"] == "achado um"
    assert execution.usage_metrics["total_tokens"] == 30
    assert execution.usage_metrics["agent_tokens"] == {"Ana": 15, "Bia": 15}
    assert execution.progress == 100


@pytest.mark.alone
async def test_four_parallel_agents_of_one_second_take_little_more_than_one(stage: Stage) -> None:
    names = ("Ana", "Bia", "Caio", "Davi")
    stage.backend.scripts = {name: says(name * 10, seconds=1, pieces=4) for name in names}
    team = await stage.team(*names, kind="parallel")
    began = time.monotonic()
    execution = await stage.run(team)

    assert time.monotonic() - began < 1.5
    assert execution.status == "completed"
    assert execution.final_result
    assert all(f"## {name}" in execution.final_result["summary"] for name in names)


async def test_two_writes_to_one_key_keep_the_later_step_and_are_told(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says('{"nota": 1}'), "Bia": says('{"nota": 2, "cor": "azul"}', seconds=0.1)}
    execution = await stage.run(await stage.team("Ana", "Bia", kind="parallel"))

    assert (execution.status, execution.error_message) == ("completed", None)
    assert execution.final_result
    assert execution.final_result["details"]["shared_context"] == {"nota": 2, "cor": "azul"}
    (warning,) = execution.final_result["details"]["warnings"]
    assert (warning["code"], warning["key"], warning["winner"]) == ("write_conflict", "nota", "Bia")
    assert warning["message"] == "Ana, Bia wrote nota at the same time; the value of Bia was kept."


async def test_a_conflict_is_told_also_where_a_skipped_member_is_the_last_to_end(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says('{"nota": 1}'), "Bia": says('{"nota": 2}')}
    stage.backend.scripts["Caio"] = fails(lambda: AgentFailed("refused"), after_seconds=0.3)
    reads_caio = {"input": {"source": "agent_result", "agent_id": "Caio"}}
    team = await stage.team(
        "Ana", "Bia", "Caio", "Davi", kind="parallel", Caio={"on_failure": "continue"}, Davi=reads_caio
    )
    execution = await stage.run(team)

    assert [step.status for step in execution.steps] == ["completed", "completed", "failed", "skipped"]
    assert execution.final_result
    assert [warning["code"] for warning in execution.final_result["details"]["warnings"]] == ["write_conflict"]
