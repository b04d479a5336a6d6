"""What is around every page: head, style sheets, and what stands in when something breaks."""

from __future__ import annotations

from typing import Any

import reflex as rx
from reflex_components_core.base.error_boundary import error_boundary

from renum_app.components.connection import connection_banner, page_failure
from renum_app.i18n import LOCALES
from renum_app.state.failures import recover

_STYLES = ["styles"]
"""The folder: every sheet is in a layer or only names tokens, so their order does not matter."""
_FONT = "/fonts/instrument-sans-latin-wght-normal.woff2"


def looks() -> dict[str, Any]:
    """What `rx.App` is given for its looks; Reflex's own toasts, banners and error page are left out."""
    return {
        "stylesheets": _STYLES,
        "reset_style": False,
        "html_lang": LOCALES[0],
        "head_components": head_components(),
        "toaster": None,
        "backend_exception_handler": recover,
        "app_wraps": {
            (55, "ErrorBoundary"): lambda _: error_boundary(fallback_render=rx.Var.create(page_failure())),
            (5, "Overlay"): lambda stateful: connection_banner() if stateful else None,
        },
    }


def head_components() -> list[rx.Component]:
    """The font, the mark, and the script that knows the language before the first paint."""
    return [
        rx.el.script(src="/renum/boot.js"),
        rx.el.link(rel="preload", href=_FONT, type="font/woff2", cross_origin="anonymous", custom_attrs={"as": "font"}),
        rx.el.link(rel="icon", href="/favicon.svg", type="image/svg+xml"),
        rx.el.meta(name="theme-color", content="#fbf9f5", media="(prefers-color-scheme: light)"),
        rx.el.meta(name="theme-color", content="#0b1622", media="(prefers-color-scheme: dark)"),
        rx.el.meta(name="robots", content="noindex"),
    ]
