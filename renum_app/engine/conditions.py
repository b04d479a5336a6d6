"""Conditions: whether a member runs, with the values that were seen. Pure and total."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Literal

from renum_app.engine.context import TeamContext
from renum_app.models.workflow import Condition, Operator

_NUMBER = re.compile(r"\s*[+-]?(\d{1,300}(\.\d{0,300})?|\.\d{1,300})([eE][+-]?\d{1,3})?\s*", re.ASCII)
_SHOWN_CHARS = 200


def holds(
    conditions: Sequence[Condition], context: TeamContext, *, mode: Literal["all", "any"]
) -> tuple[bool, list[dict[str, Any]]]:
    """Whether they hold on this context, and the record that says why."""
    seen = [_seen(condition, context) for condition in conditions]
    if not seen:
        return True, []
    verdicts = [record["holds"] for record in seen]
    return (all(verdicts) if mode == "all" else any(verdicts)), seen


def _seen(condition: Condition, context: TeamContext) -> dict[str, Any]:
    found, actual = context.look_up(condition.field)
    return {
        "field": condition.field,
        "operator": condition.operator.value,
        "value": _shown(condition.value),
        "found": found,
        "actual": _shown(actual),
        "holds": verdict(condition.operator, actual, condition.value, found=found),
    }


def verdict(operator: Operator, actual: Any, wanted: Any, *, found: bool = True) -> bool:
    """A missing field makes every operator false except `not_exists`."""
    if operator is Operator.NOT_EXISTS:
        return not found
    return found and (operator is Operator.EXISTS or _COMPARISONS[operator](actual, wanted))


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return Decimal(str(value)) if abs(value) < 10**300 else None
    if isinstance(value, str) and _NUMBER.fullmatch(value):
        return Decimal(value.strip())
    return None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)


def _equals(actual: Any, wanted: Any) -> bool:
    if actual is None or wanted is None:
        return actual is wanted
    left, right = _number(actual), _number(wanted)
    if left is not None and right is not None:
        return left == right
    return _text(actual) == _text(wanted)


def _contains(actual: Any, wanted: Any) -> bool:
    """Ignores case: a part of a text, an element of a list, a key of an object; null has nothing in it."""
    if isinstance(actual, list | dict):
        return any(_text(item).casefold() == _text(wanted).casefold() for item in actual)
    if actual is None or wanted is None:
        return False
    return _text(wanted).casefold() in _text(actual).casefold()


def _compares(test: Callable[[Decimal, Decimal], bool]) -> Callable[[Any, Any], bool]:
    """False unless both sides are numbers, also as text."""

    def compare(actual: Any, wanted: Any) -> bool:
        left, right = _number(actual), _number(wanted)
        return left is not None and right is not None and test(left, right)

    return compare


_COMPARISONS: dict[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUALS: _equals,
    Operator.NOT_EQUALS: lambda actual, wanted: not _equals(actual, wanted),
    Operator.CONTAINS: _contains,
    Operator.NOT_CONTAINS: lambda actual, wanted: not _contains(actual, wanted),
    Operator.GREATER_THAN: _compares(lambda left, right: left > right),
    Operator.GREATER_OR_EQUAL: _compares(lambda left, right: left >= right),
    Operator.LESS_THAN: _compares(lambda left, right: left < right),
    Operator.LESS_OR_EQUAL: _compares(lambda left, right: left <= right),
}


def _shown(value: Any) -> Any:
    """A value short enough to keep in the record."""
    if isinstance(value, bool | int | float) or value is None:
        return value
    text = _text(value)
    return text if len(text) <= _SHOWN_CHARS else f"{text[:_SHOWN_CHARS]}…"
