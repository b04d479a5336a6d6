"""Good morning, and how things stand."""

from __future__ import annotations

import reflex as rx

from renum_app.components.text import NOW, spoken, t
from renum_app.state.dashboard import Dashboard
from renum_app.state.session import Session


def greeting() -> rx.Component:
    """By the clock of the person's own browser; a demo account has no name to be greeted by."""
    hello = spoken("greet", rx.Var("now_"), hooks=(NOW,))
    named = (Session.name != "") & ~Session.is_demo
    return rx.fragment(hello, rx.cond(named, rx.fragment(", ", Session.name.split(" ")[0]), ""))


def situation() -> rx.Component:
    """What runs and what waits, in words that assistive technology hears change."""
    running = rx.cond(
        Dashboard.running > 0, t("dashboard.running", n=Dashboard.running), t("dashboard.nothing_running")
    )
    queued = rx.cond(Dashboard.queued > 0, rx.fragment(", ", t("dashboard.queued", n=Dashboard.queued)), "")
    asking = rx.cond(Dashboard.asking > 0, rx.fragment(", ", t("dashboard.asking", n=Dashboard.asking)), "")
    return rx.el.span(running, queued, asking, ".", aria_live="polite")
