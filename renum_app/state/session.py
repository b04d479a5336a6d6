"""Who is looking, asked anew from the session cookie at every event: a tab's own memory is no proof."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

import reflex as rx

from renum_app.auth.cookies import COOKIE_NAME
from renum_app.errors import Unauthenticated
from renum_app.models.user import CurrentUser
from renum_app.services import accounts


class Session(rx.State):
    """What the shell shows of the person; never what anything is decided by."""

    name: str = ""
    email: str = ""
    initials: str = ""
    is_demo: bool = False
    running: int = 0
    """Executions of theirs under way, for the side bar."""

    @rx.event
    async def enter(self) -> rx.event.EventSpec | None:
        """First of every page's loads: the person's name, or the way to the sign-in page."""
        try:
            user = await signed_in(self)
        except Unauthenticated:
            return rx.redirect(login_path(self.router.url.path), replace=True)
        self.name, self.email, self.is_demo = user.name, user.email, user.is_demo
        self.initials = _initials(user.name or user.email)
        return None


async def signed_in(state: rx.State) -> CurrentUser:
    """The person whose session cookie this tab's connection carries.

    Raises:
        Unauthenticated: There is none, or it has ended; `details["next"]` is the page to come back to.
    """
    try:
        return await accounts.user_of_cookie(_cookie(state))
    except Unauthenticated as error:
        raise Unauthenticated(details={"next": str(state.router.url.path)}) from error


def login_path(target: str) -> str:
    """The sign-in page that leads to `target` afterwards."""
    return f"/login?next={quote(target)}" if target not in ("", "/") else "/login"


def _cookie(state: rx.State) -> str:
    try:
        cookies = SimpleCookie(state.router.headers.cookie)
    except CookieError:
        return ""
    return cookies[COOKIE_NAME].value if COOKIE_NAME in cookies else ""


def _initials(name: str) -> str:
    words = name.replace("@", " ").replace(".", " ").split()
    return "".join(word[0] for word in words[:2]).upper()
