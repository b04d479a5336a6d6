"""Short answers to what the person just did, in a corner, for a few seconds."""

from __future__ import annotations

import reflex as rx

from renum_app.components.icons import icon
from renum_app.components.text import say
from renum_app.state.notices import Notice, Notices


def toasts() -> rx.Component:
    """Where `Notices.tell` appears; once per page, in the shell."""
    return rx.el.div(rx.foreach(Notices.shown, _toast), role="status", aria_live="polite", class_name="toasts")


def _toast(notice: rx.Var[Notice]) -> rx.Component:
    picture = rx.match(
        notice.tone, ("success", icon("success")), ("error", icon("error")), ("warning", icon("warning")), icon("info")
    )
    return rx.el.div(
        picture,
        rx.el.p(say(notice.sentence), class_name="flex-1 min-w-0"),
        key=notice.number,
        custom_attrs={"data-tone": notice.tone},
        class_name="toast",
    )
