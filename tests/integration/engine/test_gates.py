"""Why: each gate that exists leaves the values it saw, and a team without gates leaves nothing."""

from __future__ import annotations

from typing import Any

from renum_app.agents.backend import AgentFailed, BackendUnreachable, RateLimited
from renum_app.models.execution_read import ExecutionRead
from tests.fakes import fails, says
from tests.integration.engine.conftest import Stage

QUICK = {"retry": {"max_attempts": 2, "backoff_seconds": 0.01}}


async def gates(stage: Stage, execution: ExecutionRead, gate: str) -> list[dict[str, Any]]:
    events = await stage.events(execution.execution_id)
    passed = [event["data"] for event in events if event["kind"] == "gate_passed"]
    return [line["details"] for line in passed if line["details"]["gate"] == gate]


async def test_a_team_without_gates_records_none(stage: Stage) -> None:
    for kind in ("sequential", "pipeline"):
        execution = await stage.run(await stage.team("Ana", "Bia", kind=kind))
        kinds = {event["kind"] for event in await stage.events(execution.execution_id)}
        assert "gate_passed" not in kinds


async def test_conditions_that_held_say_what_they_saw(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says('{"risco": 7}')}
    wants = {"conditions": [{"field": "risco", "operator": "greater_than", "value": 3}]}
    execution = await stage.run(await stage.team("Ana", "Bia", kind="conditional", Bia=wants))

    (held,) = await gates(stage, execution, "condition")
    assert (held["step_id"], held["outcome"]) == ("Bia", "started")
    (condition,) = held["seen"]["conditions"]
    assert (condition["field"], condition["actual"], condition["holds"]) == ("risco", 7, True)


async def test_the_join_says_who_succeeded_and_what_was_wanted(stage: Stage) -> None:
    stage.backend.scripts = {"Bia": fails(lambda: AgentFailed("refused"))}
    members = ("Ana", "Bia", "Caio")
    config = {"join": "k", "join_k": 2}
    execution = await stage.run(await stage.team(*members, kind="parallel", config=config))
    (joined,) = await gates(stage, execution, "join")
    figures = {name: joined[name] for name in ("outcome", "join", "wanted", "successes", "failures", "branches")}
    assert figures == {"outcome": "satisfied", "join": "k", "wanted": 2, "successes": 2, "failures": 1, "branches": 3}

    unreached = await stage.run(await stage.team(*members, kind="parallel", config={"join": "k", "join_k": 3}))
    (joined,) = await gates(stage, unreached, "join")
    assert (unreached.status, joined["outcome"], joined["wanted"]) == ("failed", "failed", 3)


async def test_the_budget_says_what_it_set_aside_and_why_it_said_no(stage: Stage) -> None:
    few = {"config": {"max_tokens": 60}}
    team = await stage.team("Ana", "Bia", config={"max_tokens": 85}, Ana=few, Bia={"config": {"max_tokens": 10_000}})
    stage.backend.scripts = {"Ana": says("palavra " * 200)}
    execution = await stage.run(team)

    reserved, refused = await gates(stage, execution, "budget")
    assert (execution.status, execution.error_code) == ("failed", "budget_exceeded")
    assert (reserved["outcome"], reserved["cap"], reserved["spent"]) == ("reserved", 85, 0)
    assert refused["outcome"] == "refused"
    assert refused["why_params"]["cap"] == 85


async def test_a_retry_says_whether_it_helps_what_is_left_and_whose_pause_it_is(stage: Stage) -> None:
    stage.backend.scripts = {
        "Ana": fails(lambda: BackendUnreachable("unreachable"), times=1),
        "Bia": fails(lambda: RateLimited(retry_after=0.1), times=1),
        "Caio": fails(lambda: AgentFailed("refused")),
        "Davi": fails(lambda: BackendUnreachable("unreachable")),
    }
    may_fail = {**QUICK, "on_failure": "continue"}
    team = await stage.team("Ana", "Bia", "Caio", "Davi", Ana=QUICK, Bia=QUICK, Caio=may_fail, Davi=may_fail)
    execution = await stage.run(team)

    told = [
        (line["step_id"], line["outcome"], line["retryable"], line["attempts_left"], line.get("pause"))
        for line in await gates(stage, execution, "retry")
    ]
    assert told == [
        ("Ana", "again", True, 1, "backoff"),
        ("Bia", "again", True, 1, "retry_after"),
        ("Caio", "failed", False, 1, None),
        ("Davi", "again", True, 1, "backoff"),
        ("Davi", "failed", True, 0, None),
    ]
