"""Executions per day, stacked by how they ended; the same colours as everywhere."""

from __future__ import annotations

import reflex as rx

from renum_app.components.card import card, card_body, card_head
from renum_app.components.figures import day
from renum_app.components.text import t
from renum_app.state.dashboard import Dashboard, DayBar


def days_chart() -> rx.Component:
    """Two weeks; nothing until there is something to draw."""
    legend = [_key("completed"), _key("failed"), _key("pending", "others")]
    return rx.cond(
        Dashboard.days.length() > 0,
        card(
            card_head(t("dashboard.per_day"), *legend),
            card_body(rx.el.div(rx.foreach(Dashboard.days, _day), role="list", class_name="days")),
        ),
    )


def _day(bar: rx.Var[DayBar]) -> rx.Component:
    words = t("dashboard.day", day=day(bar.date), n=bar.total, completed=bar.completed, failed=bar.failed)
    parts = [
        rx.el.span(custom_attrs={"data-tone": tone}, style={"height": f"{height}%"})
        for tone, height in (
            ("pending", bar.others_height),
            ("failed", bar.failed_height),
            ("completed", bar.completed_height),
        )
    ]
    return rx.el.div(
        rx.el.div(*parts, class_name="day-bar"),
        rx.el.span(day(bar.date), aria_hidden="true", class_name="day-name"),
        role="listitem",
        aria_label=words,
        title=words,
        class_name="day",
    )


def _key(tone: str, word: str = "") -> rx.Component:
    swatch = rx.el.span(custom_attrs={"data-tone": tone}, class_name="swatch")
    return rx.el.span(
        swatch, t(f"dashboard.legend_{word or tone}"), class_name="flex items-center gap-1.5 text-xs text-muted"
    )
