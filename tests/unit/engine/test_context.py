"""What answers write and conditions see; nothing raises, whatever an agent says."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renum_app.engine.conditions import holds, verdict
from renum_app.engine.context import TeamContext, writes_in
from renum_app.models.workflow import Condition, Operator

CONTEXT = TeamContext(
    team_execution_id=UUID(int=1),
    shared_context={"risk": "4.5", "tags": ["Alto", "novo"], "a.b": {"c.d": 1}, "empty": None},
    agent_results={"agent-1": {"text": "Dívida ALTA"}, "x.y": {"text": "z"}},
    global_variables={"region": "sul", "risk": 1},
)


@pytest.mark.parametrize(
    ("answer", "values", "is_nonsense"),
    [
        ("só texto", {}, False),
        ('{"a": 1}', {"a": 1}, False),
        ("[1, 2]", {}, False),
        ("42", {}, False),
        ('Texto.\n```renum\n{"set": {"debt_ratio": 4.1}}\n```\n', {"debt_ratio": 4.1}, False),
        ('Texto.\n```renum\n{"debt_ratio": 4.1}\n```', {"debt_ratio": 4.1}, False),
        ('```renum\n{"set": {"a": 1}}\n```\nmais texto', {}, False),
        ("Texto.\n```renum\nbobagem\n```", {}, True),
        ("Texto.\n```renum\n[1]\n```", {}, True),
        ('Texto.\n```renum\n{"set": 3}\n```', {}, True),
        ('{"a": NaN}', {}, False),
        ('{"a": 1e999}', {}, False),
        ('{"a": ' + "[" * 200 + "]" * 200 + "}", {}, False),
        ("[" * 100_000, {}, False),
        ('{"a": "\\ud800"}', {"a": "?"}, False),
        ('{"a": 1', {}, False),
    ],
)
def test_an_answer_writes_a_json_object_or_a_renum_block(answer: str, values: Any, *, is_nonsense: bool) -> None:
    found = writes_in(answer)
    assert (dict(found.values), found.is_nonsense) == (values, is_nonsense)


@given(st.text())
def test_no_answer_raises(answer: str) -> None:
    writes_in(answer)
    writes_in(f"```renum\n{answer}\n```")
    writes_in(f"{{{answer}}}")


@pytest.mark.parametrize(
    ("path", "found", "value"),
    [
        ("shared_context.risk", True, "4.5"),
        ("risk", True, "4.5"),
        ("region", True, "sul"),
        ("global_variables.risk", True, 1),
        ("agent_results.agent-1.text", True, "Dívida ALTA"),
        ("agent_results.x.y.text", True, "z"),
        ("a.b.c.d", True, 1),
        ("tags.1", True, "novo"),
        ("tags.9", False, None),
        ("risk.deeper", False, None),
        ("nothing", False, None),
        ("empty", True, None),
    ],
)
def test_a_path_finds_what_is_there(path: str, value: Any, *, found: bool) -> None:
    assert CONTEXT.look_up(path) == (found, value)


@pytest.mark.parametrize(
    ("operator", "actual", "wanted", "expected"),
    [
        ("equals", 4, "4.0", True),
        ("equals", "sul", "Sul", False),
        ("equals", True, 1, False),
        ("equals", True, "true", True),
        ("equals", {"a": 1}, {"a": 1}, True),
        ("not_equals", "4", 5, True),
        ("contains", "Dívida ALTA", "alta", True),
        ("contains", ["Alto"], "alto", True),
        ("contains", {"Chave": 1}, "chave", True),
        ("contains", 12345, "234", True),
        ("not_contains", "abc", "z", True),
        ("greater_than", "10", 9, True),
        ("greater_than", "dez", 9, False),
        ("less_than", "dez", 9, False),
        ("greater_or_equal", 3, "3", True),
        ("less_or_equal", "2.5", "2.50", True),
        ("less_than", True, 2, False),
        ("greater_than", float("nan"), 0, False),
        ("exists", None, None, True),
        ("not_exists", 1, None, False),
    ],
)
def test_operators(operator: str, actual: Any, wanted: Any, *, expected: bool) -> None:
    assert verdict(Operator(operator), actual, wanted) is expected


@pytest.mark.parametrize("operator", list(Operator))
def test_a_missing_field_makes_every_operator_false_except_one(operator: Operator) -> None:
    assert verdict(operator, None, None, found=False) is (operator is Operator.NOT_EXISTS)


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda inner: st.lists(inner))


@given(st.sampled_from(list(Operator)), JSON, JSON)
def test_no_values_make_an_operator_raise(operator: Operator, actual: Any, wanted: Any) -> None:
    assert verdict(operator, actual, wanted) in {True, False}


def test_all_or_any_of_the_conditions_must_hold_and_the_record_says_what_was_seen() -> None:
    conditions = [
        Condition(field="risk", operator=Operator.GREATER_THAN, value=4),
        Condition(field="region", operator=Operator.EQUALS, value="norte"),
    ]
    assert holds(conditions, CONTEXT, mode="all")[0] is False
    does_hold, seen = holds(conditions, CONTEXT, mode="any")
    assert does_hold is True
    assert [(record["actual"], record["holds"]) for record in seen] == [("4.5", True), ("sul", False)]
    assert holds([], CONTEXT, mode="any") == (True, [])
