"""Costs are measured by price lists, or unknown; never a guess."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renum_app.agents.backend import Usage
from renum_app.engine.costs import price

TOKENS = Usage(input_tokens=1_000, output_tokens=100, cached_tokens=0)


@pytest.mark.parametrize(
    ("provider", "model", "dollars"),
    [
        ("openai", "gpt-5-mini", "0.00045"),
        ("openai", "gpt-5-mini-2025-08-07", "0.00045"),
        ("anthropic", "claude-sonnet-4-5", "0.0045"),
    ],
)
def test_a_listed_model_has_its_price(provider: str, model: str, dollars: str) -> None:
    assert price(provider, model, TOKENS) == Decimal(dollars)


def test_cached_tokens_are_cheaper_and_never_counted_twice() -> None:
    cached = price("openai", "gpt-5-mini", Usage(input_tokens=1_000, output_tokens=100, cached_tokens=1_000))
    beyond = price("openai", "gpt-5-mini", Usage(input_tokens=1_000, output_tokens=100, cached_tokens=9_999))
    assert cached == beyond == Decimal("0.000225")


@pytest.mark.parametrize(
    ("provider", "model"),
    [
        ("", "gpt-5-mini"), ("openai", ""), ("openai", "no-such-model"), ("my-own-server", "gpt-5-mini"),
        ("ollama", "gpt-5-mini"), ("litellm", "gpt-5-mini"), ("litellm", "openai/gpt-5-mini"),
    ],
)  # fmt: skip
def test_what_no_price_list_has_is_unknown(provider: str, model: str) -> None:
    assert price(provider, model, TOKENS) is None


@pytest.mark.parametrize("usage", [Usage(), Usage(input_tokens=5), Usage(output_tokens=5)])
def test_without_both_counts_the_cost_is_unknown(usage: Usage) -> None:
    assert price("openai", "gpt-5-mini", usage) is None


@given(read=st.integers(0, 10_000_000), written=st.integers(0, 10_000_000), cached=st.integers(0, 10_000_000))
def test_more_tokens_never_cost_less(read: int, written: int, cached: int) -> None:
    usage = Usage(input_tokens=read, output_tokens=written, cached_tokens=min(cached, read))
    more = Usage(input_tokens=read + 1_000, output_tokens=written + 1_000, cached_tokens=min(cached, read))
    less_dollars, more_dollars = price("openai", "gpt-5-mini", usage), price("openai", "gpt-5-mini", more)
    assert less_dollars is not None
    assert more_dollars is not None
    assert 0 <= less_dollars < more_dollars


@given(provider=st.text(), model=st.text())
def test_any_names_are_answered(provider: str, model: str) -> None:
    answer = price(provider, model, TOKENS)
    assert answer is None or answer >= 0
