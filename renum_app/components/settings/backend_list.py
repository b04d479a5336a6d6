"""Where agents live besides here: reachable, which version, with whose key, and what is missing."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import tag, tone_badge
from renum_app.components.card import card, card_head
from renum_app.components.figures import number
from renum_app.components.icons import icon
from renum_app.components.text import say, t, word
from renum_app.state.backends import BackendRow, Backends


def backend_list() -> rx.Component:
    """Nothing where there is no such place."""
    rows = rx.el.div(rx.foreach(Backends.rows, _row), class_name="rows")
    return rx.cond(Backends.rows.length() > 0, card(card_head(t("settings.places")), rows))


def _row(row: rx.Var[BackendRow]) -> rx.Component:
    state = rx.cond(
        row.ok,
        tone_badge("completed", icon("success"), t("settings.place_works")),
        tone_badge("failed", icon("error"), t("settings.place_broken")),
    )
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.el.span(word("backend", row.name), class_name="font-semibold"),
                rx.cond(row.version != "", tag(row.version)),
                class_name="flex items-center gap-2",
            ),
            _facts(row),
            rx.cond(row.trouble.key != "", rx.el.p(say(row.trouble), class_name="field-error", role="alert")),
            class_name="flex-1 min-w-0 flex flex-col gap-1",
        ),
        state,
        class_name="row gap-2!",
    )


def _facts(row: rx.Var[BackendRow]) -> rx.Component:
    whose = rx.match(
        row.key,
        ("sign_in", t("settings.place_sign_in")),
        ("own", t("settings.place_own_key")),
        ("service", t("settings.place_service_key")),
        t("settings.place_no_key"),
    )
    latency = rx.cond(row.latency_ms > 0, rx.fragment(" · ", t("settings.place_answers", ms=number(row.latency_ms))))
    limit = rx.cond(row.run_limit > 0, rx.fragment(" · ", t("settings.place_limit", n=row.run_limit)))
    return rx.el.p(whose, latency, limit, class_name="text-[13px] text-muted wrap-anywhere")
