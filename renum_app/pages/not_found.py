"""Where an address leads that leads nowhere."""

from __future__ import annotations

import reflex as rx

from renum_app.components.button import button_link
from renum_app.components.empty import empty
from renum_app.components.text import page_title, t


@rx.page(route="404", title=page_title("shell.not_found"))
def not_found() -> rx.Component:
    return nothing_here()


def nothing_here() -> rx.Component:
    return rx.el.main(
        empty(
            t("shell.not_found"),
            t("shell.not_found_text"),
            button_link(t("shell.to_dashboard"), href="/", variant="primary"),
        ),
        class_name="min-h-dvh grid place-content-center",
    )
