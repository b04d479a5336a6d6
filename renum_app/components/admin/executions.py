"""Everybody's executions without what is in them; looking inside asks for a reason."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import notice, status_badge
from renum_app.components.button import button
from renum_app.components.dialog import closes, dialog, opens
from renum_app.components.figures import ago, money, number
from renum_app.components.input import field, text_input
from renum_app.components.text import t
from renum_app.state.admin_executions import AdminExecutions, ForeignRow

_OPEN = "open-execution"


def foreign_row(row: rx.Var[ForeignRow]) -> rx.Component:
    facts = rx.el.p(
        row.owner,
        " · ",
        ago(row.created_at),
        " · ",
        t("common.steps_done", done=row.done, total=row.total),
        " · ",
        money(row.cost_usd),
        " · ",
        t("admin.tokens", n=number(row.tokens)),
        class_name="text-[13px] text-muted wrap-anywhere",
    )
    return rx.el.div(
        rx.el.div(
            rx.el.div(
                rx.el.span(row.team_name, class_name="font-semibold truncate"),
                status_badge(row.status, stopping=row.stopping),
                class_name="flex flex-wrap items-center gap-2 min-w-0",
            ),
            facts,
            class_name="flex-1 min-w-0 flex flex-col gap-1",
        ),
        button(
            t("admin.look_inside"),
            size="small",
            icon="show",
            on_click=AdminExecutions.ask(row.execution_id),
            custom_attrs=opens(_OPEN),
        ),
        key=row.execution_id,
        class_name="row gap-3!",
    )


def open_dialog() -> rx.Component:
    view = AdminExecutions.opened
    content = rx.el.div(
        notice("info", t("admin.opened")),
        _part(t("admin.prompt"), view.prompt),
        rx.cond(view.result != "", _part(t("admin.result"), view.result)),
        rx.cond(view.error != "", _part(t("admin.error"), view.error)),
        rx.el.div(button(t("common.close"), custom_attrs=closes()), class_name="flex justify-end"),
        class_name="flex flex-col gap-4",
    )
    reason = field(
        text_input(
            "reason", problems=AdminExecutions.problems, max_length=500, auto_complete="off", class_name="input"
        ),
        name="reason",
        label=t("admin.reason"),
        hint=t("admin.open_hint"),
        problems=AdminExecutions.problems,
    )
    form = rx.el.form(
        rx.el.p(t("admin.open_text"), class_name="text-muted"),
        reason,
        rx.el.div(
            button(t("common.cancel"), custom_attrs=closes()),
            button(t("admin.look_inside"), type="submit", variant="primary"),
            class_name="flex justify-end gap-2",
        ),
        on_submit=AdminExecutions.open,
        reset_on_submit=False,
        no_validate=True,
        key=AdminExecutions.asked_id,
        class_name="flex flex-col gap-4",
    )
    is_opened = view.execution_id != ""
    return dialog(_OPEN, t("admin.open_title"), rx.cond(is_opened, content, form))


def _part(title: rx.Var[str], text: rx.Var[str]) -> rx.Component:
    return rx.el.div(
        rx.el.h3(title, class_name="field-label"),
        rx.el.pre(text, class_name="token-use whitespace-pre-wrap wrap-anywhere max-h-60 overflow-y-auto"),
        class_name="field",
    )
