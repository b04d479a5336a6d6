"""Header: where one is (Breadcrumb), the way to anywhere, what runs now, and what happened meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from renum_app.components.icons import icon, mark
from renum_app.components.preferences import quick_switches
from renum_app.components.text import t
from renum_app.components.tray import notification_tray, running_tray

Crumb = tuple[Any, str]
"""A word and where it leads."""


def header(title: Any, crumbs: Sequence[Crumb]) -> rx.Component:
    brand = rx.el.a(mark(20), href="/", aria_label="Renum", class_name="md:hidden")
    return rx.el.header(
        brand,
        breadcrumb(title, crumbs),
        running_tray(),
        _search(),
        notification_tray(),
        rx.el.div(quick_switches(), class_name="hidden md:block"),
        class_name="topbar",
    )


def breadcrumb(title: Any, crumbs: Sequence[Crumb]) -> rx.Component:
    """The pages above this one, and its own name."""
    above = [part for word, href in crumbs for part in (rx.el.a(word, href=href), rx.el.span("/", aria_hidden="true"))]
    return rx.el.nav(
        *above, rx.el.span(title, aria_current="page"), aria_label=t("shell.trail"), class_name="crumbs flex-1"
    )


def _search() -> rx.Component:
    return rx.el.button(
        icon("search"),
        rx.el.span(t("palette.placeholder"), class_name="topbar-search-words"),
        rx.el.kbd("Ctrl K", class_name="kbd"),
        type="button",
        aria_label=t("palette.placeholder") + " Ctrl K",
        aria_keyshortcuts="Control+K",
        aria_haspopup="dialog",
        custom_attrs={"data-palette": ""},
        class_name="topbar-search",
    )
