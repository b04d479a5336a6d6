"""/admin/executions: everybody's executions, without what is in them."""

from __future__ import annotations

import reflex as rx

from renum_app.components.admin.executions import foreign_row, open_dialog
from renum_app.components.admin.frame import admin
from renum_app.components.card import card
from renum_app.components.empty import empty
from renum_app.components.input import segmented_choice
from renum_app.components.listing import pager_of, search_of, slice_of
from renum_app.components.page import page
from renum_app.components.skeleton import skeleton_rows
from renum_app.components.text import t
from renum_app.state.admin_executions import AdminExecutions

_STATUSES = ("running", "pending", "completed", "failed", "cancelled")


@page("/admin/executions", "admin.executions", AdminExecutions.load)
def admin_executions() -> rx.Component:
    words = {"": t("executions.list.any_status"), **{each: t(f"executions.list.filter.{each}") for each in _STATUSES}}
    filters = rx.el.div(
        segmented_choice(
            words,
            chosen=AdminExecutions.status,
            on_choose=AdminExecutions.choose_status,
            label=t("executions.list.status"),
        ),
        search_of(AdminExecutions, t("admin.search_executions")),
        class_name="flex flex-wrap items-center gap-3",
    )
    rows = card(rx.el.div(rx.foreach(AdminExecutions.rows, foreign_row), class_name="rows"))
    none = empty(t("admin.no_executions"), t("admin.no_executions_text"))
    listed = slice_of(AdminExecutions, rows, pager_of(AdminExecutions), first_time=none)
    return admin(
        filters,
        rx.cond(AdminExecutions.is_loaded, listed, card(skeleton_rows(6))),
        open_dialog(),
        section="executions",
    )
