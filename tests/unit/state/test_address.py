"""Addresses are typed by anybody."""

from __future__ import annotations

from uuid import UUID

import pytest

from renum_app.state.address import id_in_path, page_number, search_words

ID = UUID("0b9b1a3e-5a3c-4d21-9f0e-1c2d3e4f5a6b")


@pytest.mark.parametrize(
    ("path", "after", "found"),
    [
        (f"/executions/{ID}", "executions", ID),
        (f"/executions/{ID}/", "executions", ID),
        (f"/teams/{ID}/execute", "teams", ID),
        ("/executions", "executions", None),
        ("/executions/nobody", "executions", None),
        (f"/teams/{ID}", "executions", None),
    ],
)
def test_an_id_is_found_only_where_it_belongs(path: str, after: str, found: UUID | None) -> None:
    assert id_in_path(path, after=after) == found


@pytest.mark.parametrize(
    ("text", "page"), [("3", 3), ("0", 1), ("-2", 1), ("abc", 1), ("²", 1), ("99999999999", 1), ("", 1)]
)
def test_a_page_number_is_a_page_number_or_the_first(text: str, page: int) -> None:
    assert page_number({"page": text}) == page


def test_a_search_is_cut_to_what_a_person_would_type() -> None:
    assert search_words({"q": f"  {'a' * 900} "}) == "a" * 200
