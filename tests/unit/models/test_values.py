"""Text that people and databases can take."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from renum_app.models.values import Name, Shape, Text, storable

UNSEEN = ["\x1b", "\x07", "\x08", "\x9b", "\x7f", "\u202e", "\u2066", "\U000e0041", "\U000e007f"]


class _Thing(Shape):
    name: Name
    text: Text = ""


@pytest.mark.parametrize("character", UNSEEN)
def test_what_is_not_seen_is_shown_and_counts_as_one_character(character: str) -> None:
    assert storable(f"a{character}b") == "a\ufffdb"
    assert _Thing(name=f"a{character}b", text=f"{character}").model_dump() == {"name": "a\ufffdb", "text": "\ufffd"}


def test_what_is_seen_stays() -> None:
    text = "ação\n\t – 日本語 עברית \u200e\u200d👩‍🔬 ✓ e\u0301\r\n"
    assert storable(text) == text
    assert _Thing(name=text).name == text


@pytest.mark.parametrize("character", ["\x00", "\ud800"])
def test_what_cannot_be_stored_is_refused_in_a_request(character: str) -> None:
    with pytest.raises(ValidationError):
        _Thing(name=f"a{character}")
