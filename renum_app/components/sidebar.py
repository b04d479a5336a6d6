"""Sidebar: the way to every area, wide or as a rail; on phones a bar at the bottom with the rest under "more"."""

from __future__ import annotations

import reflex as rx

from renum_app.components.dialog import dialog, opens
from renum_app.components.icons import icon, mark
from renum_app.components.preferences import quick_switches
from renum_app.components.text import t
from renum_app.state.session import Session

PLACES = (
    ("dashboard", "/"),
    ("teams", "/teams"),
    ("executions", "/executions"),
    ("approvals", "/approvals"),
    ("agents", "/agents"),
)
SPACE = (("settings", "/settings"),)
"""About the installation and the person."""
_ADMIN = ("admin", "/admin")
"""For administrators; others would find nothing there."""

_ON_PHONES = ("dashboard", "teams", "executions", "agents")
_MORE = "more"


def sidebar(current: str) -> rx.Component:
    """`current` is the name of the place the page belongs to."""
    brand = rx.el.a(
        mark(), rx.el.span("Renum", class_name="side-word"), href="/", aria_label="Renum", class_name="side-brand"
    )
    return rx.el.nav(
        brand,
        *(_place(name, href, current) for name, href in PLACES),
        rx.el.div(t("shell.space"), class_name="side-group"),
        *(_place(name, href, current) for name, href in SPACE),
        rx.cond(Session.is_admin, _place(*_ADMIN, current)),
        rx.el.div(_fold(), _person(), class_name="side-foot"),
        aria_label=t("shell.navigation"),
        class_name="side",
    )


def bottom_bar(current: str) -> rx.Component:
    """Five that a thumb reaches; what has no room there is in a sheet."""
    hrefs = dict(PLACES)
    more = rx.el.button(
        icon("menu"),
        rx.el.span(t("nav.more")),
        _asking_count(),
        type="button",
        aria_haspopup="dialog",
        custom_attrs={**opens(_MORE), "data-current": str(current not in _ON_PHONES).lower()},
    )
    return rx.fragment(
        rx.el.nav(
            *(_tab(name, hrefs[name], current) for name in _ON_PHONES),
            more,
            aria_label=t("shell.navigation"),
            class_name="bottom-bar",
        ),
        _more_sheet(current),
    )


def _more_sheet(current: str) -> rx.Component:
    rest = [(name, href) for name, href in (*PLACES, *SPACE) if name not in _ON_PHONES]
    links = [*(_place(name, href, current) for name, href in rest), rx.cond(Session.is_admin, _place(*_ADMIN, current))]
    return dialog(
        _MORE,
        t("nav.more"),
        rx.el.nav(*links, aria_label=t("nav.more"), class_name="flex flex-col gap-1"),
        rx.el.div(quick_switches(), class_name="mt-3 flex justify-end border-t border-line pt-3"),
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


def _tab(name: str, href: str, current: str) -> rx.Component:
    return rx.el.a(icon(name), rx.el.span(t(f"nav.{name}")), href=href, **_current(name, current))


def _current(name: str, current: str) -> dict[str, str]:
    return {"aria_current": "page"} if name == current else {}
