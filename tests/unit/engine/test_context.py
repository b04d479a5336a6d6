"""What answers write and conditions see; nothing raises, whatever an agent says."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renum_app.engine.conditions import verdict
from renum_app.engine.context import writes_in
from renum_app.models.workflow import Operator


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
        ('```renum\n{"a": 1}\n```\nE agora:\n```renum\n{"set": {"b": 2}}\n```', {"b": 2}, False),
        ('```renum\n{"a": 1}\n```\nUm programa:\n```python\nprint(1)\n```', {}, False),
        ('```renum\n{"a": "```"}\n```', {"a": "```"}, False),
        ('```renum\n{"a": 1}```', {"a": 1}, False),
        ("```renum\n```", {}, True),
        ("```renum\n" + " " * 1_000_000 + "x\n```", {}, True),
        ("```renum\n" * 100_000 + "```", {}, True),
        ("\n```" + " " * 1_000_000 + "\n```", {}, False),
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


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda inner: st.lists(inner))


@given(st.sampled_from(list(Operator)), JSON, JSON)
def test_no_values_make_an_operator_raise(operator: Operator, actual: Any, wanted: Any) -> None:
    assert verdict(operator, actual, wanted) in {True, False}
