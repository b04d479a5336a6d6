"""Who takes part in an execution that is about to start, what is missing, and the way to mend it on the spot."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import notice
from renum_app.components.button import button, button_link
from renum_app.components.card import card, card_head
from renum_app.components.dialog import closes, dialog, opens
from renum_app.components.icons import icon
from renum_app.components.input import option, password_input
from renum_app.components.text import t, word
from renum_app.state.execute_members import MemberRow
from renum_app.state.team_execute import ExecuteForm

_KEY = "add-key"


def members() -> rx.Component:
    missing = rx.el.div(
        notice("warning", t("executions.form.no_key_text")),
        button(t("executions.form.add_key"), size="small", icon="key", custom_attrs=opens(_KEY)),
        class_name="flex flex-col items-start gap-2 p-4 border-t border-line",
    )
    gone = rx.el.div(
        notice("error", t("executions.form.gone_text")),
        button_link(
            t("executions.form.replace_agent"), href=f"/teams/{ExecuteForm.shown_id}/edit", size="small", icon="edit"
        ),
        class_name="flex flex-col items-start gap-2 p-4 border-t border-line",
    )
    return card(
        card_head(t("executions.form.members")),
        rx.el.ol(rx.foreach(ExecuteForm.members, _member), class_name="rows"),
        rx.cond(ExecuteForm.lacks_keys & ~ExecuteForm.is_rehearsal, missing),
        rx.cond(ExecuteForm.is_broken, gone),
    )


def _member(row: rx.Var[MemberRow]) -> rx.Component:
    about = rx.el.span(
        word("executions.role", row.role),
        rx.cond(row.model != "", rx.fragment(" · ", row.model)),
        class_name="block truncate text-muted text-[13px]",
    )
    return rx.el.li(
        rx.el.span(row.order, class_name="run-member-order"),
        rx.el.span(rx.el.span(row.name, class_name="block truncate font-semibold"), about, class_name="min-w-0"),
        rx.match(
            row.trouble,
            ("no_key", _mark("waiting", "key", t("executions.form.no_key", service=row.service))),
            ("gone", _mark("failed", "error", t("executions.form.gone"))),
            _mark("completed", "completed", t("executions.form.ready")),
        ),
        key=row.step_id,
        class_name="run-member",
    )


def _mark(tone: str, picture: str, label: rx.Var[str]) -> rx.Component:
    return rx.el.span(icon(picture, size=12), label, custom_attrs={"data-tone": tone}, class_name="run-step-status")


def key_dialog() -> rx.Component:
    """A key for a member that lacks one, without leaving the form; it goes to the server and nowhere else."""
    services = rx.foreach(ExecuteForm.lacking, lambda service: option(service, service, key=service))
    return dialog(
        _KEY,
        t("executions.form.add_key"),
        rx.el.form(
            rx.el.label(
                rx.el.span(t("executions.form.key_service"), class_name="field-label"),
                rx.el.select(services, name="service_name", class_name="input"),
                class_name="field",
            ),
            rx.el.div(
                rx.el.label(t("executions.form.key"), html_for="api_key", class_name="field-label"),
                password_input("api_key", auto_complete="off"),
                rx.el.p(t("executions.form.key_hint"), class_name="field-hint"),
                class_name="field",
            ),
            rx.el.div(
                button(t("common.cancel"), custom_attrs=closes()),
                button(t("common.save"), type="submit", variant="primary", custom_attrs=closes()),
                class_name="flex justify-end gap-2",
            ),
            on_submit=ExecuteForm.add_key,
            reset_on_submit=True,
            class_name="flex flex-col gap-4",
        ),
    )
