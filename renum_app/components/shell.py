"""Layout: the frame of every page behind the sign-in: side bar or rail, header, and a bottom bar on phones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from renum_app.components.follow import follow_person
from renum_app.components.header import Crumb, header
from renum_app.components.palette import palette
from renum_app.components.pulse import pulse
from renum_app.components.sidebar import PLACES, SPACE, bottom_bar, sidebar
from renum_app.components.text import t
from renum_app.components.toast import toasts
from renum_app.state.session import Session

_COUNT_WHILE_RUNNING_MS = 3_000
_COUNT_AT_REST_MS = 15_000


def shell(*children: Any, current: str, title: Any, crumbs: Sequence[Crumb] = ()) -> rx.Component:
    """A page: `current` names its place in the side bar, `crumbs` the pages above it."""
    return rx.el.div(
        rx.el.a(t("shell.skip"), href="#main", custom_attrs={"data-skips": ""}, class_name="skip"),
        sidebar(current),
        rx.el.div(
            header(title, crumbs),
            rx.el.main(*children, id="main", tab_index=-1, class_name="content"),
            class_name="min-w-0 flex flex-col",
        ),
        bottom_bar(current),
        toasts(),
        follow_person(),
        palette([(f"nav.{name}", href) for name, href in (*PLACES, *SPACE)]),
        pulse(rx.cond(Session.running > 0, _COUNT_WHILE_RUNNING_MS, _COUNT_AT_REST_MS), Session.beat),
        class_name="shell",
    )


def page_head(title: Any, *actions: Any, sub: Any = None, badge: Any = None) -> rx.Component:
    """The heading of a page, what it is about, and what one can do: one primary action."""
    heading = rx.el.div(
        rx.el.h1(title, class_name="truncate"),
        *([badge] if badge is not None else []),
        class_name="flex flex-wrap items-center gap-x-3 gap-y-1 min-w-0",
    )
    words = [heading, *([rx.el.p(sub, class_name="sub")] if sub is not None else [])]
    return rx.el.div(
        rx.el.div(*words, class_name="min-w-0"),
        rx.el.div(*actions, class_name="flex flex-wrap items-center gap-2") if actions else rx.fragment(),
        class_name="page-head",
    )
