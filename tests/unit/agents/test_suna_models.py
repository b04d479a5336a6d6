"""Models have one way of being written here, and Suna its own."""

from __future__ import annotations

import pytest

from renum_app.agents.suna.names import named_here, named_there


@pytest.mark.parametrize(
    ("there", "here"),
    [
        ("openai/gpt-5-mini", "openai:gpt-5-mini"),
        ("openrouter/x/y:free", "openrouter:x/y:free"),
        ("claude-sonnet-4-5", "claude-sonnet-4-5"),
        ("", ""),
    ],
)
def test_a_models_name_comes_back_as_it_went(there: str, here: str) -> None:
    assert named_here(there) == here
    assert named_there(here) == there
