"""Order barriers in sequential, pipeline and conditional workflows: one table for all three."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from renum_app.engine.strategies import decide
from tests.unit.engine.teams import BRIEF, Story, plan
from tests.unit.engine.test_joins import stands, told

ORDERED = ["sequential", "pipeline", "conditional"]


@dataclass(frozen=True)
class Case:
    """What follows when the members a, b, c … of these orders stand so; the letters are those of `test_joins`.

    A member in `may_fail` lets the team go on.
    """

    orders: str
    ends: str
    follows: str
    may_fail: str = ""
    at_once: int | None = None


CASES = [
    # One after the other.
    Case("123", "...", "start a"),
    Case("123", "r..", "wait"),
    Case("123", "w..", "wait"),
    Case("123", "c..", "start b"),
    Case("123", "cr.", "wait"),
    Case("123", "cc.", "start c"),
    Case("123", "ccr", "wait"),
    Case("123", "ccc", "success"),
    # The order is the number, not the place in the list; gaps and 0 mean nothing.
    Case("321", "...", "start c"),
    Case("321", "..c", "start b"),
    Case("905", "...", "start b"),
    Case("905", ".c.", "start c"),
    Case("905", ".cc", "start a"),
    # Equal orders run together, and the next order waits for all of them.
    Case("1223", "c...", "start b c"),
    Case("1223", "ccr.", "wait"),
    Case("1223", "crc.", "wait"),
    Case("1223", "cwc.", "wait"),
    Case("1223", "ccc.", "start d"),
    Case("1223", "cccc", "success"),
    Case("111", "...", "start a b c"),
    Case("111", "ccc", "success"),
    # No more at once than may be.
    Case("111", "...", "start a b", at_once=2),
    Case("111", "rr.", "wait", at_once=2),
    Case("111", "rw.", "wait", at_once=2),
    Case("111", "cr.", "start c", at_once=2),
    Case("111", "...", "start a", at_once=1),
    # A skipped step counts as ended.
    Case("123", "s..", "start b"),
    Case("123", "cs.", "start c"),
    Case("1223", "csr.", "wait"),
    Case("1223", "csc.", "start d"),
    Case("123", "ccs", "success"),
    Case("123", "sss", "success"),
    # A failure stops the team: who runs finishes, nobody else starts, of the same order neither.
    Case("123", "f..", "failure of a"),
    Case("123", "cf.", "failure of b"),
    Case("112", "fr.", "wait"),
    Case("112", "fw.", "wait"),
    Case("112", "fc.", "failure of a"),
    Case("112", "ff.", "failure of a"),
    Case("1112", "fr..", "wait", at_once=2),
    Case("1112", "fc..", "failure of a", at_once=2),
    # One that may fail lets it go on.
    Case("123", "f..", "start b", may_fail="a"),
    Case("123", "ff.", "start c", may_fail="ab"),
    Case("123", "fff", "success", may_fail="abc"),
    Case("112", "fc.", "start c", may_fail="a"),
    Case("112", "ff.", "failure of b", may_fail="a"),
]


@pytest.mark.parametrize("kind", ORDERED)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.orders}-{case.ends}-{case.may_fail}")
def test_order_is_a_barrier(case: Case, kind: str) -> None:
    members: list[dict[str, Any]] = [
        {
            "agent_id": step_id,
            "execution_order": int(order),
            "on_failure": "continue" if step_id in case.may_fail else "stop",
        }
        for step_id, order in zip("abcdef", case.orders, strict=False)
    ]
    story = stands(Story(plan(*members, kind=kind, max_concurrency=case.at_once)), case.ends)
    assert told(decide(story.plan, BRIEF, story.progress)) == case.follows


def when(field: str, operator: str = "exists", value: Any = None) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


@dataclass(frozen=True)
class Gate:
    """What becomes of the conditional member b after a said something."""

    conditions: list[dict[str, Any]]
    said: str
    runs: bool
    mode: str = "all"


RISK = '{"risco": 4, "setor": "varejo"}'
GATES = [
    Gate([], RISK, runs=True),
    Gate([when("risco", "greater_than", 3)], RISK, runs=True),
    Gate([when("risco", "greater_than", 4)], RISK, runs=False),
    Gate([when("shared_context.setor", "equals", "varejo")], RISK, runs=True),
    Gate([when("agent_results.a.text", "contains", "VAREJO")], RISK, runs=True),
    Gate([when("agent_results.a.status", "equals", "completed")], RISK, runs=True),
    Gate([when("agent_results.c.text")], RISK, runs=False),
    Gate([when("region", "equals", "sul")], "nada", runs=True),
    Gate([when("global_variables.limit", "less_or_equal", "3.0")], "nada", runs=True),
    Gate([when("execution_metadata.total_steps", "equals", 3)], "nada", runs=True),
    Gate([when("risco", "less_than", 3)], "nada", runs=False),
    Gate([when("risco", "not_equals", 3)], "nada", runs=False),
    Gate([when("risco", "not_exists")], "nada", runs=True),
    Gate([when("risco", "greater_than", "alto")], RISK, runs=False),
    Gate([when("setor", "greater_than", 1)], RISK, runs=False),
    Gate([when("risco"), when("nada")], RISK, runs=False),
    Gate([when("risco"), when("nada")], RISK, runs=True, mode="any"),
    Gate([when("tudo"), when("nada")], RISK, runs=False, mode="any"),
]


@pytest.mark.parametrize("gate", GATES, ids=str)
def test_a_conditional_member_runs_if_its_conditions_hold_now(gate: Gate) -> None:
    member = {"agent_id": "b", "conditions": gate.conditions, "conditions_mode": gate.mode}
    story = Story(plan("a", member, "c", kind="conditional")).start("a").complete(a=gate.said)
    decision = decide(story.plan, BRIEF, story.progress)
    assert told(decision) == ("start b" if gate.runs else "skip b")
    if not gate.runs:
        (skip,) = decision.skip
        assert (skip.reason, skip.details["mode"]) == ("conditions_not_met", gate.mode)
        assert [seen["field"] for seen in skip.details["conditions"]] == [asked["field"] for asked in gate.conditions]


def test_conditional_members_of_one_order_do_not_read_each_other() -> None:
    reads_b = {"agent_id": "c", "execution_order": 2, "conditions": [when("x")]}
    team = plan(
        {"agent_id": "a"}, {"agent_id": "b", "execution_order": 2}, reads_b, kind="conditional", max_concurrency=1
    )
    story = Story(team).start("a").complete(a="nada").start("b").complete(b='{"x": 1}')
    assert told(decide(team, BRIEF, story.progress)) == "skip c"


def test_conditions_are_looked_at_when_their_turn_comes_and_not_before() -> None:
    team = plan("a", "b", {"agent_id": "c", "conditions": [when("x", "equals", 2)]}, kind="conditional")
    story = Story(team).start("a").complete(a='{"x": 1}')
    assert told(decide(team, BRIEF, story.progress)) == "start b"
    story.start("b").complete(b='{"x": 2}')
    assert told(decide(team, BRIEF, story.progress)) == "start c"


@pytest.mark.parametrize("kind", ["sequential", "pipeline", "conditional", "parallel"])
@pytest.mark.parametrize(("end", "reason"), [("s", "source_skipped"), ("f", "source_failed"), ("x", "source_skipped")])
def test_a_member_whose_only_source_has_no_text_is_skipped_and_says_why(kind: str, end: str, reason: str) -> None:
    source = {"agent_id": "a", "on_failure": "continue"}
    reader = {"agent_id": "b", "input": {"source": "agent_result", "agent_id": "a"}}
    story = stands(Story(plan(source, reader, kind=kind)), end)
    (skip,) = decide(story.plan, BRIEF, story.progress).skip
    assert (skip.step_id, skip.reason) == ("b", reason)


def test_a_condition_is_told_before_a_missing_source() -> None:
    reader = {"agent_id": "b", "input": {"source": "agent_result", "agent_id": "a"}, "conditions": [when("x")]}
    story = stands(Story(plan("a", reader, kind="conditional")), "s")
    (skip,) = decide(story.plan, BRIEF, story.progress).skip
    assert skip.reason == "conditions_not_met"
