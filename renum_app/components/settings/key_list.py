"""The stored keys: whose, how they end, when they were used, and whether they work."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import tag
from renum_app.components.button import button, icon_button
from renum_app.components.card import card, card_head
from renum_app.components.dialog import confirm, opens
from renum_app.components.empty import empty, failed
from renum_app.components.figures import ago, number
from renum_app.components.icons import icon
from renum_app.components.skeleton import skeleton_rows
from renum_app.components.text import say, t
from renum_app.state.credentials import Credentials, KeyRow, TestResult

_REMOVE = "remove-key"


def key_list() -> rx.Component:
    rows = rx.cond(
        Credentials.rows.length() > 0,
        rx.el.div(rx.foreach(Credentials.rows, _row), class_name="rows"),
        empty(t("settings.no_keys"), t("settings.no_keys_text")),
    )
    known = rx.cond(Credentials.failure.key != "", failed(Credentials.failure, on_retry=Credentials.load), rows)
    return rx.fragment(
        card(card_head(t("settings.your_keys")), rx.cond(Credentials.is_loaded, known, skeleton_rows(2))),
        confirm(
            _REMOVE,
            t("settings.remove_title", service=Credentials.removing),
            t("settings.remove_text"),
            action=t("settings.remove"),
            on_confirm=Credentials.remove,
        ),
    )


def _row(row: rx.Var[KeyRow]) -> rx.Component:
    return rx.el.div(
        rx.el.div(_name(row), _facts(row), _outcome(row), class_name="flex-1 min-w-0 flex flex-col gap-1"),
        button(
            rx.cond(Credentials.testing == row.service, t("settings.testing"), t("settings.test")),
            icon="test",
            size="small",
            disabled=Credentials.testing != "",
            on_click=Credentials.try_out(row.service),
        ),
        icon_button(
            "delete",
            t("settings.remove_name", service=row.service),
            size="small",
            on_click=Credentials.ask_removal(row.service),
            custom_attrs=opens(_REMOVE),
        ),
        class_name="row gap-2!",
    )


def _name(row: rx.Var[KeyRow]) -> rx.Component:
    ending = rx.cond(row.hint != "", tag(f"•••• {row.hint}", class_name="mono"))
    return rx.el.div(
        rx.el.span(row.service, class_name="font-semibold truncate"), ending, class_name="flex items-center gap-2"
    )


def _facts(row: rx.Var[KeyRow]) -> rx.Component:
    where = rx.cond(row.base_url != "", rx.fragment(rx.el.span(row.base_url, class_name="mono"), " · "))
    used = rx.cond(row.used_at != "", rx.fragment(t("settings.used"), " ", ago(row.used_at)), t("settings.never_used"))
    return rx.el.p(where, used, class_name="text-[13px] text-muted wrap-anywhere")


def _outcome(row: rx.Var[KeyRow]) -> rx.Component:
    result = Credentials.results[row.service]
    return rx.cond(Credentials.results.contains(row.service), rx.el.div(_told(result), role="status"))


def _told(result: rx.Var[TestResult]) -> rx.Component:
    fine = rx.el.p(
        icon("success", size=14, class_name="flex-none mt-0.5"),
        t("settings.works", ms=number(result.latency_ms)),
        rx.cond(result.models > 0, rx.fragment(" · ", t("settings.models", n=result.models))),
        class_name="flex gap-1.5 text-[13px] leading-[18px] font-medium text-completed",
    )
    bad = rx.el.p(icon("error", size=14, class_name="flex-none mt-0.5"), say(result.sentence), class_name="field-error")
    return rx.cond(result.ok, fine, bad)
