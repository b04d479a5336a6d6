"""The audit log as a list: what was done, by whom, to what, from where."""

from __future__ import annotations

import reflex as rx

from renum_app.components.badge import tag, tone_badge
from renum_app.components.figures import ago
from renum_app.components.text import t, word
from renum_app.state.admin_audit import AuditLine


def audit_line(row: rx.Var[AuditLine]) -> rx.Component:
    who = rx.cond(row.actor != "", row.actor, t("admin.nobody"))
    head = rx.el.div(
        rx.el.span(word("admin.action", row.action), class_name="font-semibold"),
        rx.cond(row.is_refused, tone_badge("failed", t("admin.refused"))),
        rx.cond(row.about != "", tag(row.about, class_name="mono block! max-w-full truncate")),
        class_name="flex flex-wrap items-center gap-2 min-w-0",
    )
    facts = rx.el.p(
        who,
        rx.cond(row.ip != "", rx.fragment(" · ", rx.el.span(row.ip, class_name="mono"))),
        rx.cond(row.reason != "", rx.fragment(" · “", row.reason, "”")),
        class_name="text-[13px] text-muted wrap-anywhere",
    )
    return rx.el.div(
        rx.el.span(row.number, class_name="num text-muted w-10 flex-none hidden sm:block"),
        rx.el.div(head, facts, class_name="flex-1 min-w-0 flex flex-col gap-1"),
        ago(row.at, class_name="text-[13px] text-muted"),
        key=row.number,
        class_name="row gap-3! items-start!",
    )
