"""Which results a redo takes over, and what they are worth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renum_app.engine import facts
from renum_app.engine.inputs import feed, readable_by
from renum_app.engine.plan import Plan
from renum_app.engine.progress import Progress, nothing_yet
from renum_app.engine.reducer import fold
from renum_app.engine.reuse import Taken, runs_again, taken
from renum_app.engine.rows import cost_metrics
from renum_app.engine.strategies import decide
from renum_app.models.event import StoredEvent
from renum_app.models.values import utc_now
from tests.unit.engine.teams import BRIEF, ID, Story, plan
from tests.unit.engine.test_reducer import plans

COMBINED = {"source": "combined", "sources": [{"type": "agent_result", "agent_id": "b"}, {"type": "initial_prompt"}]}


def reads(step_id: str) -> dict[str, Any]:
    return {"source": "agent_result", "agent_id": step_id}


def done(team: Plan, *completed: str) -> Progress:
    """An execution in which these completed and all others never ran."""
    return Story(team).start(*completed).complete(**{step_id: f"texto de {step_id}" for step_id in completed}).progress


def started_with(team: Plan, results: list[Taken]) -> Progress:
    progress = nothing_yet(team)
    for kind, data in (fact for one in results for fact in one.facts(ID)):
        fold(progress, StoredEvent(ID, progress.last_seq + 1, kind, utc_now(), data))
    return progress


def ids(results: list[Taken]) -> str:
    return " ".join(one.step.step_id for one in results)


ORDERED = plan("a", {"agent_id": "b1", "execution_order": 2}, {"agent_id": "b2", "execution_order": 2}, "c", "d")
PARALLEL = plan(
    {"agent_id": "a"},
    {"agent_id": "b", "input": reads("a")},
    {"agent_id": "c", "input": COMBINED},
    {"agent_id": "d"},
    {"agent_id": "z", "role": "coordinator", "execution_order": 9},
    kind="parallel",
)


@dataclass(frozen=True)
class Case:
    team: Plan
    completed: str
    from_step: str | None
    wanted: str
    output: str | None = None


CASES = {
    "retry takes every result": Case(ORDERED, "a b1", None, "a b1"),
    "retry of a later success as well": Case(ORDERED, "a c", None, "a c"),
    "fork from the first takes nothing": Case(ORDERED, "a b1 b2 c d", "a", ""),
    "fork keeps those of the same order": Case(ORDERED, "a b1 b2 c d", "b1", "a b2"),
    "fork from the last keeps all others": Case(ORDERED, "a b1 b2 c d", "d", "a b1 b2 c"),
    "fork takes no result that is not there": Case(ORDERED, "a", "c", "a"),
    "a given output ends its step": Case(ORDERED, "a b1 b2 c d", "b1", "a b1 b2", output="meu"),
    "a given output of a step that failed": Case(ORDERED, "a b2", "b1", "a b1 b2", output="meu"),
    "branches that read nobody stay": Case(PARALLEL, "a b c d z", "d", "a b c"),
    "who names the step follows, also through others": Case(PARALLEL, "a b c d z", "a", "d"),
    "who is named does not": Case(PARALLEL, "a b c d z", "b", "a d"),
    "the coordinator alone": Case(PARALLEL, "a b c d z", "z", "a b c d"),
    "retry of a coordinator": Case(PARALLEL, "a b c d", None, "a b c d"),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_taken_over(case: Case) -> None:
    past = done(case.team, *case.completed.split())
    assert ids(taken(case.team, past, case.team, from_step=case.from_step, output=case.output)) == case.wanted


@dataclass(frozen=True)
class Changed:
    old: tuple[Any, ...]
    new: tuple[Any, ...]
    wanted: str
    kinds: tuple[str, str] = ("sequential", "sequential")
    from_step: str = "d"
    config: dict[str, Any] = field(default_factory=dict)


IF_X = {"conditions": [{"field": "x", "operator": "exists"}]}
CHANGES = {
    "nothing": Changed(("a", "b", "c", "d"), ("a", "b", "c", "d"), "a b c"),
    "another agent in a seat": Changed(("a", "b", "c", "d"), ("a", {"agent_id": "x", "step_id": "b"}, "c", "d"), "a"),
    "another input": Changed(("a", "b", "c", "d"), ("a", "b", {"agent_id": "c", "input": reads("a")}, "d"), "a b"),
    "another role": Changed(("a", "b", "c", "d"), ("a", {"agent_id": "b", "role": "leader"}, "c", "d"), "a"),
    "another order": Changed(("a", "b", "c", "d"), ("a", {"agent_id": "b", "execution_order": 3}, "c", "d"), "a"),
    "other conditions": Changed(
        ("a", "b", "c", "d"), ("a", "b", {"agent_id": "c", **IF_X}, "d"), "a b", kinds=("conditional", "conditional")
    ),
    "a new member in between": Changed(
        ("a", {"agent_id": "c", "execution_order": 3}, {"agent_id": "d", "execution_order": 4}),
        ("a", "b", {"agent_id": "c", "execution_order": 3}, {"agent_id": "d", "execution_order": 4}),
        "a",
    ),
    "a member gone": Changed(
        ("a", "b", {"agent_id": "c", "execution_order": 3}, {"agent_id": "d", "execution_order": 4}),
        ("a", {"agent_id": "c", "execution_order": 3}, {"agent_id": "d", "execution_order": 4}),
        "a",
    ),
    "a new name only": Changed(("a", "b", "c", "d"), ("a", {"agent_id": "b", "name": "Bia"}, "c", "d"), "a b c"),
    "a new last member": Changed(("a", "b", "d"), ("a", "b", "d", "e"), "a b d", from_step="e"),
    "another type": Changed(("a", "b", "c", "d"), ("a", "b", "c", "d"), "", kinds=("sequential", "pipeline")),
    "a branch that reads another": Changed(
        ("a", "b", "c", "d"),
        ("a", "b", {"agent_id": "c", "input": reads("a")}, "d"),
        "a b",
        kinds=("parallel", "parallel"),
    ),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_seat_runs_again_and_so_does_all_that_follows_it(change: Changed) -> None:
    old, new = (plan(*seats, kind=kind) for seats, kind in zip((change.old, change.new), change.kinds, strict=True))
    assert ids(taken(old, done(old, *old.by_id), new, from_step=change.from_step)) == change.wanted


def test_what_was_spared_is_carried_over_again_and_again() -> None:
    first = taken(ORDERED, done(ORDERED, "a", "b1"), ORDERED)
    assert [(one.saved_cost_usd, one.saved_tokens) for one in first] == [(0.5, 15), (0.5, 15)]
    again = taken(ORDERED, started_with(ORDERED, first), ORDERED)
    metrics = cost_metrics(started_with(ORDERED, again))
    assert (metrics["reused_steps"], metrics["saved_cost_usd"], metrics["saved_tokens"]) == (["a", "b1"], 1.0, 30)
    assert (metrics["total_cost_usd"], metrics["agent_costs"]) == (0.0, {"a": 0.0, "b1": 0.0})


def test_a_saving_nobody_knows_stays_unknown() -> None:
    past = done(ORDERED, "a", "b1")
    past.steps["a"].cost_usd = None
    metrics = cost_metrics(started_with(ORDERED, taken(ORDERED, past, ORDERED)))
    assert (metrics["saved_cost_usd"], metrics["total_cost_usd"]) == (None, 0.0)


def test_what_a_person_wrote_saves_nothing() -> None:
    past = done(ORDERED, "a", "b1", "b2")
    metrics = cost_metrics(started_with(ORDERED, taken(ORDERED, past, ORDERED, from_step="b1", output="meu")))
    assert (metrics["reused_steps"], metrics["saved_cost_usd"], metrics["saved_tokens"]) == (["a", "b2"], 1.0, 30)


@pytest.mark.parametrize(
    ("join", "started", "cut"), [("all", "c d", ""), ("any", "c d", ""), ("k", "c d", ""), ("first", "", "c d")]
)
def test_a_join_counts_what_was_taken_over(join: str, started: str, cut: str) -> None:
    team = plan("a", "b", "c", "d", kind="parallel", join=join, join_k=3 if join == "k" else None)
    progress = started_with(team, taken(team, done(team, "a", "b"), team))
    decision = decide(team, BRIEF, progress)
    assert (" ".join(decision.start), " ".join(decision.cut)) == (started, cut)


def test_variables_of_a_result_taken_over_hold_again() -> None:
    team = plan("a", {"agent_id": "b", **IF_X}, kind="conditional")
    past = Story(team).start("a").complete(a='```renum\n{"set": {"x": 1}}\n```').progress
    assert decide(team, BRIEF, started_with(team, taken(team, past, team))).start == ("b",)


def test_a_given_input_is_all_that_the_step_reads_and_needs_no_source() -> None:
    team = plan("a", {"agent_id": "b", "input": reads("a")})
    seat = team.steps[1].model_copy(update={"given_input": "Leia isto."})
    edited = team.model_copy(update={"steps": (team.steps[0], seat)})
    fed = feed(edited, BRIEF, Story(edited).skip("a").progress, seat)
    assert ([(section.origin, section.text) for section in fed.sections], fed.missing) == (
        [("person", "Leia isto.")],
        None,
    )


def test_the_facts_name_where_a_result_comes_from() -> None:
    origin = UUID(int=7)
    one = taken(ORDERED, done(ORDERED, "a"), ORDERED)[0]
    kinds = [(kind.value, data.get("origin"), data.get("reason")) for kind, data in one.facts(origin)]
    assert kinds[:2] == [("output_recorded", None, None), ("step_reused", str(origin), "reused")]


@settings(max_examples=150, deadline=None)
@given(plans(), st.data())
def test_no_result_is_kept_that_could_have_read_one_that_is_made_again(team: Plan, data: st.DataObject) -> None:
    from_step = data.draw(st.sampled_from(sorted(team.by_id)))
    again = runs_again(team, team, from_step=from_step)
    kept = taken(team, done(team, *team.by_id), team, from_step=from_step)
    assert {one.step.step_id for one in kept} == set(team.by_id) - again
    for one in kept:
        assert again.isdisjoint(other.step_id for other in readable_by(team, one.step))


@settings(max_examples=150, deadline=None)
@given(plans(), st.data())
def test_a_redo_comes_to_its_end_and_starts_nobody_whose_result_it_has(team: Plan, data: st.DataObject) -> None:
    completed = data.draw(st.sets(st.sampled_from(sorted(team.by_id))))
    from_step = data.draw(st.none() | st.sampled_from(sorted(team.by_id)))
    kept = taken(team, done(team, *completed), team, from_step=from_step)
    story = Story(team)
    story.tell(fact for one in kept for fact in one.facts(ID))
    started: list[str] = []
    while (decision := decide(team, BRIEF, story.progress)).outcome is None:
        started += decision.start
        story.start(*decision.start).complete(**dict.fromkeys(decision.start, '{"x": 3}'))
        for skip in decision.skip:
            story.tell(facts.step_skipped(team.by_id[skip.step_id], skip))
        for step_id in decision.cut:
            story.tell(facts.step_cancelled(team.by_id[step_id], 0, reason="join_satisfied"))
        assert decision.start or decision.skip or decision.cut, "the team hangs"
    assert decision.outcome.succeeded
    assert len(started) == len(set(started))
    assert set(started).isdisjoint(one.step.step_id for one in kept)
    assert all(own.status.is_final for own in story.progress.steps.values())
