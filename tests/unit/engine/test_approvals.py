"""Waiting for people, as the pure parts see it: whose turn it is, what a decision changes, and when to park."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Any, Self
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renum_app.agents.backend import RunEnded, Usage
from renum_app.engine import approval_facts, facts, timing
from renum_app.engine.inputs import feed, letter
from renum_app.engine.plan import PlannedStep
from renum_app.engine.reducer import progress_of
from renum_app.engine.rows import approval_values, execution_values, step_values
from renum_app.engine.strategies import decide
from renum_app.engine.strategies.decision import Decision
from renum_app.models.approval import ApprovalMoment, Verdict
from renum_app.models.event import EventKind
from renum_app.models.execution import ExecutionStatus
from renum_app.models.step import StepStatus
from renum_app.models.values import utc_now
from tests.unit.engine.teams import BRIEF, ID, Story, plan

APPROVAL_ID = UUID(int=7)
BEFORE = {"requires_approval": "before", "execution_order": 1}
AFTER = {"requires_approval": "after", "execution_order": 1}
FREE = {"execution_order": 1}
KINDS = ["sequential", "pipeline", "conditional", "parallel"]


class Waiting(Story):
    """A story with people in it."""

    def ask(self, step_id: str, *, output: str | None = None) -> Self:
        step, own = self.plan.by_id[step_id], self.progress.steps[step_id]
        if output is not None:
            used = facts.used_by(RunEnded(text=output, usage=Usage(10, 5)), cost_usd=0.5)
            self.tell([facts.output_recorded(step, own.attempt, output=output, used=used)])
        moment = ApprovalMoment.BEFORE if output is None else ApprovalMoment.AFTER
        text = "como seria enviado" if output is None else output
        call = {"seconds": 1.0, "model": "", "finish_reason": "stop"}
        self.tell(
            approval_facts.requested(
                step, own.attempt, approval_id=APPROVAL_ID, moment=moment, text=text, now=utc_now(), call=call
            )
        )
        return self

    def decide(self, step_id: str, verdict: Verdict, *, edited: str | None = None) -> Self:
        step = self.plan.by_id[step_id]
        asked = self.progress.of(step).approval
        assert asked
        self.tell(
            [
                approval_facts.decided(
                    step, approval_id=asked.approval_id, verdict=verdict, by="person", edited=edited, why=None
                )
            ]
        )
        if verdict is Verdict.REJECT:
            error = approval_facts.rejection(step, by="person", why=None)
            self.tell(facts.step_failed(step, self.progress.of(step).attempt, error))
        elif asked.moment is ApprovalMoment.AFTER:
            self._complete(step, edited, asked.call)
        return self

    def _complete(self, step: PlannedStep, edited: str | None, call: dict[str, Any]) -> None:
        used = facts.used_by(RunEnded(text="", usage=Usage(10, 5)), cost_usd=0.5)
        attempt = self.progress.of(step).attempt
        if edited is not None:
            self.tell([facts.output_recorded(step, attempt, output=edited, used=used, is_edited=True)])
        self.tell(facts.step_done(step, attempt, used=used, end=call))


def decided(story: Story) -> Decision:
    return decide(story.plan, BRIEF, story.progress)


@pytest.mark.parametrize("kind", KINDS)
def test_a_member_is_asked_for_when_its_turn_has_come_and_starts_once_it_is_let(kind: str) -> None:
    story = Waiting(plan({"agent_id": "a", **BEFORE}, {"agent_id": "b", **FREE}, kind=kind))
    assert (decided(story).ask, decided(story).start) == (("a",), ("b",))
    story.start("b").ask("a")
    assert decided(story) == Decision()
    story.decide("a", Verdict.APPROVE)
    assert (decided(story).ask, decided(story).start) == ((), ("a",))


@pytest.mark.parametrize("kind", KINDS)
def test_who_waits_for_a_person_takes_no_place(kind: str) -> None:
    members = [{"agent_id": "a", **BEFORE}, {"agent_id": "b", **AFTER}, {"agent_id": "c", **FREE}]
    story = Waiting(plan(*members, kind=kind, max_concurrency=1))
    story.ask("a")
    assert decided(story).start == ("b",)
    story.start("b")
    assert decided(story).start == ()
    story.ask("b", output="feito")
    assert decided(story).start == ("c",)


@pytest.mark.parametrize("kind", ["sequential", "pipeline", "conditional"])
def test_order_is_a_barrier_for_an_answer_that_has_not_been_let_pass(kind: str) -> None:
    story = Waiting(plan({"agent_id": "a", **AFTER}, "b", kind=kind)).start("a")
    story.ask("a", output="feito")
    assert decided(story) == Decision()
    assert story.progress.completed(story.plan.steps) == []
    story.decide("a", Verdict.APPROVE)
    assert decided(story).start == ("b",)


def test_an_approved_input_is_sent_to_the_letter_and_an_edit_takes_its_place() -> None:
    for edited, sent in ((None, "como seria enviado"), ("outra coisa", "outra coisa")):
        story = Waiting(plan({"agent_id": "a", **BEFORE})).ask("a")
        story.decide("a", Verdict.APPROVE, edited=edited)
        own, step = story.progress.steps["a"], story.plan.steps[0]
        fed = feed(story.plan, BRIEF, story.progress, step)
        written = letter(story.plan, fed, step, instructions="Seja breve.", mark="0123abcd", given=own.given_input)
        assert (written.input, written.instructions) == (sent, "Seja breve.")


def test_an_edited_answer_is_read_and_what_the_call_used_stays() -> None:
    story = Waiting(plan({"agent_id": "a", **AFTER})).start("a")
    story.ask("a", output='{"risco": 4}').decide("a", Verdict.APPROVE, edited='{"risco": 9}')
    own = story.progress.steps["a"]
    assert (own.output, own.writes.values) == ('{"risco": 9}', {"risco": 9})
    assert (own.tokens, own.cost_usd) == (15, 0.5)


def test_a_rejected_answer_and_the_one_in_its_place_are_both_paid_for() -> None:
    member = {"agent_id": "a", **AFTER, "on_failure": "fallback", "fallback_agent_id": "z"}
    story = Waiting(plan(member)).start("a").ask("a", output="fraco")
    step = story.plan.steps[0]
    told = {"approval_id": str(APPROVAL_ID), "verdict": Verdict.REJECT, "by": "person", "edited": None, "why": None}
    story.tell([approval_facts.decided(step, **told)])
    story.tell(facts.retry_scheduled(step, 2, at=utc_now(), seconds=0.0, reason="fallback", to_fallback=True))
    story.start("a").ask("a", output="forte").decide("a", Verdict.APPROVE)
    own = story.progress.steps["a"]
    assert (own.output, own.tokens, own.cost_usd) == ("forte", 30, 1.0)


@pytest.mark.parametrize(
    ("verdict", "edited", "status"),
    [
        (Verdict.APPROVE, None, "approved"),
        (Verdict.APPROVE, "outra coisa", "approved"),
        (Verdict.REJECT, None, "rejected"),
    ],
)
def test_the_row_of_an_approval_follows_from_its_events(verdict: Verdict, edited: str | None, status: str) -> None:
    story = Waiting(plan({"agent_id": "a", **BEFORE})).ask("a").decide("a", verdict, edited=edited)
    rows = [row for event in story.events if (row := approval_values(event, ID))]
    asked, answered = rows
    assert (asked["status"], asked["text"], asked["user_id"]) == ("open", "como seria enviado", ID)
    assert (answered["status"], answered["edited_text"], answered["decided_by"]) == (status, edited, "person")
    assert asked["approval_id"] == answered["approval_id"] == APPROVAL_ID


def test_a_cancelled_step_takes_its_approval_with_it() -> None:
    story = Waiting(plan({"agent_id": "a", **BEFORE})).ask("a")
    story.tell(facts.step_cancelled(story.plan.steps[0], 0, reason="stopped", approval_id=str(APPROVAL_ID)))
    last = [row for event in story.events if (row := approval_values(event, ID))][-1]
    assert (last["approval_id"], last["status"]) == (APPROVAL_ID, "void")
    assert not story.progress.awaits_people


def scheduled(story: Story, step_id: str, *, seconds: float) -> None:
    step = story.plan.by_id[step_id]
    at = utc_now() + timedelta(seconds=seconds)
    story.tell(facts.retry_scheduled(step, 2, at=at, seconds=seconds, reason="rate_limit", to_fallback=False))


@pytest.mark.parametrize(
    ("others", "may_park"),
    [("approval", True), ("running", False), ("retry soon", False), ("retry far away", True), ("interrupted", False)],
)
def test_an_execution_parks_only_when_all_that_is_left_waits_long(others: str, may_park: bool) -> None:
    story = Waiting(plan({"agent_id": "a", **BEFORE}, {"agent_id": "b", **FREE})).ask("a")
    if others == "approval":
        story.start("b").complete(b="feito")
    elif others == "interrupted":
        story.start("b").tell([facts.attempt_interrupted(story.plan.by_id["b"], 1, unmeasured=False)])
    else:
        story.start("b")
    if others.startswith("retry"):
        scheduled(story, "b", seconds=10 if others == "retry soon" else 50)
    assert timing.may_park(story.progress, utc_now()) is may_park


def test_time_stands_still_while_people_are_waited_for() -> None:
    team = plan({"agent_id": "a", **BEFORE}, timeout=60.0)
    story = Waiting(team).ask("a")
    before = timing.deadline(team, story.progress)
    story.tell([approval_facts.parked(waiting_for="approval", wake_at=None)])
    assert timing.wake_at(team, story.progress) is None, "the execution's own end does not come meanwhile"
    assert story.progress.parked_at
    story.progress.parked_at -= timedelta(days=2)
    story.tell([approval_facts.unparked()])
    after = timing.deadline(team, story.progress)
    assert before
    assert after
    assert timedelta(days=2) <= after - before < timedelta(days=2, seconds=10)


@st.composite
def teams(draw: st.DrawFn):
    moments, failures = st.sampled_from(["none", "before", "after"]), st.sampled_from(["stop", "continue"])
    members = [
        {
            "agent_id": f"s{place}",
            "execution_order": draw(st.integers(1, 3)),
            "requires_approval": draw(moments),
            "on_failure": draw(failures),
        }
        for place in range(draw(st.integers(1, 5)))
    ]
    kind = draw(st.sampled_from(KINDS))
    join = {"join": draw(st.sampled_from(["all", "any", "first"]))} if kind == "parallel" else {}
    return plan(*members, kind=kind, max_concurrency=draw(st.none() | st.integers(1, 2)), **join)


@settings(max_examples=100, deadline=None)
@given(teams(), st.data())
def test_whatever_people_decide_a_team_comes_to_its_end_and_replaying_gives_the_same(team, data) -> None:
    story = Waiting(team)
    for _ in range(60):
        decision = decided(story)
        if decision.outcome:
            break
        for skip in decision.skip:
            story.tell(facts.step_skipped(team.by_id[skip.step_id], skip))
        for step_id in decision.cut:
            story.tell(facts.step_cancelled(team.by_id[step_id], 1, reason="join_satisfied"))
        for step_id in decision.ask:
            story.ask(step_id)
        story.start(*decision.start)
        happens = [
            step_id for step_id, own in story.progress.steps.items() if own.status is StepStatus.RUNNING or own.approval
        ]
        if happens and not decision.cut:
            _happens(story, data.draw(st.sampled_from(happens)), data)
    assert decided(story).outcome, "the team hangs"
    started = [event.data["step_id"] for event in story.events if event.kind is EventKind.ATTEMPT_STARTED]
    assert len(started) == len(set(started))
    for step in team.steps:
        if step.requires_approval == "before" and step.step_id in started:
            assert story.progress.of(step).is_approved
    replayed = progress_of(team, story.events)
    assert asdict(replayed) == asdict(story.progress)
    assert execution_values(team, replayed) == execution_values(team, story.progress)
    assert [step_values(own) for own in replayed.steps.values()] == [
        step_values(own) for own in story.progress.steps.values()
    ]
    assert story.progress.status is ExecutionStatus.RUNNING


def _happens(story: Waiting, step_id: str, data: Any) -> None:
    own = story.progress.steps[step_id]
    if own.approval:
        story.decide(step_id, data.draw(st.sampled_from(Verdict)), edited=data.draw(st.none() | st.just("outra")))
    elif not data.draw(st.integers(0, 3)):
        story.fail(step_id)
    elif story.plan.by_id[step_id].requires_approval == "after":
        story.ask(step_id, output="feito")
    else:
        story.complete(**{step_id: "feito"})
