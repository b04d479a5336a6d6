"""Sends a visitor without a session to the sign-in page before any page is sent.

It only saves a wait: what a page shows is authorised at every event, whatever the cookie claims.
"""

from __future__ import annotations

from urllib.parse import quote

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from renum_app import runtime
from renum_app.auth.cookies import COOKIE_NAME
from renum_app.services import setup

_OPEN_PAGES = {"/login", "/login/code", "/register", "/forgot", "/reset", "/setup"}
_NOWHERE = "/404"
"""Where no page is."""
_NOT_PAGES = ("/api/", "/auth/", "/health/", "/metrics", "/ws/")


class Door:
    """Wraps the whole application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and _is_closed_page(scope) and not _has_session(scope):
            await RedirectResponse(_login_path(scope), status_code=303)(scope, receive, send)
            return
        if scope["type"] == "http" and scope["path"].rstrip("/") == "/setup" and not await _can_set_up():
            scope = {**scope, "path": _NOWHERE, "raw_path": _NOWHERE.encode()}
        await self._app(scope, receive, send)


async def _can_set_up() -> bool:
    return await setup.is_open(runtime.current().settings)


def _is_closed_page(scope: Scope) -> bool:
    path: str = scope["path"]
    if scope["method"] != "GET" or path.startswith(_NOT_PAGES) or (path.rstrip("/") or "/") in _OPEN_PAGES:
        return False
    return "text/html" in Headers(scope=scope).get("accept", "")


def _has_session(scope: Scope) -> bool:
    return COOKIE_NAME in cookie_parser(Headers(scope=scope).get("cookie", ""))


def _login_path(scope: Scope) -> str:
    query = scope["query_string"].decode("latin-1")
    target = scope["path"] + (f"?{query}" if query else "")
    return "/login" if target == "/" else f"/login?next={quote(target)}"
