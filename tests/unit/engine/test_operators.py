"""Every operator of a condition on every kind of value; and the paths, modes and records around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest

from renum_app.engine.conditions import holds, verdict
from renum_app.engine.context import TeamContext
from renum_app.models.workflow import Condition, Operator

WORDS = {"=": "equals", "!=": "not_equals", "~": "contains", "!~": "not_contains", ">": "greater_than"}
WORDS |= {">=": "greater_or_equal", "<": "less_than", "<=": "less_or_equal", "?": "exists", "!?": "not_exists"}


@dataclass(frozen=True)
class Case:
    """Which of the ten operators hold for what is there and what is wanted."""

    actual: Any
    wanted: Any
    hold: str
    found: bool = True


CASES = [
    # Nothing there: false, whatever is wanted, but for one.
    Case(None, 4, "!?", found=False),
    Case(None, None, "!?", found=False),
    Case(None, "", "!?", found=False),
    # Numbers, also as text on either side or both.
    Case(4, 4, "= ~ >= <= ?"),
    Case(4, 5, "!= !~ < <= ?"),
    Case(5.5, 5, "!= ~ > >= ?"),
    Case("4.0", 4, "= ~ >= <= ?"),
    Case(4, "4.00", "= !~ >= <= ?"),
    Case("10", "9", "!= !~ > >= ?"),
    Case(" 7 ", 7, "= ~ >= <= ?"),
    Case("-3", "-2.5", "!= !~ < <= ?"),
    Case("1e3", 1000, "= !~ >= <= ?"),
    Case("+5", 5, "= ~ >= <= ?"),
    Case(0.1, "0.1", "= ~ >= <= ?"),
    Case("00012", 12, "= ~ >= <= ?"),
    # What looks like a number and is none, beside one.
    Case("dez", 9, "!= !~ ?"),
    Case("9 reais", 9, "!= ~ ?"),
    Case("4,5", 4, "!= ~ ?"),
    Case("1_000", 1000, "!= !~ ?"),
    Case("٤", 4, "!= !~ ?"),
    Case("0x10", 16, "!= !~ ?"),
    Case("NaN", 0, "!= !~ ?"),
    Case(float("nan"), 0, "!= !~ ?"),
    Case(float("inf"), 10**9, "!= !~ ?"),
    Case("1e9999", 1, "!= ~ ?"),
    Case("", 0, "!= !~ ?"),
    # Words: equal with their case, contained without it.
    Case("sul", "sul", "= ~ ?"),
    Case("Sul", "sul", "!= ~ ?"),
    Case("Região SUL", "sul", "!= ~ ?"),
    Case("sul", "Região Sul", "!= !~ ?"),
    Case("STRASSE", "straße", "!= ~ ?"),
    Case("", "", "= ~ ?"),
    Case("sul", "", "!= ~ ?"),
    # Lists and objects: an element, a key; equal as a whole.
    Case(["Sul", "norte"], "sul", "!= ~ ?"),
    Case(["Sul", "norte"], "su", "!= !~ ?"),
    Case([1, 2.5], 2.5, "!= ~ ?"),
    Case([1, 2], "2", "!= ~ ?"),
    Case([1, "a"], [1, "a"], "= !~ ?"),
    Case([[1], 2], [1], "!= ~ ?"),
    Case([], "", "!= !~ ?"),
    Case({"Risco": 4}, "risco", "!= ~ ?"),
    Case({"Risco": 4}, "4", "!= !~ ?"),
    Case({"a": 1, "b": 2}, {"b": 2, "a": 1}, "= !~ ?"),
    # Null is there, is nothing else, and has nothing in it.
    Case(None, None, "= !~ ?"),
    Case(None, "sul", "!= !~ ?"),
    Case(None, 0, "!= !~ ?"),
    Case(None, "nul", "!= !~ ?"),
    Case(None, "null", "!= !~ ?"),
    Case("null", None, "!= !~ ?"),
    Case([None], None, "!= ~ ?"),
    # Booleans are no numbers.
    Case(True, True, "= ~ ?"),
    Case(True, "true", "= ~ ?"),
    Case(True, 1, "!= !~ ?"),
    Case(1, True, "!= !~ ?"),
    Case(False, 0, "!= !~ ?"),
    Case(False, "", "!= ~ ?"),
    Case(False, None, "!= !~ ?"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.actual!r}-{case.wanted!r}-{case.found}")
def test_operators_hold_for_what_they_say(case: Case) -> None:
    found = {
        sign for sign, word in WORDS.items() if verdict(Operator(word), case.actual, case.wanted, found=case.found)
    }
    assert found == set(case.hold.split())


def test_the_table_has_every_operator() -> None:
    assert set(WORDS.values()) == {operator.value for operator in Operator}


CONTEXT = TeamContext(
    team_execution_id=UUID(int=7),
    shared_context={
        "risk": 4,
        "both": "shared",
        "nested": {"deep": {"er": [10, {"x": "fundo"}]}},
        "a.b": {"c": 1},
        "a": {"b": {"d": 2}},
        "nothing": None,
        "agent_results": "not the results",
    },
    agent_results={
        "agent-1": {"status": "completed", "text": "Dívida"},
        "b.2": {"status": "failed", "error": "timeout"},
    },
    global_variables={"both": "variable", "region": "sul", "plan": {"name": "ouro"}},
    execution_metadata={"current_step": 2, "total_steps": 3},
)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("shared_context.risk", 4),
        ("risk", 4),
        ("both", "shared"),
        ("global_variables.both", "variable"),
        ("region", "sul"),
        ("plan.name", "ouro"),
        ("global_variables.plan.name", "ouro"),
        ("nested.deep.er.0", 10),
        ("nested.deep.er.1.x", "fundo"),
        ("a.b.c", 1),
        ("a.b.d", 2),
        ("nothing", None),
        ("agent_results.agent-1.text", "Dívida"),
        ("agent_results.agent-1.status", "completed"),
        ("agent_results.b.2.error", "timeout"),
        ("shared_context.agent_results", "not the results"),
        ("execution_metadata.current_step", 2),
        ("team_execution_id", str(UUID(int=7))),
    ],
)
def test_a_dotted_path_finds_what_is_there(path: str, value: Any) -> None:
    assert CONTEXT.look_up(path) == (True, value)


@pytest.mark.parametrize(
    "path",
    [
        "shared_context.region", "global_variables.risk", "agent_results.agent-2.text", "agent_results.agent-1.error",
        "nested.deep.er.2", "nested.deep.er.-1", "nested.deep.er.x", "nested.nothing", "risk.more", "nothing.more",
        "team_execution_id.x", "execution_metadata.secret", "", ".", "..", "risk.", ".risk", "__class__",
    ],
)  # fmt: skip
def test_a_dotted_path_finds_nothing_else(path: str) -> None:
    assert CONTEXT.look_up(path) == (False, None)


YES, NO = ("risk", "equals", 4), ("risk", "equals", 5)
GONE = ("nowhere", "equals", 4)


@pytest.mark.parametrize(
    ("conditions", "mode", "expected"),
    [
        ([], "all", True),
        ([], "any", True),
        ([YES], "all", True),
        ([NO], "any", False),
        ([YES, YES], "all", True),
        ([YES, NO], "all", False),
        ([YES, NO], "any", True),
        ([NO, GONE], "any", False),
        ([GONE, YES], "any", True),
        ([GONE, YES], "all", False),
    ],
)
def test_all_or_any_must_hold(conditions: list[tuple[str, str, Any]], mode: Any, *, expected: bool) -> None:
    asked = [Condition(field=field, operator=Operator(word), value=value) for field, word, value in conditions]
    does_hold, seen = holds(asked, CONTEXT, mode=mode)
    assert does_hold is expected
    assert len(seen) == len(conditions), "the record has every condition, also those that decided nothing"


def test_the_record_says_what_was_asked_what_was_there_and_whether_it_holds() -> None:
    asked = [
        Condition(field="nested", operator=Operator.EXISTS),
        Condition(field="nowhere", operator=Operator.LESS_THAN, value=3),
        Condition(field="agent_results.agent-1.text", operator=Operator.CONTAINS, value="dívida"),
    ]
    _, seen = holds(asked, CONTEXT, mode="all")
    assert seen == [
        {
            "field": "nested",
            "operator": "exists",
            "value": None,
            "found": True,
            "actual": '{"deep": {"er": [10, {"x": "fundo"}]}}',
            "holds": True,
        },
        {"field": "nowhere", "operator": "less_than", "value": 3, "found": False, "actual": None, "holds": False},
        {
            "field": "agent_results.agent-1.text",
            "operator": "contains",
            "value": "dívida",
            "found": True,
            "actual": "Dívida",
            "holds": True,
        },
    ]


def test_the_record_keeps_the_beginning_of_what_is_long() -> None:
    context = TeamContext(team_execution_id=UUID(int=1), shared_context={"text": "x" * 5_000})
    condition = Condition(field="text", operator=Operator.CONTAINS, value="x" * 4_000)
    _, (seen,) = holds([condition], context, mode="all")
    assert (seen["actual"], seen["value"], seen["holds"]) == ("x" * 200 + "…", "x" * 200 + "…", True)
