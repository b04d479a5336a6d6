"""The frame of every page behind the sign-in: side bar or rail, header, and a bottom bar on phones."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import reflex as rx

from renum_app.components.icons import icon, mark
from renum_app.components.preferences import quick_switches
from renum_app.components.pulse import pulse
from renum_app.components.text import t
from renum_app.components.toast import toasts
from renum_app.state.session import Session

_PAGES = (("dashboard", "/"), ("teams", "/teams"), ("executions", "/executions"), ("agents", "/agents"))
_INBOX = ("approvals", "/approvals")

Crumb = tuple[Any, str]
"""A word and where it leads."""

_COUNT_EVERY_MS = 15_000


def shell(*children: Any, current: str, title: Any, crumbs: Sequence[Crumb] = ()) -> rx.Component:
    """A page: `current` names its place in the side bar, `crumbs` the pages above it."""
    return rx.el.div(
        rx.el.a(t("shell.skip"), href="#main", custom_attrs={"data-skips": ""}, class_name="skip"),
        _side(current),
        rx.el.div(
            _top_bar(title, crumbs),
            rx.el.main(*children, id="main", tab_index=-1, class_name="content"),
            class_name="min-w-0 flex flex-col",
        ),
        _bottom_bar(current),
        toasts(),
        pulse(_COUNT_EVERY_MS, Session.beat),
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


def _side(current: str) -> rx.Component:
    brand = rx.el.a(
        mark(), rx.el.span("Renum", class_name="side-word"), href="/", aria_label="Renum", class_name="side-brand"
    )
    places = [_place(name, href, current) for name, href in (*_PAGES[:3], _INBOX, *_PAGES[3:])]
    return rx.el.nav(
        brand,
        *places,
        rx.el.div(t("shell.space"), class_name="side-group"),
        _place("settings", "/settings", current),
        rx.el.div(_fold(), _person(), class_name="side-foot"),
        aria_label=t("shell.navigation"),
        class_name="side",
    )


def _place(name: str, href: str, current: str) -> rx.Component:
    word = t(f"nav.{name}")
    count = _COUNTS.get(name, rx.fragment)()
    return rx.el.a(
        icon(name),
        rx.el.span(word, class_name="side-word"),
        count,
        href=href,
        title=word,
        **_current(name, current),
        class_name="nav-item",
    )


def _running_count() -> rx.Component:
    label = t("shell.running", n=Session.running)
    return rx.cond(
        Session.running > 0, rx.el.span(Session.running, aria_label=label, title=label, class_name="nav-count")
    )


def _asking_count() -> rx.Component:
    label = t("shell.asking", n=Session.asking)
    return rx.cond(
        Session.asking > 0,
        rx.el.span(Session.asking, aria_label=label, title=label, class_name="nav-count nav-count-asking"),
    )


_COUNTS = {"executions": _running_count, "approvals": _asking_count}


def _fold() -> rx.Component:
    return rx.el.button(
        icon("fold"),
        rx.el.span(t("shell.fold"), class_name="side-word"),
        type="button",
        title=t("shell.fold"),
        aria_label=t("shell.fold"),
        custom_attrs={"data-folds-side": ""},
        class_name="nav-item text-left",
    )


def _person() -> rx.Component:
    shown = rx.cond(Session.name != "", Session.name, Session.email)
    words = rx.el.span(
        rx.el.span(rx.cond(Session.is_demo, t("shell.demo_account"), shown), class_name="block truncate text-ink"),
        rx.el.span(
            rx.cond(Session.is_demo, t("shell.demo_note"), Session.email),
            class_name="block truncate text-xs text-muted font-normal",
        ),
        class_name="side-word min-w-0 leading-tight",
    )
    return rx.el.a(
        rx.el.span(Session.initials, class_name="avatar"),
        words,
        href="/settings/account",
        title=t("shell.account"),
        class_name="nav-item py-1.5 px-1!",
    )


def _top_bar(title: Any, crumbs: Sequence[Crumb]) -> rx.Component:
    above = [part for word, href in crumbs for part in (rx.el.a(word, href=href), rx.el.span("/", aria_hidden="true"))]
    trail = rx.el.nav(
        *above, rx.el.span(title, aria_current="page"), aria_label=t("shell.trail"), class_name="crumbs flex-1"
    )
    brand = rx.el.a(mark(20), href="/", aria_label="Renum", class_name="md:hidden")
    return rx.el.header(brand, trail, quick_switches(), class_name="topbar")


def _bottom_bar(current: str) -> rx.Component:
    inbox = rx.cond(Session.asking > 0, _tab(*_INBOX, current, _asking_count()))
    links = [*(_tab(name, href, current) for name, href in _PAGES), inbox, _tab("settings", "/settings", current)]
    return rx.el.nav(*links, aria_label=t("shell.navigation"), class_name="bottom-bar")


def _tab(name: str, href: str, current: str, *count: rx.Component) -> rx.Component:
    return rx.el.a(icon(name), rx.el.span(t(f"nav.{name}")), *count, href=href, **_current(name, current))


def _current(name: str, current: str) -> dict[str, str]:
    return {"aria_current": "page"} if name == current else {}
