"""/styleguide: every component in every state, for whoever builds pages; in development only."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.badge import live_tag, notice, status_badge, tag
from renum_app.components.button import button, button_link, icon_button
from renum_app.components.card import card, card_body, card_head
from renum_app.components.connection import page_failure
from renum_app.components.dialog import confirm, opens
from renum_app.components.empty import empty, empty_filtered, failed
from renum_app.components.figures import ago, duration, money, number, percent
from renum_app.components.icons import icon
from renum_app.components.input import field, password_input, search_input, segment, segmented, text_area, text_input
from renum_app.components.page import page
from renum_app.components.preferences import density_switch, language_switch, theme_switch
from renum_app.components.score_art import score_art
from renum_app.components.shell import page_head, shell
from renum_app.components.skeleton import skeleton_cards, skeleton_form, skeleton_rows
from renum_app.components.stat import stat, stats
from renum_app.components.strip import meter, strip
from renum_app.components.text import t
from renum_app.state.sentence import Sentence
from renum_app.state.styleguide import Styleguide

_STATUSES = ("pending", "running", "waiting", "completed", "failed", "cancelled", "skipped")
_VARIANTS = ("primary", "secondary", "quiet", "danger")
_TONES = ("info", "success", "warning", "error")
_WRONG = Sentence("errors.not_found")


@page("/styleguide", "styleguide.title", Styleguide.load)
def styleguide() -> rx.Component:
    missing = empty(t("shell.not_found"), t("shell.not_found_text"))
    return shell(rx.cond(Styleguide.is_shown, _guide(), missing), current="styleguide", title=t("styleguide.title"))


def _guide() -> rx.Component:
    return rx.el.div(
        page_head(t("styleguide.title"), sub=t("styleguide.about")),
        _section("preferences", theme_switch(), density_switch(), language_switch()),
        _section("buttons", *_buttons()),
        _section("fields", *_fields(), looks="grid gap-4 sm:grid-cols-2"),
        _section(
            "statuses",
            *(status_badge(each) for each in _STATUSES),
            status_badge(rx.Var.create("running"), stopping=True),
        ),
        _section(
            "tags",
            tag(t("backend.rehearsal")),
            live_tag(t("executions.score.live")),
            rx.el.kbd("Ctrl K", class_name="kbd"),
        ),
        _section("notices", *(notice(tone, t("styleguide.sample")) for tone in _TONES), looks="grid gap-2"),
        _section("figures", *_figures(), looks="grid gap-3"),
        _section(
            "scores", strip(rx.Var.create(list(_STATUSES))), meter(62, label=t("styleguide.sample")), looks="grid gap-3"
        ),
        _section("loading", skeleton_rows(2), skeleton_cards(3), skeleton_form(), looks="grid gap-4"),
        _section("empties", *_empties(), looks="grid gap-4 lg:grid-cols-3"),
        _section("dialogs", *_dialogs()),
        _section("art", rx.el.div(score_art(), class_name="gate-stage rounded-card p-6 w-full"), looks="grid"),
        _section("failure", page_failure(), looks="grid"),
        class_name="flex flex-col gap-4",
    )


def _section(name: str, *samples: Any, looks: str = "flex flex-wrap items-center gap-3") -> rx.Component:
    return card(card_head(t(f"styleguide.{name}")), card_body(rx.el.div(*samples, class_name=looks)))


def _buttons() -> list[rx.Component]:
    word = t("common.save")
    return [
        *(button(word, variant=variant) for variant in _VARIANTS),
        *(button(word, variant=variant, disabled=True) for variant in _VARIANTS),
        *(button(word, size=size, icon="run") for size in ("small", "medium", "large")),
        button_link(t("common.next"), href="/styleguide"),
        icon_button("delete", t("common.delete")),
    ]


def _fields() -> list[rx.Component]:
    name, hint = t("styleguide.field"), t("styleguide.hint")
    wrong = rx.Var.create({"wrong": _WRONG})
    return [
        field(text_input("plain", placeholder=hint), name="plain", label=name, hint=hint),
        field(text_input("wrong", problems=wrong), name="wrong", label=name, problems=wrong),
        field(text_input("off", disabled=True, default_value="42"), name="off", label=name),
        field(password_input("secret"), name="secret", label=name),
        field(text_area("long"), name="long", label=name),
        search_input(name),
        segmented(segment(name, chosen=True), segment(hint, chosen=False), label=name),
    ]


def _figures() -> list[rx.Component]:
    amounts = [money(usd) for usd in (0, 0.000001, 0.0821, 21.4, 1234.5)]
    shown = [
        *amounts,
        money(rx.Var("null")),
        number(48210),
        percent(0.962),
        duration(7.2),
        duration(161),
        duration(3720),
    ]
    return [
        rx.el.p(
            *(tag(each) for each in shown), ago("2026-01-31T12:00:00Z"), class_name="flex flex-wrap items-center gap-2"
        ),
        stats(*(stat(t("styleguide.field"), each, note=t("styleguide.hint")) for each in shown[:4])),
    ]


def _empties() -> list[rx.Component]:
    sample = t("styleguide.sample")
    return [
        card(empty(t("styleguide.field"), sample, button(t("common.save"), variant="primary"))),
        card(empty_filtered(Styleguide.load)),
        card(failed(rx.Var.create(_WRONG), on_retry=Styleguide.load)),
    ]


def _dialogs() -> list[rx.Component]:
    sample = t("styleguide.sample")
    return [
        button(t("styleguide.open_dialog"), custom_attrs=opens("sample")),
        confirm("sample", t("styleguide.dialogs"), sample, action=t("common.delete"), on_confirm=Styleguide.load),
        rx.el.div(
            *(
                rx.el.div(
                    icon(tone),
                    rx.el.p(sample, class_name="flex-1"),
                    custom_attrs={"data-tone": tone},
                    class_name="toast",
                    style={"animation": "none"},
                )
                for tone in _TONES
            ),
            class_name="grid gap-2 w-full sm:grid-cols-2",
        ),
    ]
