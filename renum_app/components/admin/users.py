"""Accounts: who, since when seen, what they run and spend; and what an administrator can do about one."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.badge import tag, tone_badge
from renum_app.components.button import button
from renum_app.components.dialog import closes, dialog, opens
from renum_app.components.figures import ago, money
from renum_app.components.input import field, text_input
from renum_app.components.text import t, word
from renum_app.state.admin_users import AdminUsers, PersonRow

_ACT = "admin-act"


def person_row(row: rx.Var[PersonRow]) -> rx.Component:
    return rx.el.div(
        rx.el.div(_name(row), _facts(row), class_name="flex-1 min-w-0 flex flex-col gap-1"),
        _acts(row),
        key=row.user_id,
        class_name="row flex-wrap gap-3!",
    )


def act_dialog() -> rx.Component:
    reason = field(
        text_input("reason", max_length=500, auto_complete="off", class_name="input"),
        name="reason",
        label=t("admin.reason"),
        hint=t("admin.reason_hint"),
    )
    form = rx.el.form(
        rx.el.p(word("admin.explain", AdminUsers.act), class_name="text-muted"),
        reason,
        rx.el.div(
            button(t("common.cancel"), custom_attrs=closes()),
            button(word("admin.act", AdminUsers.act), type="submit", variant="danger", custom_attrs=closes()),
            class_name="flex justify-end gap-2",
        ),
        on_submit=AdminUsers.do,
        reset_on_submit=True,
        class_name="flex flex-col gap-4",
    )
    return dialog(_ACT, t("admin.act_on", email=AdminUsers.asked_email), form)


def _name(row: rx.Var[PersonRow]) -> rx.Component:
    return rx.el.div(
        rx.el.span(row.email, class_name="font-semibold truncate"),
        rx.cond(row.is_admin, tag(t("admin.role_admin"))),
        rx.cond(row.is_demo, tag(t("shell.demo_account"))),
        rx.cond(row.is_me, tag(t("admin.you"))),
        rx.cond(row.is_suspended, tone_badge("failed", t("admin.is_suspended"))),
        class_name="flex flex-wrap items-center gap-2 min-w-0",
    )


def _facts(row: rx.Var[PersonRow]) -> rx.Component:
    seen = rx.cond(row.last_seen != "", rx.fragment(t("admin.seen"), " ", ago(row.last_seen)), t("admin.never_seen"))
    of = rx.cond(row.budget_usd, rx.fragment(" ", t("settings.month_of", budget=money(row.budget_usd))))
    return rx.el.p(
        seen,
        " · ",
        t("admin.unfinished", n=row.unfinished),
        " · ",
        money(row.spent_usd),
        of,
        " ",
        t("admin.this_month"),
        class_name="text-[13px] text-muted",
    )


def _acts(row: rx.Var[PersonRow]) -> rx.Component:
    role = rx.cond(row.is_admin, _act(row, "demote"), rx.cond(row.is_demo, rx.fragment(), _act(row, "promote")))
    entry = rx.cond(row.is_suspended, _act(row, "admit"), _act(row, "suspend"))
    shown = rx.el.div(_act(row, "sign_out"), role, entry, class_name="flex flex-wrap gap-1.5")
    return rx.cond(row.is_me, rx.fragment(), shown)


def _act(row: rx.Var[PersonRow], act: str) -> rx.Component:
    props: dict[str, Any] = {"on_click": AdminUsers.ask(row.user_id, act), "custom_attrs": opens(_ACT)}
    return button(t(f"admin.act.{act}"), size="small", **props)
