"""What each member is given to read: strategies, roles, explicit and combined inputs, as one table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from renum_app.engine.inputs import feed, letter
from renum_app.engine.results import write_conflicts
from tests.unit.engine.teams import BRIEF, Story, plan
from tests.unit.engine.test_joins import stands

PROMPT = "initial_prompt"


@dataclass(frozen=True)
class Case:
    """What the last member reads when those before it stand so (letters as in `test_joins`)."""

    kind: str
    ends: str
    reads: str
    last: dict[str, Any] = field(default_factory=dict)
    orders: str = "12345"


def result_of(step_id: str) -> dict[str, Any]:
    return {"input": {"source": "agent_result", "agent_id": step_id}}


def combined(*sources: str) -> dict[str, Any]:
    """`prompt`, `a` for a member's result, `$key` for a variable, `.key` for the context."""
    words = {"$": lambda key: {"type": "variable", "key": key}, ".": lambda key: {"type": "context", "key": key}}
    made = [
        {"type": PROMPT}
        if source == "prompt"
        else words[source[0]](source[1:])
        if source[0] in words
        else {"type": "agent_result", "agent_id": source}
        for source in sources
    ]
    return {"input": {"source": "combined", "sources": made}}


COORDINATOR = {"role": "coordinator", "execution_order": 99}

CASES = [
    # Sequential and conditional: the prompt, and every result so far.
    Case("sequential", "", PROMPT),
    Case("sequential", "cc", f"{PROMPT} a b"),
    Case("sequential", "fc", f"{PROMPT} b"),
    Case("sequential", "sc", f"{PROMPT} b"),
    Case("sequential", "ss", PROMPT),
    Case("conditional", "csc", f"{PROMPT} a c"),
    # By order, not by place; members of one order do not read each other.
    Case("sequential", "cc", f"{PROMPT} b a", orders="213"),
    Case("sequential", "cc", f"{PROMPT} a", orders="122"),
    # Pipeline: the previous result and nothing else; a skipped or failed member is passed over.
    Case("pipeline", "", PROMPT),
    Case("pipeline", "c", "a"),
    Case("pipeline", "cc", "b"),
    Case("pipeline", "cs", "a"),
    Case("pipeline", "cf", "a"),
    Case("pipeline", "ss", PROMPT),
    Case("pipeline", "ccc", "b c", orders="1223"),
    Case("pipeline", "ccf", "b", orders="1223"),
    Case("pipeline", "css", "a", orders="1223"),
    # Parallel: the prompt only.
    Case("parallel", "cc", PROMPT),
    # A coordinator: the prompt and every success, whatever the workflow.
    Case("sequential", "cfc", f"{PROMPT} a c", last=COORDINATOR),
    Case("pipeline", "ccc", f"{PROMPT} a b c", last=COORDINATOR),
    Case("conditional", "scs", f"{PROMPT} b", last=COORDINATOR),
    Case("parallel", "cxf", f"{PROMPT} a", last=COORDINATOR),
    Case("parallel", "xx", PROMPT, last=COORDINATOR),
    # An explicit input is followed to the letter, by a coordinator too.
    Case("sequential", "cc", PROMPT, last={"input": {"source": PROMPT}}),
    Case("pipeline", "cc", PROMPT, last={"input": {"source": PROMPT}}),
    Case("pipeline", "cc", "a", last=result_of("a")),
    Case("parallel", "cc", "b", last=result_of("b")),
    Case("sequential", "cc", "a", last={**COORDINATOR, **result_of("a")}),
    Case("sequential", "sc", "missing: source_skipped", last=result_of("a")),
    Case("sequential", "fc", "missing: source_failed", last=result_of("a")),
    # Combined: in the order given, leaving out what is not there, as often as it is named.
    Case("sequential", "cc", f"b {PROMPT} a", last=combined("b", "prompt", "a")),
    Case("parallel", "cc", "b a", last=combined("b", "a")),
    Case("sequential", "sc", "b", last=combined("a", "b")),
    Case("sequential", "fs", "missing: source_skipped", last=combined("a", "b")),
    Case("sequential", "fs", PROMPT, last=combined("a", "b", "prompt")),
    Case("sequential", "c", "variable.region a", last=combined("$region", "a")),
    Case("sequential", "c", "missing: source_skipped", last=combined("$nothing", ".nothing")),
    Case("sequential", "c", "context.region", last=combined(".region")),
    Case("sequential", "c", "context.agent_results.a.text", last=combined(".agent_results.a.text")),
    Case("sequential", "c", "a a", last=combined("a", "a")),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.kind}-{case.ends}-{case.reads}")
