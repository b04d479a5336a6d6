"""Surfaces: cards, their heads, and rows inside them."""

from __future__ import annotations

from typing import Any

import reflex as rx


def card(*children: Any, class_name: str = "", **props: Any) -> rx.Component:
    return rx.el.section(*children, class_name=f"card {class_name}", **props)


def card_head(title: Any, *aside: Any, note: Any = None) -> rx.Component:
    """The head of a card: what it is on the left, what one can do on the right."""
    words = [rx.el.h2(title), *([rx.el.span(note, class_name="text-muted truncate")] if note is not None else [])]
    return rx.el.header(
        rx.el.div(*words, class_name="flex items-baseline gap-2.5 min-w-0"),
        rx.el.div(*aside, class_name="flex items-center gap-2 flex-none") if aside else rx.fragment(),
        class_name="card-head",
    )


def card_body(*children: Any, class_name: str = "") -> rx.Component:
    return rx.el.div(*children, class_name=f"card-body {class_name}")
