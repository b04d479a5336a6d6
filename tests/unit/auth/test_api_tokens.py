"""How an API token is written and read."""

from __future__ import annotations

import re
from uuid import UUID, uuid4

import pytest

from renum_app.auth import api_tokens
from renum_app.logs import masked

SHAPE = re.compile(r"rnm_pat_[0-9A-Za-z]{71}")


def test_a_token_carries_its_id_and_never_repeats() -> None:
    for token_id in (uuid4(), UUID(int=0), UUID(int=2**128 - 1)):
        tokens = {api_tokens.new(token_id) for _ in range(20)}
        assert len(tokens) == 20
        assert {api_tokens.id_of(token) for token in tokens} == {token_id}
        assert all(SHAPE.fullmatch(token) for token in tokens)


def test_one_wrong_character_anywhere_is_noticed() -> None:
    token = api_tokens.new(uuid4())
    for place in range(len(token)):
        wrong = "x" if token[place] != "x" else "y"
        assert api_tokens.id_of(token[:place] + wrong + token[place + 1 :]) is None


@pytest.mark.parametrize("text", ["", "rnm_pat_", "rnm_pat_" + "z" * 71, "rnm_pat_" + "é" * 71, "rnm_wst_x", "a" * 79])
def test_what_is_no_token_has_no_id(text: str) -> None:
    assert api_tokens.id_of(text) is None


def test_a_log_never_shows_one() -> None:
    token = api_tokens.new(uuid4())
    assert token[8:] not in masked(f"GET /x with {token}")
