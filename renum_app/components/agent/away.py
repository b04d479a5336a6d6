"""What a page of agents says while a place where agents live does not let its list be read."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.badge import notice
from renum_app.components.figures import ago
from renum_app.components.text import say, t, word


def away_notice(
    *, place: rx.Var[str], is_away: rx.Var[bool], trouble: Any, seen_at: rx.Var[str], on_retry: Any
) -> rx.Component:
    """Away: how old what one sees is, and that it is only to be read; refused: why."""
    since = rx.cond(seen_at != "", rx.fragment(" ", t("agents.copy_of"), " ", ago(seen_at)))
    away = rx.fragment(t("agents.away", place=word("backend", place)), since)
    again = rx.el.button(
        t("common.retry"), type="button", on_click=on_retry, class_name="underline underline-offset-3 cursor-pointer"
    )
    words = notice("warning", rx.cond(is_away, away, say(trouble)), " · ", again)
    return rx.cond(place != "", rx.el.div(words, class_name="mb-5"))
