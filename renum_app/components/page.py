"""How a page is registered: its route, the title of its tab, and what it loads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from renum_app.components.text import page_title
from renum_app.state.session import Session


def page(route: str, title: str, *loads: Any) -> Callable[[Callable[[], rx.Component]], Callable[[], rx.Component]]:
    """A page behind the sign-in; `title` is a text's key, `loads` run after the person is known."""
    return rx.page(route=route, title=page_title(title), on_load=[Session.enter, *loads])
