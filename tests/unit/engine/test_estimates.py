"""What a plan will cost and take, put together from its steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest

from renum_app.engine.estimates import (
    Habit,
    Sample,
    Spread,
    Standing,
    cost_by_history,
    cost_by_theory,
    habit_of,
    seconds_by_history,
    seconds_left,
    span,
)
from renum_app.engine.plan import Plan
from renum_app.models.step import StepStatus
from renum_app.models.values import utc_now
from tests.unit.engine.teams import plan

DONE, SKIPPED = StepStatus.COMPLETED, StepStatus.SKIPPED


def reads(step_id: str) -> dict[str, str]:
    return {"source": "agent_result", "agent_id": step_id}


A_ROW = plan("a", "b", "c")
WITH_A_GROUP = plan("a", {"agent_id": "b", "execution_order": 2}, {"agent_id": "c", "execution_order": 2})
BRANCHES = plan("a", "b", "c", kind="parallel")
CHIEF = {"agent_id": "c", "role": "coordinator", "execution_order": 9}


@dataclass(frozen=True)
class Case:
    plan: Plan
    wanted: float


SPANS = {
    "a row is a sum": Case(A_ROW, 1 + 2 + 4),
    "those of one order run together": Case(WITH_A_GROUP, 1 + 4),
    "branches run together": Case(BRANCHES, 4),
    "the coordinator comes after them": Case(plan("a", "b", CHIEF, kind="parallel"), 2 + 4),
    "a branch waits for whom it reads": Case(
        plan("a", "b", {"agent_id": "c", "input": reads("b")}, kind="parallel"), 6
    ),
    "the first one is enough": Case(plan("a", "b", "c", kind="parallel", join="first"), 1),
    "any waits for all": Case(plan("a", "b", "c", kind="parallel", join="any"), 4),
    "one at a time": Case(plan("a", "b", "c", kind="parallel", max_concurrency=1), 7),
    "one at a time in a group": Case(
        plan("a", {"agent_id": "b", "execution_order": 1}, {"agent_id": "c", "execution_order": 1}, max_concurrency=1),
        7,
    ),
    "a pipeline is a row": Case(plan("a", "b", "c", kind="pipeline"), 7),
}


@pytest.mark.parametrize("case", SPANS.values(), ids=SPANS)
def test_how_long_a_plan_takes(case: Case) -> None:
    assert span(case.plan, {"a": 1, "b": 2, "c": 4}) == case.wanted


HABITS = {
    "nothing": ([], Habit()),
    "too little": ([Sample(DONE, 1, 1)] * 2, Habit()),
    "enough": ([Sample(DONE, 2, 3)] * 3, Habit(Spread(2, 2), Spread(3, 3))),
    "a spread": (
        [Sample(DONE, n, 10 * n) for n in range(1, 12)],
        Habit(Spread(6, 10), Spread(60, 100)),
    ),
    "a cost nobody knows": ([Sample(DONE, None, 3)] * 5, Habit(None, Spread(3, 3))),
    "too few costs that are known": (
        [*[Sample(DONE, None, 3)] * 5, *[Sample(DONE, 1, 3)] * 2],
        Habit(None, Spread(3, 3)),
    ),
    "half of the time": (
        [*[Sample(DONE, 2, 4)] * 3, *[Sample(SKIPPED)] * 3],
        Habit(Spread(2, 2), Spread(4, 4), share=0.5),
    ),
    "seldom": ([Sample(DONE, 2, 4), *[Sample(SKIPPED)] * 3], Habit(Spread(2, 2), Spread(4, 4), share=0.25)),
    "never": ([Sample(SKIPPED)] * 3, Habit(Spread(0, 0), Spread(0, 0), share=0.0)),
}


@pytest.mark.parametrize(("samples", "wanted"), HABITS.values(), ids=HABITS)
def test_what_the_past_says(samples: list[Sample], wanted: Habit) -> None:
    assert habit_of(samples) == wanted


def habits(*shares: float) -> dict[str, Habit]:
    values = zip("abc", (1.0, 2.0, 4.0), shares or (1.0, 1.0, 1.0), strict=True)
    return {name: Habit(Spread(n, 10 * n), Spread(n, 2 * n), share=share) for name, n, share in values}


def test_costs_add_up_also_where_members_run_together() -> None:
    for team in (A_ROW, WITH_A_GROUP, BRANCHES):
        assert cost_by_history(team, habits()) == Spread(7, 70)


def test_times_follow_the_workflow() -> None:
    assert seconds_by_history(A_ROW, habits()) == Spread(7, 14)
    assert seconds_by_history(WITH_A_GROUP, habits()) == Spread(5, 10)


def test_a_member_that_is_often_skipped_counts_as_often_as_it_runs() -> None:
    team = plan("a", "b", "c", kind="conditional")
    assert cost_by_history(team, habits(1, 0.5, 0.25)) == Spread(3, 30)
    assert seconds_by_history(team, habits(1, 0.5, 0.25)) == Spread(3, 6)


def test_one_step_without_a_past_leaves_the_whole_without_one() -> None:
    known = habits()
    assert cost_by_history(A_ROW, {**known, "b": Habit(None, Spread(1, 1))}) is None
    assert seconds_by_history(A_ROW, {**known, "b": Habit(Spread(1, 1), None)}) is None
    del known["c"]
    assert cost_by_history(A_ROW, known) is None


def priced(team: Plan, model: str = "openai:gpt-4o", max_tokens: int | None = 1_000) -> Plan:
    """The same plan with a model that price lists know."""
    steps = [
        step.model_copy(update={"agent": step.agent.model_copy(update={"model": model}), "max_tokens": max_tokens})
        for step in team.steps
    ]
    return team.model_copy(update={"steps": tuple(steps)})


def test_theory_counts_every_member_with_all_it_may_read_and_say() -> None:
    one, two = priced(plan("a")), priced(plan("a", "b"))
    alone = cost_by_theory(one, "x" * 3_000)
    assert alone == pytest.approx(1_000 * 2.5e-6 + 1_000 * 10e-6), "gpt-4o: 2.50 and 10.00 USD a million"
    assert cost_by_theory(two, "x" * 3_000) == pytest.approx(2 * alone + 1_000 * 2.5e-6), "the second reads the first"
    apart = priced(plan("a", {"agent_id": "b", "input": {"source": "initial_prompt"}}))
    assert cost_by_theory(apart, "x" * 3_000) == pytest.approx(2 * alone)
    handed_on = priced(plan("a", "b", "c", kind="pipeline"))
    assert cost_by_theory(handed_on, "x" * 3_000) == pytest.approx(3 * alone + 2 * 1_000 * 2.5e-6)


def test_theory_bounds_an_answer_that_nobody_has_bounded() -> None:
    unbounded = cost_by_theory(priced(plan("a"), max_tokens=None), "x")
    assert unbounded
    assert unbounded > 4_000 * 10e-6


def test_theory_says_nothing_where_one_price_is_unknown() -> None:
    assert cost_by_theory(priced(plan("a"), model="own:tiny"), "x") is None


@pytest.mark.parametrize(
    ("statuses", "passed", "left"),
    [
        ("pending pending pending", 0, 7),
        ("running pending pending", 0.4, 6.6),
        ("completed running pending", 1, 5),
        ("completed running pending", 3, 5),
        ("completed running pending", 4.5, None),
        ("completed skipped running", 0, 4),
        ("completed completed completed", 0, 0),
    ],
)
def test_what_is_left_of_an_execution_under_way(statuses: str, passed: float, left: float | None) -> None:
    now = utc_now()
    began = now - timedelta(seconds=passed)
    standings = {
        name: Standing(StepStatus(status), None if status == "pending" else began)
        for name, status in zip("abc", statuses.split(), strict=True)
    }
    found = seconds_left(A_ROW, habits(), standings, now=now)
    assert found == (None if left is None else pytest.approx(left))


def test_nothing_is_said_of_a_step_without_a_past() -> None:
    standings = {name: Standing(StepStatus.PENDING) for name in "abc"}
    assert seconds_left(A_ROW, {"a": habits()["a"]}, standings, now=utc_now()) is None
