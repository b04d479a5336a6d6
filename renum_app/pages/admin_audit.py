"""/admin/audit: who did what."""

from __future__ import annotations

import reflex as rx

from renum_app.components.admin.audit import audit_line
from renum_app.components.admin.frame import admin
from renum_app.components.badge import tone_badge
from renum_app.components.card import card
from renum_app.components.empty import empty
from renum_app.components.icons import icon
from renum_app.components.input import option, select
from renum_app.components.listing import pager_of, search_of, slice_of
from renum_app.components.page import page
from renum_app.components.skeleton import skeleton_rows
from renum_app.components.text import t
from renum_app.state.admin_audit import ACTIONS, AdminAudit


@page("/admin/audit", "admin.audit", AdminAudit.load)
def admin_audit() -> rx.Component:
    filters = rx.el.div(
        select(
            "action",
            option(t("admin.any_action"), "-"),
            *(option(t(f"admin.action.{each}"), each) for each in ACTIONS),
            value=rx.cond(AdminAudit.action != "", AdminAudit.action, "-"),
            on_change=AdminAudit.choose_action,
            aria_label=t("admin.any_action"),
            class_name="input input-small w-auto! max-w-[260px]",
        ),
        search_of(AdminAudit, t("admin.search_audit")),
        rx.cond(
            AdminAudit.chain_ok,
            tone_badge("completed", icon("completed"), t("admin.chain_ok")),
            tone_badge("failed", icon("failed"), t("admin.chain_not_ok")),
        ),
        class_name="flex flex-wrap items-center gap-3",
    )
    rows = card(rx.el.div(rx.foreach(AdminAudit.rows, audit_line), class_name="rows"))
    none = empty(t("admin.no_audit"), t("admin.no_audit_text"))
    listed = slice_of(AdminAudit, rows, pager_of(AdminAudit), first_time=none)
    return admin(filters, rx.cond(AdminAudit.is_loaded, listed, card(skeleton_rows(8))), section="audit")
