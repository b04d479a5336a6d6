"""Whatever happens, a plan comes to its end, and its events alone tell the same story."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from renum_app.engine import facts
from renum_app.engine.reducer import progress_of
from renum_app.engine.rows import execution_values, step_values
from renum_app.engine.strategies import decide
from renum_app.models.step import StepStatus
from tests.unit.engine.teams import BRIEF, Story, plan

ANSWERS = st.sampled_from(["texto", '{"x": 1}', '{"x": 9}', '```renum\n{"set": {"y": 2}}\n```', "```renum\n!\n```", ""])


@st.composite
def plans(draw: st.DrawFn):
    kind = draw(st.sampled_from(["sequential", "pipeline", "conditional", "parallel"]))
    members: list[dict[str, Any]] = []
    for place in range(draw(st.integers(1, 5))):
        member: dict[str, Any] = {"agent_id": f"s{place}", "execution_order": draw(st.integers(1, 3))}
        member["on_failure"] = draw(st.sampled_from(["stop", "continue"]))
        earlier = [m["agent_id"] for m in members if m["execution_order"] < member["execution_order"]]
        if earlier and draw(st.booleans()):
            member["input"] = {"source": "agent_result", "agent_id": draw(st.sampled_from(earlier))}
        if kind == "conditional" and draw(st.booleans()):
            member["conditions"] = [{"field": "x", "operator": "greater_than", "value": draw(st.integers(0, 5))}]
        members.append(member)
    config: dict[str, Any] = {"max_concurrency": draw(st.none() | st.integers(1, 3))}
    if kind == "parallel":
        config |= {"join": draw(st.sampled_from(["all", "any", "first", "k"])), "join_k": 1}
    return plan(*members, kind=kind, **config)


@settings(max_examples=150, deadline=None)
@given(plans(), st.data())
def test_every_planned_step_ends_once_and_replaying_the_events_gives_the_same_rows(team, data: st.DataObject) -> None:
    story = Story(team)
    while (decision := decide(team, BRIEF, story.progress)).outcome is None:
        before = len(story.events)
        for skip in decision.skip:
            story.tell(facts.step_skipped(team.by_id[skip.step_id], skip))
        for step_id in decision.cut:
            story.tell(facts.step_cancelled(team.by_id[step_id], 1, reason="join_satisfied"))
        story.start(*decision.start)
        running = [s for s, own in story.progress.steps.items() if own.status is StepStatus.RUNNING]
        if team.max_concurrency:
            assert len(running) <= team.max_concurrency
        if running and not decision.cut:
            step_id = data.draw(st.sampled_from(running))
            if data.draw(st.integers(0, 3)):
                story.complete(**{step_id: data.draw(ANSWERS)})
            else:
                story.fail(step_id)
        assert len(story.events) > before, "the team hangs"
    if decision.outcome.succeeded:
        assert all(own.status.is_final for own in story.progress.steps.values())
    else:
        assert not story.progress.under_way(team.steps)
    ends = [event.data["step_id"] for event in story.events if StepStatus.is_final.fget(_status(event))]
    assert len(ends) == len(set(ends))
    replayed = progress_of(team, story.events)
    assert asdict(replayed) == asdict(story.progress)
    assert execution_values(team, replayed) == execution_values(team, story.progress)
    assert {s: step_values(own) for s, own in replayed.steps.items()} == {
        s: step_values(own) for s, own in story.progress.steps.items()
    }


def _status(event) -> StepStatus:
    is_of_step = "step_id" in event.data and "status" in event.data
    return StepStatus(event.data["status"]) if is_of_step else StepStatus.PENDING


def test_totals_are_unknown_while_any_part_is_unknown() -> None:
    team = plan("a", "b")
    story = Story(team).start("a", "b").complete(a="1")
    assert execution_values(team, story.progress)["cost_metrics"]["total_cost_usd"] == 0.5
    error = facts.error_data("timeout", "agent_errors.attempt_timeout", agent="B", seconds=1)
    story.tell(facts.attempt_failed(team.by_id["b"], 1, error, will_retry=True, unmeasured=True))
    costs = execution_values(team, story.progress)["cost_metrics"]
    assert (costs["total_cost_usd"], costs["known_cost_usd"], costs["unmeasured_attempts"]) == (None, 0.5, 1)
