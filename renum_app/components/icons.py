"""The icons in use, by what they mean, so that one meaning never has two pictures."""

from __future__ import annotations

from typing import Any

import reflex as rx

_NAMES = {
    "dashboard": "house",
    "agents": "bot",
    "teams": "workflow",
    "executions": "play",
    "approvals": "hand",
    "settings": "settings",
    "bell": "bell",
    "menu": "menu",
    "run": "play",
    "add": "plus",
    "import": "upload",
    "edit": "pencil",
    "delete": "trash-2",
    "archive": "archive",
    "search": "search",
    "more": "ellipsis",
    "close": "x",
    "back": "arrow-left",
    "next": "arrow-right",
    "grip": "grip-vertical",
    "up": "arrow-up",
    "down": "arrow-down",
    "show": "eye",
    "key": "key-round",
    "admin": "shield-check",
    "health": "activity",
    "people": "users-round",
    "audit": "scroll-text",
    "token": "square-terminal",
    "costs": "wallet",
    "shield": "shield-check",
    "data": "database",
    "sign_out": "log-out",
    "language": "languages",
    "light": "sun",
    "dark": "moon",
    "system": "monitor",
    "fold": "panel-left",
    "offline": "wifi-off",
    "retry": "rotate-cw",
    "test": "plug-zap",
    "info": "info",
    "warning": "triangle-alert",
    "error": "circle-x",
    "success": "circle-check",
    "pending": "circle-dashed",
    "running": "play",
    "waiting": "hand",
    "completed": "check",
    "failed": "x",
    "cancelled": "square",
    "skipped": "skip-forward",
    "stop": "square",
    "first": "chevrons-left",
    "previous": "chevron-left",
    "following": "chevron-right",
    "person": "user-round",
    "copy": "copy",
    "rehearsal": "drama",
    "local": "cpu",
    "download": "download",
    "link": "external-link",
}


def icon(meaning: str, **props: Any) -> rx.Component:
    """A picture beside words; screen readers hear the words only."""
    return rx.icon(_NAMES[meaning], aria_hidden="true", **{"size": 16, **props})


def mark(size: int = 22) -> rx.Component:
    """Renum's mark: three staggered bars of a score."""
    bars = ((0, 2, 26, "1"), (12, 17, 32, "0.72"), (4, 32, 24, "0.42"))
    drawn = [
        rx.el.svg.rect(x=x, y=y, width=width, height=10, rx=5, fill="currentColor", opacity=opacity)
        for x, y, width, opacity in bars
    ]
    return rx.el.svg(*drawn, width=size, height=size, view_box="0 0 44 44", aria_hidden="true", class_name="flex-none")
