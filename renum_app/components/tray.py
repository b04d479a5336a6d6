"""The header's trays: what runs now and costs, and what happened while one looked elsewhere."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.button import button
from renum_app.components.figures import ago, money
from renum_app.components.icons import icon
from renum_app.components.skeleton import skeleton_rows
from renum_app.components.strip import strip
from renum_app.components.text import say, t
from renum_app.state.executions import ExecutionRow
from renum_app.state.session import Session
from renum_app.state.tray import Note, Tray


def running_tray() -> rx.Component:
    """ "3 em execução · US$ 0,42 agora", and which they are; nothing while nothing runs."""
    words = t("shell.running_now", n=Session.running, cost=money(Session.cost_now))
    chip = rx.el.span(
        rx.el.span(class_name="live-dot"),
        rx.el.span(words, class_name="tray-words"),
        rx.el.span(Session.running, aria_hidden="true", class_name="tray-count"),
        class_name="contents",
    )
    rows = rx.el.div(rx.foreach(Tray.running, _running_row), class_name="rows")
    foot = rx.el.a(t("shell.all_running"), href="/executions?status=running", class_name="link")
    panel = [rx.cond(Tray.is_loaded, rows, skeleton_rows(2)), rx.el.div(foot, class_name="tray-foot")]
    opened = _tray(chip, words, *panel, class_name="tray-chip")
    return rx.cond(Session.running > 0, opened)


def notification_tray() -> rx.Component:
    """The bell, with how many are new, and the last notifications."""
    count = rx.cond(Session.unread > 0, rx.el.span(Session.unread, aria_hidden="true", class_name="tray-badge"))
    label = rx.cond(Session.unread > 0, t("notifications.unread", n=Session.unread), t("notifications.title"))
    head = rx.el.div(
        rx.el.h2(t("notifications.title")),
        button(t("notifications.read_all"), size="small", variant="quiet", on_click=Tray.read_all),
        class_name="tray-head",
    )
    nothing = rx.el.div(
        rx.el.p(t("notifications.none"), class_name="font-semibold"),
        rx.el.p(t("notifications.none_text"), class_name="text-muted text-[13px]"),
        class_name="p-4",
    )
    notes = rx.cond(
        Tray.notes.length() > 0, rx.el.ul(rx.foreach(Tray.notes, _note), class_name="rows tray-notes"), nothing
    )
    return _tray(
        rx.fragment(icon("bell"), count), label, head, rx.cond(Tray.is_loaded, notes, skeleton_rows(3)), class_name=""
    )


def _tray(mark: rx.Component, label: Any, *panel: Any, class_name: str) -> rx.Component:
    opener = rx.el.summary(
        mark, aria_label=label, title=label, on_click=Tray.load, class_name=f"tray-opener {class_name}"
    )
    return rx.el.details(
        opener, rx.el.div(*panel, class_name="tray-panel"), custom_attrs={"data-popover": ""}, class_name="tray"
    )


def _running_row(row: rx.Var[ExecutionRow]) -> rx.Component:
    return rx.el.a(
        rx.el.span(
            rx.el.span(row.prompt, class_name="block truncate font-semibold"),
            rx.el.span(row.team_name, class_name="block truncate text-muted text-[13px]"),
            class_name="min-w-0 flex-1",
        ),
        strip(row.steps, done=row.done, total=row.total, class_name="w-20! flex-none"),
        rx.el.span(money(row.cost_usd), class_name="num"),
        href=f"/executions/{row.execution_id}",
        class_name="row row-link gap-3!",
    )


def _note(note: rx.Var[Note]) -> rx.Component:
    tone = rx.match(
        note.kind,
        ("failed", "failed"),
        ("finished", "completed"),
        "waiting",
    )
    picture = rx.match(
        note.kind,
        ("failed", icon("error")),
        ("finished", icon("success")),
        ("approval", icon("approvals")),
        ("stalled", icon("pending")),
        icon("costs"),
    )
    return rx.el.li(
        rx.el.button(
            rx.el.span(picture, custom_attrs={"data-tone": tone}, class_name="tray-picture"),
            rx.el.span(say(note.sentence), class_name="flex-1 min-w-0 text-left tray-sentence"),
            ago(note.moment, "text-muted text-[13px]"),
            type="button",
            on_click=Tray.open_note(note.notification_id),
            class_name="row row-link w-full gap-3! items-start!",
        ),
        key=note.notification_id,
        custom_attrs={"data-new": rx.cond(note.is_new, "true", "false")},
    )
