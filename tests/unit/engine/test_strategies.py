"""Who may start, who is skipped, and when a team is done: a table per workflow type."""

from __future__ import annotations

from typing import Any

import pytest

from renum_app.engine.strategies import decide
from renum_app.engine.strategies.decision import Decision
from tests.unit.engine.teams import BRIEF, Story, plan


def decided(story: Story) -> Decision:
    return decide(story.plan, BRIEF, story.progress)


def reads(source: str) -> dict[str, Any]:
    return {"input": {"source": "agent_result", "agent_id": source}}


ORDERED = ["sequential", "pipeline", "conditional"]


@pytest.mark.parametrize("kind", ORDERED)
def test_order_is_a_barrier(kind: str) -> None:
    team = plan("a", {"agent_id": "b", "execution_order": 2}, {"agent_id": "c", "execution_order": 2}, "d", kind=kind)
    story = Story(team)
    assert decided(story).start == ("a",)
    assert decided(story.start("a")) == Decision()
    assert decided(story.complete(a="1")).start == ("b", "c")
    assert decided(story.start("b", "c").complete(b="2")) == Decision()
    assert decided(story.complete(c="3")).start == ("d",)
    outcome = decided(story.start("d").complete(d="4")).outcome
    assert outcome
    assert outcome.succeeded


@pytest.mark.parametrize("kind", ORDERED)
def test_after_a_fatal_failure_those_who_run_finish_and_nobody_starts(kind: str) -> None:
    team = plan({"agent_id": "a", "execution_order": 1}, {"agent_id": "b", "execution_order": 1}, "c", kind=kind)
    story = Story(team).start("a", "b").fail("a")
    assert decided(story) == Decision()
    outcome = decided(story.complete(b="2")).outcome
    assert outcome
    assert not outcome.succeeded
    assert outcome.failed_step_id == "a"


@pytest.mark.parametrize("kind", ORDERED)
def test_a_failure_that_may_be_lets_the_team_go_on(kind: str) -> None:
    story = Story(plan({"agent_id": "a", "on_failure": "continue"}, "b", kind=kind)).start("a").fail("a")
    assert decided(story).start == ("b",)


def test_no_more_members_start_than_may_run_at_once() -> None:
    together = [{"agent_id": name, "execution_order": 1} for name in "abc"]
    story = Story(plan(*together, max_concurrency=2))
    assert decided(story).start == ("a", "b")
    assert decided(story.start("a", "b")) == Decision()
    assert decided(story.complete(a="1")).start == ("c",)


def test_a_member_whose_only_source_was_skipped_is_skipped_too() -> None:
    condition = [{"field": "shared_context.x", "operator": "exists"}]
    team = plan("a", {"agent_id": "b", "conditions": condition}, {"agent_id": "c", **reads("b")}, kind="conditional")
    story = Story(team).start("a").complete(a="nada")
    (skip,) = decided(story).skip
    assert (skip.step_id, skip.reason) == ("b", "conditions_not_met")
    assert skip.details["conditions"][0]["found"] is False
    (skip,) = decided(story.skip("b")).skip
    assert (skip.step_id, skip.reason) == ("c", "source_skipped")
    outcome = decided(story.skip("c")).outcome
    assert outcome
    assert outcome.succeeded


def test_a_condition_reads_what_an_earlier_conditional_member_wrote() -> None:
    wants = {"conditions": [{"field": "risk", "operator": "greater_than", "value": 3}]}
    team = plan("a", {"agent_id": "b", **wants}, {"agent_id": "c", **wants}, kind="conditional")
    story = Story(team).start("a").complete(a='{"risk": 4}')
    assert decided(story).start == ("b",)
    story.start("b").complete(b='Mudou.\n```renum\n{"set": {"risk": 2}}\n```')
    assert [skip.step_id for skip in decided(story).skip] == ["c"]


def test_parallel_branches_start_at_once_and_those_who_read_others_wait() -> None:
    story = Story(plan("a", "b", {"agent_id": "c", **reads("a")}, kind="parallel"))
    assert decided(story).start == ("a", "b")
    assert decided(story.start("a", "b").complete(b="2")) == Decision()
    assert decided(story.complete(a="1")).start == ("c",)


@pytest.mark.parametrize(
    ("config", "ends", "succeeded"),
    [
        ({"join": "all"}, "ccc", True),
        ({"join": "all"}, "cfc", False),
        ({"join": "any"}, "cff", True),
        ({"join": "any"}, "fff", False),
        ({"join": "first"}, "cxx", True),
        ({"join": "first"}, "fff", False),
        ({"join": "k", "join_k": 2}, "ccf", True),
        ({"join": "k", "join_k": 2}, "cff", False),
    ],
)
def test_a_join_decides_by_the_ends_of_its_branches(config: dict[str, Any], ends: str, *, succeeded: bool) -> None:
    story = Story(plan("a", "b", "c", kind="parallel", **config)).start("a", "b", "c")
    for step_id, end in zip("abc", ends, strict=True):
        if end == "c":
            story.complete(**{step_id: "bom"})
        elif end == "f":
            story.fail(step_id)
    decision = decided(story)
    if "x" in ends:
        assert decision.cut == ("b", "c")
        return
    assert decision.outcome
    assert decision.outcome.succeeded is succeeded


def test_one_failing_branch_does_not_cut_the_others_short() -> None:
    story = Story(plan("a", "b", kind="parallel")).start("a", "b").fail("a")
    assert decided(story) == Decision()


def test_a_failing_branch_lets_those_start_that_wait_for_a_place() -> None:
    story = Story(plan("a", "b", kind="parallel", max_concurrency=1)).start("a").fail("a")
    assert decided(story).start == ("b",)


def test_the_coordinator_runs_after_the_join_and_its_failure_counts() -> None:
    last = {"agent_id": "z", "role": "coordinator", "execution_order": 9}
    story = Story(plan("a", "b", last, kind="parallel", join="any")).start("a", "b").fail("a")
    assert decided(story.complete(b="bom")).start == ("z",)
    outcome = decided(story.start("z").fail("z")).outcome
    assert outcome
    assert (outcome.succeeded, outcome.failed_step_id) == (False, "z")
