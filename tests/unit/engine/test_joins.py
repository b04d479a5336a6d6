"""How the branches of a parallel workflow come together: one table for all, any, first and k."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from renum_app.engine.strategies import decide
from renum_app.engine.strategies.decision import Decision
from tests.unit.engine.teams import BRIEF, Story, plan


@dataclass(frozen=True)
class Case:
    """What follows when the branches a, b, c … stand so.

    A letter a branch: completed, failed, skipped, running, in the pause before its next attempt (w), not started (.).
    """

    join: str
    k: int | None
    ends: str
    follows: str


CASES = [
    # all waits for every branch, then wants no failure that matters.
    Case("all", None, "...", "start a b c"),
    Case("all", None, "crr", "wait"),
    Case("all", None, "fcr", "wait"),
    Case("all", None, "fcw", "wait"),
    Case("all", None, "ccc", "success"),
    Case("all", None, "ccf", "failure of c"),
    Case("all", None, "fcf", "failure of a"),
    Case("all", None, "ccs", "success"),
    Case("all", None, "sss", "success"),
    Case("all", None, "c", "success"),
    Case("all", None, "f", "failure of a"),
    # any waits for every branch too: one success is enough, but nobody is cut short.
    Case("any", None, "crr", "wait"),
    Case("any", None, "cfr", "wait"),
    Case("any", None, "cff", "success"),
    Case("any", None, "ffc", "success"),
    Case("any", None, "ccc", "success"),
    Case("any", None, "csf", "success"),
    Case("any", None, "fff", "failure of a, 0 of 1"),
    Case("any", None, "sff", "failure of b, 0 of 1"),
    Case("any", None, "sss", "failure of nobody, 0 of 1"),
    # first stops everyone else at the first success, whatever they do.
    Case("first", None, "...", "start a b c"),
    Case("first", None, "rrr", "wait"),
    Case("first", None, "frr", "wait"),
    Case("first", None, "crr", "cut b c"),
    Case("first", None, "rcw", "cut a c"),
    Case("first", None, "rc.", "cut a c"),
    Case("first", None, "fcr", "cut c"),
    Case("first", None, "cfs", "success"),
    Case("first", None, "cc", "success"),
    Case("first", None, "cxx", "success"),
    Case("first", None, "ffc", "success"),
    Case("first", None, "fff", "failure of a, 0 of 1"),
    # k wants so many successes; those beyond are welcome and run to their end.
    Case("k", 2, "...", "start a b c"),
    Case("k", 1, "crr", "wait"),
    Case("k", 2, "ccr", "wait"),
    Case("k", 2, "ffr", "wait"),
    Case("k", 1, "cff", "success"),
    Case("k", 2, "ccf", "success"),
    Case("k", 2, "cfc", "success"),
    Case("k", 2, "ccc", "success"),
    Case("k", 2, "cff", "failure of b, 1 of 2"),
    Case("k", 2, "css", "failure of nobody, 1 of 2"),
    Case("k", 3, "ccc", "success"),
    Case("k", 3, "ccf", "failure of c, 2 of 3"),
    Case("k", 3, "ccs", "failure of nobody, 2 of 3"),
    Case("k", 1, "c", "success"),
    Case("k", 1, "f", "failure of a, 0 of 1"),
]


def stands(story: Story, ends: str) -> Story:
    """Bring the branches there, in their order."""
    story.start(*(step_id for step_id, end in zip("abcdef", ends, strict=False) if end in "cfrwx"))
    for step_id, end in zip("abcdef", ends, strict=False):
        if end == "c":
            story.complete(**{step_id: "bom"})
        elif end == "f":
            story.fail(step_id)
        elif end == "s":
            story.skip(step_id)
        elif end == "w":
            story.pause(step_id)
        elif end == "x":
            story.cancel(step_id)
    return story


def told(decision: Decision) -> str:
    if outcome := decision.outcome:
        if outcome.succeeded:
            return "success"
        reached = f", {outcome.successes} of {outcome.wanted}" if outcome.wanted else ""
        return f"failure of {outcome.failed_step_id or 'nobody'}{reached}"
    words = [("start", decision.start), ("cut", decision.cut), ("skip", tuple(skip.step_id for skip in decision.skip))]
    return ", ".join(f"{word} {' '.join(step_ids)}" for word, step_ids in words if step_ids) or "wait"


def joined(case: Case, *more: dict[str, Any]) -> Story:
    config = {"join": case.join} | ({"join_k": case.k} if case.k else {})
    return stands(Story(plan(*"abcdef"[: len(case.ends)], *more, kind="parallel", **config)), case.ends)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.join}{case.k or ''}-{case.ends}")
def test_a_join_follows_its_rule(case: Case) -> None:
    story = joined(case)
    assert told(decide(story.plan, BRIEF, story.progress)) == case.follows


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.join}{case.k or ''}-{case.ends}")
def test_a_coordinator_starts_when_the_join_has_succeeded_and_never_else(case: Case) -> None:
    story = joined(case, {"agent_id": "z", "role": "coordinator", "execution_order": 99})
    wanted = "start z" if case.follows == "success" else case.follows
    assert told(decide(story.plan, BRIEF, story.progress)) == wanted


@pytest.mark.parametrize(("join", "ends"), [("all", "fc"), ("any", "ff"), ("k", "ff"), ("first", "ff")])
def test_branches_that_may_fail_fail_no_join_all_and_win_no_other(join: str, ends: str) -> None:
    members = [{"agent_id": step_id, "on_failure": "continue"} for step_id in "ab"]
    story = stands(Story(plan(*members, kind="parallel", join=join, join_k=1)), ends)
    wanted = "success" if join == "all" else "failure of a, 0 of 1"
    assert told(decide(story.plan, BRIEF, story.progress)) == wanted


def test_a_branch_that_reads_another_waits_for_it_and_counts_in_the_join() -> None:
    reader = {"agent_id": "c", "input": {"source": "agent_result", "agent_id": "a"}}
    story = Story(plan("a", "b", reader, kind="parallel", join="k", join_k=2))
    assert told(decide(story.plan, BRIEF, story.progress)) == "start a b"
    stands(story, "fc")
    assert told(decide(story.plan, BRIEF, story.progress)) == "skip c"
    story.skip("c")
    assert told(decide(story.plan, BRIEF, story.progress)) == "failure of a, 1 of 2"


def test_the_losers_of_first_that_wait_for_a_place_or_a_source_are_cut_too() -> None:
    reader = {"agent_id": "c", "input": {"source": "agent_result", "agent_id": "a"}}
    story = Story(plan("a", "b", reader, kind="parallel", join="first", max_concurrency=1))
    assert told(decide(story.plan, BRIEF, story.progress)) == "start a"
    stands(story, "c")
    assert told(decide(story.plan, BRIEF, story.progress)) == "cut b c"


@pytest.mark.parametrize(
    ("end", "on_failure", "follows"),
    [("c", "stop", "success"), ("f", "stop", "failure of z"), ("f", "continue", "success"), ("r", "stop", "wait")],
)
def test_a_coordinator_ends_its_team(end: str, on_failure: str, follows: str) -> None:
    last = {"agent_id": "z", "role": "coordinator", "execution_order": 9, "on_failure": on_failure}
    story = stands(Story(plan("a", last, kind="parallel")), "c").start("z")
    if end == "c":
        story.complete(z="tudo")
    elif end == "f":
        story.fail("z")
    assert told(decide(story.plan, BRIEF, story.progress)) == follows


def test_a_branch_starts_as_soon_as_what_it_reads_has_ended_whatever_the_others_do() -> None:
    reader = {"agent_id": "c", "input": {"source": "agent_result", "agent_id": "a"}}
    story = stands(Story(plan("a", "b", reader, kind="parallel")), "cr")
    assert told(decide(story.plan, BRIEF, story.progress)) == "start c"


@pytest.mark.parametrize("end", ["f", "s", "c"])
def test_a_branch_that_has_ended_gives_its_place_to_the_next(end: str) -> None:
    story = stands(Story(plan("a", "b", kind="parallel", max_concurrency=1)), end)
    assert told(decide(story.plan, BRIEF, story.progress)) == "start b"
