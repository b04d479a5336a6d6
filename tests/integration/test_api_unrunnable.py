"""A workflow that cannot run is refused when it is saved, with every reason and the path of its field."""

from __future__ import annotations

from typing import Any

import pytest

from tests.integration.people import Person

SEAT = "workflow_definition.agents"


def reasons_in(answer: Any) -> set[tuple[str, str]]:
    assert answer.status_code == 422, answer.text
    error = answer.json()["error"]
    assert error["message"]
    assert all(found["message"] for found in error["details"]["fields"])
    return {(found["field"], found["code"]) for found in error["details"]["fields"]}


def body_of(kind: str, *members: dict[str, Any], **config: Any) -> dict[str, Any]:
    seats = [{"execution_order": place, **member} for place, member in enumerate(members, start=1)]
    agent_ids = list(dict.fromkeys(seat["agent_id"] for seat in seats))
    definition = {"type": kind, "agents": seats}
    return {"name": "Equipe", "agent_ids": agent_ids, "workflow_definition": definition, "team_config": config}


async def test_every_reason_comes_at_once_with_its_field(ana: Person) -> None:
    one, two, three, four = [await ana.agent() for _ in range(4)]
    condition = {"field": "x", "operator": "exists"}
    body = body_of(
        "sequential",
        {"agent_id": one, "input": {"source": "agent_result", "agent_id": one}},
        {"agent_id": "nobody", "on_failure": "fallback"},
        {"agent_id": two, "input": {"source": "agent_result", "agent_id": three}},
        {"agent_id": three, "input": {"source": "combined", "sources": [{"type": "variable"}]}},
        {"agent_id": four, "role": "coordinator", "execution_order": 1, "conditions": [condition]},
        {"agent_id": one, "input": {"source": "combined"}},
        join="first",
    )
    body["agent_ids"].append("somebody")
    wanted = {
        ("agent_ids.5", "agent_not_in_workflow"),
        (f"{SEAT}.0.input.agent_id", "self_reference"),
        (f"{SEAT}.0.step_id", "duplicate_step"),
        (f"{SEAT}.5.step_id", "duplicate_step"),
        (f"{SEAT}.1.agent_id", "unknown_agent"),
        (f"{SEAT}.1.fallback_agent_id", "missing_fallback"),
        (f"{SEAT}.2.input.agent_id", "later_step"),
        (f"{SEAT}.3.input.sources.0.key", "missing_key"),
        (f"{SEAT}.4.execution_order", "coordinator_not_last"),
        (f"{SEAT}.4.conditions", "conditions_need_conditional"),
        (f"{SEAT}.5.input.sources", "missing_sources"),
        ("team_config.join", "join_needs_parallel"),
    }
    assert reasons_in(await ana.post("/teams", body)) == wanted
    team_id = await ana.team(one)
    assert reasons_in(await ana.ask("PUT", f"/teams/{team_id}", json=body)) == wanted
    assert (await ana.get("/teams")).json()["total"] == 1
    assert (await ana.get(f"/teams/{team_id}")).json()["version"] == 1


@pytest.mark.parametrize(
    ("operator", "field"),
    [("exists", "shared_context.x"), ("equals", "agent_results.b.text"), ("less_than", "shared_context.x.y")],
)
async def test_a_conditional_team_in_which_nothing_can_ever_run_is_refused(
    ana: Person, operator: str, field: str
) -> None:
    agent_id = await ana.agent()
    condition = {"field": field, "operator": operator, "value": 1}
    body = body_of("conditional", {"agent_id": agent_id, "conditions": [condition]})
    assert reasons_in(await ana.post("/teams", body)) == {(SEAT, "nothing_can_run")}


@pytest.mark.parametrize(
    ("member", "field"),
    [
        ({"execution_order": -1}, "execution_order"),
        ({"execution_order": "first"}, "execution_order"),
        ({"conditions": [{"field": "x", "operator": "resembles"}]}, "conditions.0.operator"),
        ({"conditions": [{"field": "", "operator": "exists"}]}, "conditions.0.field"),
        ({"conditions_mode": "some"}, "conditions_mode"),
        ({"retry": {"max_attempts": 0}}, "retry.max_attempts"),
        ({"timeout_seconds": 0}, "timeout_seconds"),
        ({"input": {"source": "thin air"}}, "input.source"),
        ({"on_failure": "panic"}, "on_failure"),
        ({"role": "king"}, "role"),
        ({"unheard_of": 1}, "unheard_of"),
    ],
)
async def test_a_word_or_number_that_means_nothing_is_named(ana: Person, member: dict[str, Any], field: str) -> None:
    body = body_of("conditional", {"agent_id": await ana.agent(), **member})
    assert f"{SEAT}.0.{field}" in {found for found, _ in reasons_in(await ana.post("/teams", body))}
