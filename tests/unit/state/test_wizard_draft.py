"""What may be done to a team that is being made."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from renum_app.state import wizard_draft as drafts
from renum_app.state.draft import Draft, blank


def of(*agent_ids: str, kind: str = "sequential") -> Draft:
    draft = drafts.retyped(blank(), kind, {})
    for agent_id in agent_ids:
        draft = drafts.with_agent(draft, agent_id)
    return draft


def seats(draft: Draft) -> list[tuple[str, int]]:
    return [(drafts.id_of(member), member["execution_order"]) for member in drafts.members_of(draft)]


def test_agents_come_one_after_the_other_and_may_come_twice():
    assert seats(of("ana", "bia", "ana")) == [("ana", 1), ("bia", 2), ("ana-2", 3)]
    assert seats(of("ana", "bia", kind="parallel")) == [("ana", 1), ("bia", 1)]


def test_a_coordinator_stays_last():
    draft = drafts.with_member(of("ana", "bia"), "bia", role="coordinator")
    assert seats(drafts.with_agent(draft, "caio")) == [("ana", 1), ("caio", 2), ("bia", 3)]
    alone = drafts.with_member(of("ana", kind="parallel"), "ana", role="coordinator", execution_order=2)
    assert seats(drafts.with_agent(alone, "caio")) == [("caio", 1), ("ana", 2)]


def test_a_seat_that_moves_leaves_who_runs_together():
    draft = drafts.with_member(of("ana", "bia", "caio"), "caio", execution_order=2)
    assert seats(drafts.moved(draft, "ana", 2)) == [("bia", 1), ("caio", 2), ("ana", 2)]
    assert seats(drafts.moved(draft, "caio", -5)) == [("caio", 1), ("ana", 2), ("bia", 2)]
    assert seats(drafts.moved(draft, "nobody", 1)) == seats(draft)


def test_who_read_a_seat_that_is_gone_reads_what_the_strategy_says():
    reads = {"source": "combined", "sources": [{"type": "agent_result", "agent_id": "ana"}]}
    draft = drafts.with_member(of("ana", "bia"), "bia", input=reads)
    assert drafts.members_of(drafts.without(draft, "ana"))[0]["input"] is None


def test_another_strategy_keeps_what_fits_and_gives_conditions_back():
    when = [{"field": "debt", "operator": "exists"}]
    draft = drafts.with_member(of("ana", "bia", kind="conditional"), "bia", conditions=when)
    kept = drafts.conditions_by_step(draft)
    parallel = drafts.retyped(draft, "parallel", kept)
    assert seats(parallel) == [("ana", 1), ("bia", 1)]
    assert drafts.conditions_by_step(parallel) == {}
    assert drafts.body_of({**parallel, "name": "x"}).workflow_definition.type == "parallel"
    again = drafts.retyped(parallel, "conditional", kept)
    assert (seats(again), drafts.conditions_by_step(again)) == ([("ana", 1), ("bia", 2)], {"bia": when})


def test_a_join_belongs_to_parallel_teams_only():
    draft = drafts.with_config(of("ana", kind="parallel"), join="k", join_k=2)
    assert drafts.retyped(draft, "pipeline", {})["team_config"]["join"] == "all"


@pytest.mark.parametrize(("typed", "read"), [("3", 3), (" 0,5 ", 0.5), ("", None), ("muitos", "muitos")])
def test_what_is_typed_is_a_number_where_it_is_one(typed: str, read: object):
    assert drafts.number(typed) == read


def test_what_is_no_number_is_refused_at_its_place():
    draft = drafts.with_config({**of("ana"), "name": "Dupla"}, max_tokens="muitos")
    with pytest.raises(ValidationError) as caught:
        drafts.body_of(draft)
    assert caught.value.errors()[0]["loc"] == ("team_config", "max_tokens")


def test_a_picture_is_drawn_of_whatever_is_half_typed():
    draft = drafts.with_member(of("ana"), "ana", name="x" * 999, retry={"max_attempts": "many"})
    assert [member.id for member in drafts.drawable(draft).agents] == ["ana"]


def test_a_step_id_that_is_the_agents_is_left_out():
    assert drafts.body_of({**of("ana"), "name": "Dupla"}).workflow_definition.agents[0].step_id is None
