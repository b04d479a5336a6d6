"""The frame of the administrators' pages; for everybody else the address leads nowhere."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.card import card
from renum_app.components.empty import empty
from renum_app.components.icons import icon
from renum_app.components.shell import page_head, shell
from renum_app.components.text import t
from renum_app.state.session import Session

_SECTIONS = (
    ("health", "health", "/admin"),
    ("users", "people", "/admin/users"),
    ("executions", "executions", "/admin/executions"),
    ("audit", "audit", "/admin/audit"),
)


def admin(*children: Any, section: str) -> rx.Component:
    """One section of the administration."""
    links = [
        rx.el.a(
            icon(picture),
            t(f"admin.{name}"),
            href=href,
            class_name="nav-item",
            **({"aria_current": "page"} if name == section else {}),
        )
        for name, picture, href in _SECTIONS
    ]
    inside = rx.fragment(
        page_head(t("admin.title"), sub=t("admin.sub")),
        rx.el.div(
            rx.el.nav(*links, aria_label=t("admin.sections"), class_name="settings-nav"),
            rx.el.div(*children, class_name="flex flex-col gap-4 min-w-0"),
            class_name="settings",
        ),
    )
    nothing = card(empty(t("shell.not_found"), t("shell.not_found_text")))
    return shell(
        rx.cond(Session.is_admin, inside, rx.cond(Session.email != "", nothing)),
        current="admin",
        title=t(f"admin.{section}"),
        crumbs=[(t("admin.title"), "/admin")],
    )
