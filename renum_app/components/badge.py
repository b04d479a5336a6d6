"""Statuses and kinds as small marks: always a colour, a picture and a word."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.icons import icon
from renum_app.components.text import t, word

_PICTURES = ("pending", "running", "waiting", "completed", "failed", "cancelled", "skipped")


def status_badge(status: rx.Var[str] | str, *, stopping: Any = False) -> rx.Component:
    """The status of an execution or a step."""
    if isinstance(status, str):
        return _badge(status, icon(status), word("status", status))
    shown = rx.match(
        status, *((each, _badge(each, icon(each), t(f"status.{each}"))) for each in _PICTURES), rx.fragment()
    )
    if stopping is False:
        return shown
    return rx.cond(stopping, _badge("stopping", icon("stop"), t("status.stopping")), shown)


def tone_badge(tone: str, *children: Any) -> rx.Component:
    """A badge in a status's colour with words of one's own."""
    return _badge(tone, *children)


def tag(*children: Any, class_name: str = "", **props: Any) -> rx.Component:
    """A quiet label: kind, model, tool."""
    return rx.el.span(*children, class_name=f"tag {class_name}", **props)


def backend_tag(backend: rx.Var[str]) -> rx.Component:
    """Where an agent runs."""
    return rx.match(
        backend,
        ("rehearsal", tag(icon("rehearsal", size=12), t("backend.rehearsal"))),
        ("local", tag(icon("local", size=12), t("backend.local"))),
        tag(word("backend", backend)),
    )


def live_tag(label: Any) -> rx.Component:
    """Says that what is shown is now; the only lime beside the playhead."""
    return tag(rx.el.span(class_name="live-dot"), label)


def notice(tone: str, *children: Any, **props: Any) -> rx.Component:
    """A sentence about this page that stays until its reason is gone."""
    role = "alert" if tone in ("error", "warning") else "status"
    return rx.el.div(
        icon(tone),
        rx.el.div(*children, class_name="min-w-0"),
        role=role,
        custom_attrs={"data-tone": tone},
        class_name="notice",
        **props,
    )


def _badge(tone: str, *children: Any) -> rx.Component:
    return rx.el.span(*children, custom_attrs={"data-tone": tone}, class_name="badge")
