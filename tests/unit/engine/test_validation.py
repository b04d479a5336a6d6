"""A team that cannot run is refused with every reason."""

from __future__ import annotations

from typing import Any

import pytest

from renum_app.engine.validation import problems
from renum_app.models.team import TeamWrite
from tests.unit.engine.teams import body

AGENTS = "workflow_definition.agents"


def found(team: TeamWrite, known: str = "abcdefgz", limit: int = 50) -> list[tuple[str, str]]:
    return [(problem.field, problem.code) for problem in problems(team, set(known), limit)]


def reading(agent_id: str, source: str, **more: Any) -> dict[str, Any]:
    return {"agent_id": agent_id, "input": {"source": "agent_result", "agent_id": source}, **more}


def combined(agent_id: str, *sources: dict[str, Any]) -> dict[str, Any]:
    return {"agent_id": agent_id, "input": {"source": "combined", "sources": list(sources)}}


def when(agent_id: str, field: str, operator: str = "exists") -> dict[str, Any]:
    return {"agent_id": agent_id, "conditions": [{"field": field, "operator": operator, "value": 1}]}


COORDINATOR = {"agent_id": "z", "role": "coordinator"}


@pytest.mark.parametrize(
    "team",
    [
        body("a", "b"),
        body("a", reading("b", "a")),
        body({"agent_id": "a", "requires_approval": "before", "approval": {"deadline_seconds": 60}}),
        body({"agent_id": "a", "requires_approval": "after", "approval": {"on_deadline": "approve"}}),
        body("a", {"agent_id": "a", "step_id": "again"}),
        body("a", "b", COORDINATOR),
        body("a", "b", {**COORDINATOR, "execution_order": 2}, kind="parallel"),
        body(reading("a", "b"), "b", kind="parallel"),
        body("a", "b", kind="parallel", join="k", join_k=2),
        body("a", when("b", "shared_context.x"), kind="conditional"),
        body(when("a", "region"), kind="conditional"),
        body("a", combined("b", {"type": "agent_result", "agent_id": "a"}, {"type": "context", "key": "x"})),
    ],
)
def test_a_team_that_can_run_has_no_problem(team: TeamWrite) -> None:
    assert found(team) == []


@pytest.mark.parametrize(
    ("team", "field", "code"),
    [
        (body("a", "nobody"), f"{AGENTS}.1.agent_id", "unknown_agent"),
        (body("a", "a"), f"{AGENTS}.0.step_id", "duplicate_step"),
        (body("a", reading("b", "b")), f"{AGENTS}.1.input.agent_id", "self_reference"),
        (body(reading("a", "b"), "b"), f"{AGENTS}.0.input.agent_id", "later_step"),
        (body("a", reading("b", "nobody")), f"{AGENTS}.1.input.agent_id", "unknown_step"),
        (body(reading("a", "b"), reading("b", "a"), kind="parallel"), f"{AGENTS}.0.input.agent_id", "circle"),
        (
            body("a", {"agent_id": "b", "input": {"source": "agent_result"}}),
            f"{AGENTS}.1.input.agent_id",
            "missing_source",
        ),
        (body("a", combined("b")), f"{AGENTS}.1.input.sources", "missing_sources"),
        (
            body({"agent_id": "a", "approval": {"deadline_seconds": 60}}),
            f"{AGENTS}.0.approval.deadline_seconds",
            "deadline_without_approval",
        ),
        (body("a", combined("b", {"type": "variable"})), f"{AGENTS}.1.input.sources.0.key", "missing_key"),
        (
            body("a", combined("b", {"type": "agent_result", "agent_id": "b"})),
            f"{AGENTS}.1.input.sources.0.agent_id",
            "self_reference",
        ),
        (body({**COORDINATOR, "execution_order": 1}, "b"), f"{AGENTS}.0.execution_order", "coordinator_not_last"),
        (body("a", {**COORDINATOR, "execution_order": 1}), f"{AGENTS}.1.execution_order", "coordinator_not_last"),
        (body("a", COORDINATOR, {"agent_id": "b", "role": "coordinator"}), f"{AGENTS}.2.role", "too_many_coordinators"),
        (body("a", join="any"), "team_config.join", "join_needs_parallel"),
        (body("a", kind="parallel", join="k"), "team_config.join_k", "missing_join_k"),
        (body("a", kind="parallel", join="k", join_k=2), "team_config.join_k", "join_k_too_large"),
        (body({"agent_id": "a", "on_failure": "fallback"}), f"{AGENTS}.0.fallback_agent_id", "missing_fallback"),
        (body({"agent_id": "a", "fallback_agent_id": "a"}), f"{AGENTS}.0.fallback_agent_id", "fallback_is_the_agent"),
        (body({"agent_id": "a", "fallback_agent_id": "?"}), f"{AGENTS}.0.fallback_agent_id", "unknown_agent"),
        (body(when("a", "x")), f"{AGENTS}.0.conditions", "conditions_need_conditional"),
        (body(when("a", "shared_context.x"), kind="conditional"), AGENTS, "nothing_can_run"),
        (body(when("a", "agent_results.b.text"), "b", kind="conditional").model_copy(), None, None),
        (
            body(when("a", "agent_results.b.text"), when("b", "shared_context.x"), kind="conditional"),
            AGENTS,
            "nothing_can_run",
        ),
    ],
)
def test_a_team_that_cannot_run_says_where_and_why(team: TeamWrite, field: str | None, code: str | None) -> None:
    if field is None:
        assert found(team) == []
    else:
        assert (field, code) in found(team)


def test_every_reason_is_given_at_once() -> None:
    team = body("a", "nobody", reading("b", "b"), join="any")
    team.agent_ids.append("g")
    assert {code for _, code in found(team)} == {
        "unknown_agent",
        "self_reference",
        "join_needs_parallel",
        "agent_not_in_workflow",
    }


def test_a_team_has_a_limit_of_members() -> None:
    assert found(body("a", "b", "c"), limit=2) == [(AGENTS, "too_many_members")]


def test_keys_do_not_live_in_a_team() -> None:
    team = body("a").model_copy(update={"user_api_keys": {"openai": "sk-1"}})
    assert found(team) == [("user_api_keys", "keys_live_elsewhere")]
