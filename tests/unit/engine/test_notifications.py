"""Which facts a person hears of, and that each is told once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from renum_app.engine import approval_facts, facts
from renum_app.engine.notifications import LONG_SECONDS, notification_values
from renum_app.engine.plan import Plan
from renum_app.models.approval import ApprovalMoment
from renum_app.models.event import EventKind, StoredEvent
from renum_app.models.values import utc_now
from tests.unit.engine.teams import BRIEF, ID, Story, plan


def told(story: Story, *, cost: float | None = None, before: float | None = None) -> list[dict[str, Any]]:
    return notification_values(story.plan, BRIEF, story.progress, story.events, cost_usd=cost, cost_before_usd=before)


def month_event(of: str, *, spent: float, cap: float) -> StoredEvent:
    data = facts.line(f"budget_{of}_month_reserved", step=plan("a").steps[0], needed=0.1, spent=spent, cap=cap)
    return StoredEvent(ID, 9, EventKind.GATE_PASSED, utc_now(), data)


def months(of: str, *, spent: float, cap: float = 10, team: Plan | None = None) -> list[dict[str, Any]]:
    story = Story(team or plan("a"))
    return notification_values(
        story.plan, BRIEF, story.progress, [month_event(of, spent=spent, cap=cap)], cost_usd=None, cost_before_usd=None
    )


def test_a_failure_is_told_with_its_reason() -> None:
    story = Story(plan("a"))
    story.tell(facts.execution_failed(facts.error_data("timeout", "agent_errors.timeout", agent="Ana", seconds=3)))

    (row,) = told(story)

    assert (row["kind"], row["user_id"], row["execution_id"]) == ("failed", BRIEF.user_id, BRIEF.execution_id)
    assert row["params"]["why_key"] == "agent_errors.timeout"


def test_an_execution_that_just_runs_is_not_worth_a_word() -> None:
    assert told(Story(plan("a", "b")).start("a").complete(a="ok")) == []


def test_eighty_per_cent_of_the_own_cap_are_told_when_they_are_reached_and_not_again() -> None:
    story = Story(plan("a", max_cost_usd=1.0))

    assert [row["kind"] for row in told(story, cost=0.8, before=0.5)] == ["budget"]
    assert told(story, cost=0.79, before=0.5) == []
    assert told(story, cost=0.95, before=0.8) == []
    assert told(Story(plan("a")), cost=5.0) == []


def test_a_month_is_told_by_whose_budget_it_is() -> None:
    (person,), (team,) = months("person", spent=8), months("team", spent=9)

    assert person["params"] == {"of": "person", "spent_usd": 8, "cap_usd": 10}
    assert person["once"] != team["once"]
    assert str(plan("a").team_id) in team["once"]
    assert months("person", spent=7.9) == []


def test_a_silent_step_is_told_once_for_each_attempt() -> None:
    story = Story(plan("a")).start("a")
    step = story.plan.by_id["a"]
    for _ in range(2):
        story.tell(facts.step_stalled(step, 1, seconds=30)).tell(facts.step_revived(step, 1))

    rows = told(story)

    assert {row["kind"] for row in rows} == {"stalled"}
    assert len({row["once"] for row in rows}) == 1


def test_a_question_names_the_member() -> None:
    story = Story(plan({"agent_id": "a", "requires_approval": "before"}))
    asked = approval_facts.requested(
        story.plan.by_id["a"], 0, approval_id=uuid4(), moment=ApprovalMoment.BEFORE, text="?", now=utc_now()
    )
    story.tell(asked)

    assert [(row["kind"], row["params"]) for row in told(story)] == [("approval", {"agent": "A"})]


def test_only_a_long_execution_is_told_to_have_finished() -> None:
    story = Story(plan("a"))
    story.tell(facts.execution_completed({"summary": "ok"}))
    assert told(story) == []

    assert story.progress.started_at is not None
    story.progress.completed_at = story.progress.started_at.fromtimestamp(
        story.progress.started_at.timestamp() + LONG_SECONDS, tz=story.progress.started_at.tzinfo
    )
    assert [row["kind"] for row in told(story)] == ["finished"]
