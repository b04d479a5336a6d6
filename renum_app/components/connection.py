"""What stays true while the server cannot be reached, in words: a person sees old facts and knows it."""

from __future__ import annotations

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from renum_app.components.icons import icon
from renum_app.components.text import t


def connection_banner() -> rx.Component:
    """Shown while the page's connection is broken; it comes back by itself."""
    return rx.cond(
        has_connection_errors,
        rx.el.div(icon("offline"), t("shell.offline"), role="status", class_name="offline"),
    )


def page_failure() -> rx.Component:
    """What is left of a page that broke while drawing."""
    return rx.el.main(
        rx.el.h1(t("shell.page_failed")),
        rx.el.p(t("shell.page_failed_text"), class_name="text-muted mt-2"),
        rx.el.a(t("shell.reload"), href="/", class_name="btn btn-primary mt-5", reload_document=True),
        role="alert",
        class_name="min-h-dvh grid place-content-center justify-items-start p-6",
    )
