"""Two versions of a team, compared in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from renum_app.models.team import TeamVersionRead
from renum_app.state.sentence import Sentence
from renum_app.state.team_changes import Change, changes

AGENTS = {"ana": "Ana", "bia": "Bia", "caio": "Caio"}


def version(*members: dict[str, Any], kind: str = "sequential", config: dict[str, Any] | None = None, **more: Any):
    facts = {"team_id": UUID(int=1), "version": 1, "is_current": True, "created_at": datetime.now(UTC)}
    workflow = {"type": kind, "agents": list(members)}
    team = {"name": "Dupla", "description": None, "agent_ids": [], "team_config": config or {}}
    return TeamVersionRead.model_validate({**facts, **team, "workflow_definition": workflow, **more})


def seat(agent_id: str, order: int = 1, **more: Any) -> dict[str, Any]:
    return {"agent_id": agent_id, "execution_order": order, **more}


def said(found: list[Change]) -> list[tuple[str, str, str, str, str]]:
    def word(sentence: Sentence) -> str:
        return sentence.fallback or sentence.key

    return [(each.kind, each.who, each.field.key, word(each.before), word(each.after)) for each in found]


def test_the_same_team_moved_about_in_its_picture_has_not_changed():
    before, after = version(seat("ana")), version(seat("ana", position={"x": 4, "y": 2}))
    assert changes(before, after, AGENTS) == []


def test_what_the_team_is_called_how_it_works_and_how_far_it_may_go():
    before = version(seat("ana"), config={"max_tokens": 500})
    after = version(seat("ana"), kind="parallel", name="Trio", config={"max_cost_usd": 0.5, "join": "any"})
    found = changes(before, after, AGENTS)
    assert said(found) == [
        ("changed", "", "teams.field.name", "Dupla", "Trio"),
        ("changed", "", "teams.field.strategy", "teams.strategy.sequential", "teams.strategy.parallel"),
        ("changed", "", "teams.field.max_cost_usd", "teams.change.nothing", "teams.change.number"),
        ("changed", "", "teams.field.max_tokens", "teams.change.number", "teams.change.nothing"),
        ("changed", "", "teams.field.join", "teams.join.all", "teams.join.any"),
    ]
    assert found[2].after.params == {"number": 0.5}


def test_members_come_and_go_under_the_names_they_have_in_the_team():
    before, after = version(seat("ana"), seat("bia", 2)), version(seat("ana"), seat("caio", 2, name="Redator"))
    assert [(each.kind, each.who) for each in changes(before, after, AGENTS)] == [
        ("removed", "Bia"),
        ("added", "Redator"),
    ]


def test_a_member_that_changed_says_each_field_of_it():
    before = version(seat("ana"), seat("bia", 2, retry={"max_attempts": 2}))
    after = version(
        seat("ana"),
        seat(
            "bia",
            3,
            role="coordinator",
            input={"source": "agent_result", "agent_id": "ana"},
            conditions=[{"field": "debt", "operator": "greater_than", "value": 3}],
            requires_approval="before",
            config={"temperature": 0.0},
        ),
    )
    found = changes(before, after, AGENTS)
    assert {each.who for each in found} == {"Bia"}
    assert {each.field.key.removeprefix("teams.field."): (each.before.key, each.after.key) for each in found} == {
        "role": ("teams.role.member", "teams.role.coordinator"),
        "order": ("teams.change.number", "teams.change.number"),
        "input": ("teams.change.by_strategy", "teams.reads.result"),
        "condition": ("teams.change.nothing", "-"),
        "approval": ("teams.approval.none", "teams.approval.before"),
        "attempts": ("teams.change.number", "teams.change.nothing"),
        "backoff": ("teams.change.number", "teams.change.nothing"),
        "temperature": ("teams.change.nothing", "teams.change.number"),
    }
    by_field = {each.field.key: each for each in found}
    assert by_field["teams.field.input"].after.params == {"name": "Ana"}
    assert by_field["teams.field.condition"].after.fallback == "debt > 3"


def test_another_agent_in_a_seat_and_other_sources_are_named():
    many = {"source": "combined", "sources": [{"type": "agent_result", "agent_id": "ana"}, {"type": "initial_prompt"}]}
    before = version(seat("ana"), seat("bia", 2, step_id="escrita"))
    after = version(seat("ana"), seat("caio", 2, step_id="escrita", input=many))
    agent, reads = changes(before, after, AGENTS)
    assert (agent.field.key, agent.before.fallback, agent.after.fallback) == ("teams.field.agent", "Bia", "Caio")
    assert (reads.after.key, reads.after.params) == ("teams.change.combined", {"n": 2, "names": "Ana"})
