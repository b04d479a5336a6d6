"""The frame of the settings: their own navigation beside one section, each in the address."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.icons import icon
from renum_app.components.shell import page_head, shell
from renum_app.components.text import t

_SECTIONS = (
    ("keys", "key", "/settings"),
    ("costs", "costs", "/settings/costs"),
    ("tokens", "token", "/settings/tokens"),
    ("appearance", "light", "/settings/appearance"),
    ("security", "shield", "/settings/security"),
    ("data", "data", "/settings/data"),
    ("account", "person", "/settings/account"),
)


def settings(*children: Any, section: str) -> rx.Component:
    """One section of the settings."""
    links = [
        rx.el.a(
            icon(picture),
            t(f"settings.{name}"),
            href=href,
            class_name="nav-item",
            **({"aria_current": "page"} if name == section else {}),
        )
        for name, picture, href in _SECTIONS
    ]
    return shell(
        page_head(t("settings.title")),
        rx.el.div(
            rx.el.nav(*links, aria_label=t("settings.sections"), class_name="settings-nav"),
            rx.el.div(*children, class_name="flex flex-col gap-4 min-w-0 max-w-[720px]"),
            class_name="settings",
        ),
        current="settings",
        title=t(f"settings.{section}"),
        crumbs=[(t("settings.title"), "/settings")],
    )
