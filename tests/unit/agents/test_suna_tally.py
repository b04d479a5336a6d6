"""What a run used and was charged: all of it, or unknown; a part never looks like the whole."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renum_app.agents.suna.tally import billed_credits, is_whole, tally
from renum_app.agents.suna.wire import Charge, MessageRow


def said(*steps: str) -> list[MessageRow]:
    return [MessageRow(type="assistant", metadata={"thread_run_id": step}) for step in steps]


def usage(
    kind: str, prompt: Any, completion: Any, *, model: str = "openrouter/x/y", step: str = "t", name: str | None = None
) -> MessageRow:
    content = {"usage": {"prompt_tokens": prompt, "completion_tokens": completion}, "model": model}
    return MessageRow(message_id=name, type=kind, content=content, metadata={"thread_run_id": step})


def test_tokens_are_summed_over_the_calls_of_a_run() -> None:
    both = [usage("llm_response_end", 10, 2), usage("llm_response_end", 5, 1), usage("assistant_response_end", 9, 9)]
    counted = tally([*said("t"), *both])

    assert (counted.usage.input_tokens, counted.usage.output_tokens) == (15, 3)
    assert (counted.provider, counted.model) == ("openrouter", "x/y")


@pytest.mark.parametrize("told", [(None, 2), ("10", 2), (-1, 2), (True, 2), (0, 0)])
def test_a_count_that_is_none_leaves_the_usage_unknown(told: tuple[Any, Any]) -> None:
    assert tally([*said("t"), usage("llm_response_end", *told)]).usage.total is None


def test_two_models_have_no_one_price() -> None:
    ends = [usage("llm_response_end", 1, 1, model="openai/gpt-5"), usage("llm_response_end", 1, 1, model="claude-x")]
    counted = tally([*said("t"), *ends])

    assert (counted.model, counted.usage.total) == ("", 4)


def test_usage_is_whole_when_every_call_has_told_it() -> None:
    one, two = (usage("llm_response_end", 1, 1, step=step) for step in ("a", "b"))

    assert not is_whole([*said("a", "b"), one])
    assert not is_whole([*said("a", "b"), one, one]), "twice the same call is not both"
    assert is_whole([*said("a", "b"), one, two])
    assert is_whole([*said("a", "b"), one, usage("llm_response_end", 1, 1, step="")]), "a release that names no call"


@given(st.lists(st.booleans(), min_size=1, max_size=6))
@settings(deadline=None)
def test_a_part_of_the_usage_is_never_told_as_the_whole(told: list[bool]) -> None:
    steps = [str(number) for number in range(len(told))]
    ends = [usage("llm_response_end", 3, 2, step=step) for step, is_told in zip(steps, told, strict=True) if is_told]

    assert tally([*said(*steps), *ends]).usage.total == (5 * len(told) if all(told) else None)


ROWS = [*said("a", "b"), *(usage("llm_response_end", 1, 1, step=step, name=step) for step in ("a", "b"))]


@pytest.mark.parametrize(
    ("charges", "billed"),
    [
        ([], None),
        ([Charge(id="1", amount=2, message_id="a")], None),
        ([Charge(id="1", amount=2, message_id="a"), Charge(id="2", amount=3, message_id="b")], 5),
        ([Charge(id="1", amount=2, message_id="a"), Charge(id="1", amount=2, message_id="a")], None),
        ([Charge(id="1", amount=2, message_id="a"), Charge(id="2", amount=3)], 5),
        ([Charge(amount=2), Charge(amount=3)], 5),
        ([Charge(amount=2)], None),
        ([Charge(id="1", amount=2, message_id="a"), Charge(id="2", amount=3, message_id="b"),
          Charge(id="2", amount=3, message_id="b"), Charge(id="3", amount=1, message_id="image")], 6),
    ],
)  # fmt: skip
def test_the_bill_is_known_once_every_call_is_on_the_ledger(charges: list[Charge], billed: float | None) -> None:
    assert billed_credits(ROWS, charges) == billed


def test_a_bill_of_a_run_whose_usage_is_not_told_is_unknown() -> None:
    assert billed_credits(ROWS[:3], [Charge(id="1", amount=2, message_id="a")]) is None
