"""Who is looking, asked anew from the session cookie at every event: a tab's own memory is no proof."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookies import CookieError, SimpleCookie
from urllib.parse import quote

import reflex as rx

from renum_app import caller
from renum_app.auth.cookies import COOKIE_NAME
from renum_app.errors import Unauthenticated
from renum_app.i18n import Locale
from renum_app.models.user import CurrentUser, UserRole
from renum_app.services import executions, sessions
from renum_app.state.notices import forget_old


class Session(rx.State):
    """What the shell shows of the person; never what anything is decided by."""

    name: str = ""
    email: str = ""
    initials: str = ""
    is_demo: bool = False
    is_admin: bool = False
    running: int = 0
    """Executions of theirs that have not ended, for the side bar."""
    cost_now: float | None = None
    """What those that run have cost so far, as far as known."""
    asking: int = 0
    """Decisions that wait for them."""
    unread: int = 0
    """Notifications."""
    _holder: str = ""
    """The session whose tab this is, of which `guard` sees to it that it stays so; empty: nobody's."""

    @rx.event
    async def enter(self) -> rx.event.EventSpec | None:
        """First of every page's loads: the person's name, or the way to the sign-in page."""
        try:
            user = await signed_in(self)
        except Unauthenticated:
            return rx.redirect(login_path(_address(self)), replace=True)
        await forget_old(self)
        self.name, self.email, self.is_demo = user.name, user.email, user.is_demo
        self.is_admin = user.role is UserRole.ADMIN
        self.initials = _initials(user.name or user.email)
        await self._count(user)
        return None

    @rx.event
    async def beat(self) -> None:
        """Count again what runs, for the side bar."""
        await self._count(await signed_in(self))

    async def _count(self, user: CurrentUser) -> None:
        now = await executions.presently(user)
        self.running, self.cost_now = now.unfinished, now.cost_usd
        self.asking, self.unread = now.needs_you, now.unread


async def signed_in(state: rx.State) -> CurrentUser:
    """The person whose session cookie this tab's connection carries.

    Raises:
        Unauthenticated: There is none, or it has ended; `details["next"]` is the page to come back to.
    """
    token = _cookie(state)
    caller.note(state.router.session.client_ip)
    try:
        if not token:
            raise Unauthenticated
        return await sessions.user_of_cookie(token)
    except Unauthenticated as error:
        raise Unauthenticated(details={"next": _address(state)}) from error


@asynccontextmanager
async def tab_of(state: rx.State, user: CurrentUser) -> AsyncIterator[None]:
    """`async with self` of a background handler, while the tab is still that of the person it began for.

    Raises:
        Unauthenticated: Their session has ended meanwhile, or somebody else sits there.
    """
    async with state:
        if (await signed_in(state)).session_id != user.session_id:
            raise Unauthenticated
        yield


async def count_again(state: rx.State, user: CurrentUser) -> None:
    """What the side bar counts, as it is now."""
    session = await state.get_state(Session)
    await session._count(user)  # noqa: SLF001 (underscored so that browsers cannot call it)


def language(state: rx.State) -> Locale:
    """The language this tab connected with, for the few sentences that the server puts into words."""
    chosen = _cookies(state).get("renum_lang")
    wanted = chosen.value if chosen is not None else state.router.headers.accept_language
    return "pt-BR" if wanted.lower().startswith("pt") else "en"


def login_path(target: str) -> str:
    """The sign-in page that leads to `target` afterwards."""
    return f"/login?next={quote(target)}" if target not in ("", "/") else "/login"


def _address(state: rx.State) -> str:
    """Path and query of the page this tab shows."""
    url = state.router.url
    return f"{url.path}?{url.query}" if url.query else url.path


def _cookie(state: rx.State) -> str:
    found = _cookies(state).get(COOKIE_NAME)
    return found.value if found is not None else ""


def _cookies(state: rx.State) -> SimpleCookie:
    try:
        return SimpleCookie(state.router.headers.cookie)
    except CookieError:
        return SimpleCookie()


def _initials(name: str) -> str:
    words = name.replace("@", " ").replace(".", " ").split()
    return "".join(word[0] for word in words[:2]).upper()