def test_a_member_reads_what_its_strategy_role_and_input_say(case: Case) -> None:
    letters = "abcdef"[: len(case.ends)]
    orders = [int(order) for order in case.orders]
    members = [
        {"agent_id": step_id, "execution_order": order, "on_failure": "continue"}
        for step_id, order in zip(letters, orders, strict=False)
    ]
    last = {"agent_id": "z", "execution_order": orders[len(letters)], **case.last}
    story = stands(Story(plan(*members, last, kind=case.kind)), case.ends)
    fed = feed(story.plan, BRIEF, story.progress, story.plan.by_id["z"])
    assert (" ".join(section.origin for section in fed.sections) or f"missing: {fed.missing}") == case.reads


@pytest.mark.parametrize(("value", "text"), [("sul", "sul"), (3, "3"), ({"á": [1]}, '{"á": [1]}'), (None, "null")])
def test_a_value_is_read_as_text(value: Any, text: str) -> None:
    brief = type(BRIEF)(BRIEF.execution_id, BRIEF.user_id, "Analise.", {"key": value})
    story = Story(plan({"agent_id": "a", **combined("$key")}))
    (section,) = feed(story.plan, brief, story.progress, story.plan.by_id["a"]).sections
    assert (section.label, section.text) == ("key", text)


@pytest.mark.parametrize(("role", "has_roster"), [("leader", True), ("member", False), ("coordinator", False)])
def test_only_a_leader_is_told_who_is_in_the_team(role: str, *, has_roster: bool) -> None:
    story = Story(plan("b", {"agent_id": "a", "role": role})).start("b").complete(b="1")
    step = story.plan.by_id["a"]
    sent = letter(story.plan, feed(story.plan, BRIEF, story.progress, step), step, instructions="Minhas.", mark="m")
    assert sent.instructions.startswith("Minhas.")
    assert ("- A (leader): you" in sent.instructions) is has_roster


@dataclass(frozen=True)
class Writes:
    """Which keys are told to be in conflict once the last of three members has ended."""

    kind: str
    orders: str
    said: tuple[str | None, str | None, str | None]
    """None: the member failed."""
    conflicts: dict[str, str]
    """The key, and whose value stays."""


K1, K2, OTHER = '{"k": 1}', '{"k": 2}', '{"other": 1}'


@pytest.mark.parametrize(
    "case",
    [
        Writes("parallel", "123", (K1, OTHER, "texto"), {}),
        Writes("parallel", "123", (K1, K2, OTHER), {"k": "B"}),
        Writes("parallel", "123", (K1, K1, OTHER), {"k": "B"}),
        Writes("parallel", "321", (K1, K2, OTHER), {"k": "A"}),
        Writes("parallel", "123", (K1, None, K2), {"k": "C"}),
        Writes("parallel", "123", (K1, None, OTHER), {}),
        Writes("parallel", "123", ('{"k": 1, "m": 1}', '{"m": 2}', K2), {"k": "C", "m": "B"}),
        Writes("sequential", "111", (K1, K2, OTHER), {"k": "B"}),
        Writes("sequential", "123", (K1, K2, K1), {}),
        Writes("sequential", "122", (K1, K2, OTHER), {}),
        Writes("pipeline", "122", (OTHER, K1, K2), {"k": "C"}),
        Writes("conditional", "111", (K1, None, K2), {"k": "C"}),
    ],
    ids=str,
)
def test_two_writes_to_one_key_at_a_join_are_told_with_whose_stays(case: Writes) -> None:
    members = [
        {"agent_id": step_id, "execution_order": int(order), "on_failure": "continue"}
        for step_id, order in zip("abc", case.orders, strict=True)
    ]
    team = plan(*members, kind=case.kind)
    story, told = Story(team), {}
    for step_id, said in zip("abc", case.said, strict=True):
        story.start(step_id)
        story.fail(step_id) if said is None else story.complete(**{step_id: said})
        found = write_conflicts(team, story.progress, team.by_id[step_id])
        told |= {conflict["key"]: conflict["winner"] for conflict in found}
    assert told == case.conflicts
