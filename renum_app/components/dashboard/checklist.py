"""The first steps of a newcomer: a key, a team, an execution; it goes away when they are done."""

from __future__ import annotations

import reflex as rx

from renum_app.components.card import card, card_head
from renum_app.components.icons import icon
from renum_app.components.text import t
from renum_app.state.dashboard import Dashboard

_STEPS = (
    ("team", Dashboard.has_team, "/teams/new"),
    ("execution", Dashboard.has_execution, "/teams"),
    ("key", Dashboard.has_key, "/settings"),
)


def checklist() -> rx.Component:
    steps = [_step(name, done, href) for name, done, href in _STEPS]
    return rx.cond(
        Dashboard.is_new_here, card(card_head(t("dashboard.first_steps")), rx.el.ol(*steps, class_name="rows"))
    )


def _step(name: str, done: rx.Var[bool], href: str) -> rx.Component:
    ticked = rx.el.span(icon("completed", size=13, stroke_width=3), class_name="tick tick-done")
    picture = rx.cond(done, ticked, rx.el.span(class_name="tick"))
    words = rx.el.span(
        rx.el.span(t(f"dashboard.step_{name}"), class_name=rx.cond(done, "block text-muted", "block font-semibold")),
        rx.cond(done, "", rx.el.span(t(f"dashboard.step_{name}_text"), class_name="block text-[13px] text-muted")),
        class_name="flex-1 min-w-0",
    )
    state = rx.el.span(rx.cond(done, t("dashboard.done"), t("dashboard.to_do")), class_name="sr-only")
    go_on = rx.cond(done, "", icon("following", class_name="text-muted flex-none"))
    return rx.el.li(rx.el.a(picture, state, words, go_on, href=href, class_name="row gap-3!"))
