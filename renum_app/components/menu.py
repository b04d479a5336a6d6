"""A small menu behind three dots."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.icons import icon

ITEM = "menu-item"


def menu(*items: rx.Component, label: Any) -> rx.Component:
    """What one can do besides; `items` are `menu_item(...)`."""
    return rx.el.details(
        rx.el.summary(icon("more"), aria_label=label, title=label, class_name="btn btn-secondary btn-icon"),
        rx.el.div(*items, role="menu", class_name="menu-list"),
        custom_attrs={"data-popover": ""},
        class_name="menu",
    )


def menu_item(picture: str, label: Any, **props: Any) -> rx.Component:
    return rx.el.button(icon(picture), label, type="button", role="menuitem", class_name=ITEM, **props)
