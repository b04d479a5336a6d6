"""Nothing to show, and why: not made yet, filtered away, or failed to load."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.button import button
from renum_app.components.text import say, t
from renum_app.state.sentence import Sentence


def empty(title: Any, description: Any, *actions: rx.Component) -> rx.Component:
    """The first time here: what this is, and the one thing to do."""
    return rx.el.div(
        _staff(),
        rx.el.h2(title, class_name="empty-title"),
        rx.el.p(description, class_name="empty-text"),
        rx.el.div(*actions, class_name="flex flex-wrap justify-center gap-2 mt-3") if actions else rx.fragment(),
        class_name="empty",
    )


def empty_filtered(on_clear: Any) -> rx.Component:
    """There is something, but not with these filters."""
    return empty(t("common.no_match"), t("common.no_match_text"), button(t("common.clear_filters"), on_click=on_clear))


def failed(sentence: rx.Var[Sentence], *, on_retry: Any) -> rx.Component:
    """Loading went wrong: what happened, and again."""
    return rx.el.div(
        empty(t("common.load_failed"), say(sentence), button(t("common.retry"), icon="retry", on_click=on_retry)),
        role="alert",
    )


def _staff() -> rx.Component:
    """An empty staff with three ghost bars: the score before the first note."""
    lines = [rx.el.svg.line(x1=0, x2=200, y1=y, y2=y, stroke="var(--line)", stroke_width=1) for y in (8, 24, 40, 56)]
    bars = [
        rx.el.svg.rect(
            x=x,
            y=y,
            width=width,
            height=10,
            rx=3,
            fill="var(--card)",
            stroke="var(--line-strong)",
            stroke_dasharray="3 3",
        )
        for x, y, width in ((14, 11, 54), (58, 27, 70), (118, 43, 62))
    ]
    return rx.el.svg(*lines, *bars, view_box="0 0 200 64", aria_hidden="true", class_name="staff")
