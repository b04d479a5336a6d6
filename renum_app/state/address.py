"""What a page's address names, and the way to another. Anybody can type one: it is read strictly and proves nothing."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import UUID

import reflex as rx
from reflex.event import EventSpec

_LONGEST_SEARCH = 200


def id_in(text: str) -> UUID | None:
    """The id that `text` is, if it is one."""
    try:
        return UUID(text)
    except ValueError:
        return None


def id_in_path(path: str, *, after: str) -> UUID | None:
    """The id that follows the word `after` in a path, `/teams/<id>/execute` after `teams`."""
    parts = path.strip("/").split("/")
    place = parts.index(after) + 1 if after in parts else len(parts)
    return id_in(parts[place]) if place < len(parts) else None


def page_number(asked: Mapping[str, str]) -> int:
    """The `page` of a list, from 1."""
    text = asked.get("page", "")
    return max(int(text), 1) if text.isascii() and text.isdecimal() and len(text) < 7 else 1


def search_words(asked: Mapping[str, str]) -> str:
    """The `q` of a list."""
    return asked.get("q", "").strip()[:_LONGEST_SEARCH]


def go(path: str, **asked: str | int) -> EventSpec:
    """To another slice of a list; what is empty, and the first page, are not worth naming."""
    named = {name: str(value) for name, value in asked.items() if value and (name, value) != ("page", 1)}
    return rx.redirect(f"{path}?{urlencode(named)}" if named else path)
