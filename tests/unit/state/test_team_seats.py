"""A filled team form read as a team, and back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from pydantic import ValidationError

from renum_app.models.team import TeamRead, TeamWrite
from renum_app.state.sentence import Sentence
from renum_app.state.team_body import team_body
from renum_app.state.team_graph import Seated
from renum_app.state.team_seats import Seat, seats_of
from renum_app.state.team_troubles import troubles

ANA = Seat("ana", "ana", "Ana", "rehearsal")
BIA = Seat("bia", "bia", "Bia", "rehearsal")


def filled(*seats: Seat, strategy: str = "sequential", kept: dict[str, Any] | None = None, **limits: str) -> TeamWrite:
    words = {"name": " Dupla ", "description": "", "strategy": strategy}
    return team_body(words, seats, limits, kept=kept or {}, join=("all", ""))


def test_members_that_run_together_share_their_order():
    team = filled(ANA, Seat("bia", "bia", "Bia", is_together=True), Seat("ana-2", "ana", "Ana"))
    assert [(member.id, member.execution_order) for member in team.workflow_definition.agents] == [
        ("ana", 1),
        ("bia", 1),
        ("ana-2", 2),
    ]
    assert team.agent_ids == ["ana", "bia"]
    assert team.name == "Dupla"


def test_a_number_may_be_typed_with_a_comma():
    assert filled(ANA, max_cost_usd="0,50").team_config.max_cost_usd == 0.5


def test_a_word_where_a_number_belongs_is_refused_under_its_seat():
    with pytest.raises(ValidationError) as caught:
        filled(ANA, Seat("bia", "bia", "Bia", attempts="many"))
    assert caught.value.errors()[0]["loc"][:4] == ("workflow_definition", "agents", 1, "retry")


def test_conditions_are_left_out_of_other_strategies():
    seat = Seat("ana", "ana", "Ana", field="debt_ratio", value="3")
    assert filled(seat).workflow_definition.agents[0].conditions is None
    kept = filled(seat, strategy="conditional").workflow_definition.agents[0].conditions
    assert kept is not None
    assert (kept[0].field, kept[0].value) == ("debt_ratio", "3")


def test_a_team_shown_and_saved_again_is_the_same_team():
    member = {
        "agent_id": "bia",
        "name": "Leitora",
        "execution_order": 2,
        "input": {"source": "combined", "sources": [{"type": "initial_prompt"}]},
        "conditions": [
            {"field": "a", "operator": "equals", "value": True},
            {"field": "b", "operator": "exists"},
        ],
        "config": {"temperature": 0.1},
        "retry": {"max_attempts": 2, "backoff_seconds": 0.5},
        "timeout_seconds": 30,
        "on_failure": "fallback",
        "fallback_agent_id": "ana",
    }
    workflow = {"type": "conditional", "agents": [{"agent_id": "ana", "execution_order": 1}, member]}
    written = TeamWrite.model_validate({"name": "Dupla", "agent_ids": ["ana", "bia"], "workflow_definition": workflow})
    now = datetime.now(UTC)
    facts = {"team_id": uuid4(), "user_id": uuid4(), "version": 1, "created_at": now, "updated_at": now}
    team = TeamRead.model_validate({**written.model_dump(), **facts})
    members = {each.id: each.model_dump(mode="json") for each in team.workflow_definition.agents}

    seats = seats_of(team, {"ana": Seated("Ana"), "bia": Seated("Bia")})
    again = filled(*seats, strategy="conditional", kept={"members": members})

    assert again.workflow_definition == team.workflow_definition


def test_a_problem_leads_to_the_field_that_shows_it():
    problems = {
        "workflow_definition.agents.1.input.agent_id": Sentence("problems.later_step"),
        "team_config.max_tokens": Sentence("forms.int_parsing"),
        "": Sentence("errors.outdated"),
    }
    found = troubles(problems, [ANA, BIA])
    assert [(each.target, each.label.key, each.who) for each in found] == [
        ("input-bia", "teams.field.input", "Bia"),
        ("max_tokens", "teams.field.max_tokens", ""),
        ("form", "", ""),
    ]


def test_an_approval_goes_into_the_team_and_back():
    seat = Seat("ana", "ana", "Ana", "rehearsal", approval="after", deadline="0,5", on_deadline="approve")
    team = filled(seat, BIA)
    member = team.workflow_definition.agents[0]
    assert member.requires_approval == "after"
    assert member.approval is not None
    assert (member.approval.deadline_seconds, member.approval.on_deadline) == (30, "approve")
    assert team.workflow_definition.agents[1].approval is None


def test_a_deadline_that_was_not_touched_keeps_its_seconds():
    kept = {"members": {"ana": {"approval": {"deadline_seconds": 100.0, "on_deadline": "reject"}}}}
    seat = Seat("ana", "ana", "Ana", "rehearsal", approval="before", deadline="1.66667")
    member = filled(seat, kept=kept).workflow_definition.agents[0]
    assert member.approval is not None
    assert member.approval.deadline_seconds == 100


def test_a_deadline_that_is_no_number_is_said_at_its_field():
    with pytest.raises(ValidationError) as caught:
        filled(Seat("ana", "ana", "Ana", "rehearsal", approval="before", deadline="amanhã"))
    path = ".".join(str(part) for part in caught.value.errors()[0]["loc"])
    assert [trouble.target for trouble in troubles({path: Sentence("x")}, [ANA])] == ["deadline-ana"]


def test_a_month_budget_is_the_teams():
    assert filled(ANA, monthly_budget_usd="20").team_config.monthly_budget_usd == 20
