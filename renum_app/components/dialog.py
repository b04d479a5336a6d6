"""The browser's own modal dialog: focus stays in it, Esc and a click beside it close it."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.button import button
from renum_app.components.text import t


def dialog(name: str, title: Any, *children: Any) -> rx.Component:
    """A dialog that any control with `opens(name)` opens."""
    return rx.el.dialog(
        rx.el.h2(title, id=f"{name}-title", class_name="text-[17px]! leading-6! mb-2"),
        *children,
        id=name,
        aria_labelledby=f"{name}-title",
        custom_attrs={"data-light": ""},
        class_name="dialog",
    )


def confirm(name: str, title: Any, text: Any, *, action: Any, on_confirm: Any) -> rx.Component:
    """Ask before what cannot be undone; the text says what will happen."""
    return dialog(
        name,
        title,
        rx.el.p(text, class_name="text-muted"),
        rx.el.div(
            button(t("common.cancel"), custom_attrs=closes()),
            button(action, variant="danger", on_click=on_confirm, custom_attrs=closes()),
            class_name="flex justify-end gap-2 mt-5",
        ),
    )


def opens(name: str) -> dict[str, str]:
    """Attributes of the control that opens a dialog: `button(..., custom_attrs=opens("delete"))`."""
    return {"data-opens": name}


def closes() -> dict[str, str]:
    """Attributes of a control in a dialog that closes it."""
    return {"data-closes": ""}
