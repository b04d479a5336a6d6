"""Steps through the pages of a list; where one is stands in the address."""

from __future__ import annotations

from typing import Any

import reflex as rx

from renum_app.components.button import button
from renum_app.components.text import t


def pager(page: rx.Var[int], pages: rx.Var[int], *, on_turn: Any) -> rx.Component:
    """Previous and next; nothing when all fits one page. `on_turn` is given the wanted page."""
    previous = button(
        t("common.previous"), icon="previous", size="small", disabled=page <= 1, on_click=on_turn(page - 1)
    )
    following = button(
        t("common.next"), icon="following", size="small", disabled=page >= pages, on_click=on_turn(page + 1)
    )
    return rx.cond(
        pages > 1,
        rx.el.nav(
            previous,
            rx.el.span(t("common.page_of", page=page, pages=pages), aria_live="polite"),
            following,
            aria_label=t("common.pages"),
            class_name="pager",
        ),
    )
