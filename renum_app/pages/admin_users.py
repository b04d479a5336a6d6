"""/admin/users: everybody's accounts."""

from __future__ import annotations

import reflex as rx

from renum_app.components.admin.frame import admin
from renum_app.components.admin.users import act_dialog, person_row
from renum_app.components.card import card
from renum_app.components.empty import empty
from renum_app.components.listing import pager_of, search_of, slice_of
from renum_app.components.page import page
from renum_app.components.skeleton import skeleton_rows
from renum_app.components.text import t
from renum_app.state.admin_users import AdminUsers


@page("/admin/users", "admin.users", AdminUsers.load)
def admin_users() -> rx.Component:
    rows = card(rx.el.div(rx.foreach(AdminUsers.rows, person_row), class_name="rows"))
    nobody = empty(t("admin.no_users"), t("admin.no_users_text"))
    listed = slice_of(AdminUsers, rows, pager_of(AdminUsers), first_time=nobody)
    return admin(
        rx.el.div(search_of(AdminUsers, t("admin.search_users")), class_name="flex"),
        rx.cond(AdminUsers.is_loaded, listed, card(skeleton_rows(6))),
        act_dialog(),
        section="users",
    )
