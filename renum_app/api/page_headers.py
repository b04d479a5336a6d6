"""Headers of pages and their files; the API's own parts have theirs in `edge`."""

from __future__ import annotations

import re

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SAFE = {
    "X-Content-Type-Options": "nosniff",
    # Not `no-referrer`: browsers would then send `Origin: null` with the sign-in form.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_HTTPS_ONLY = "max-age=31536000"
_HASHED = re.compile(r"^/assets/[^/]+-[\w-]{8}\.(js|css)$")
"""Files whose name changes with their content."""


class PageHeaders:
    """Wraps the whole application; a header that is there already stays.

    Args:
        policy: What pages may run and load.
        https_only: Tell browsers never to come here over plain http again.
    """

    def __init__(self, app: ASGIApp, *, policy: str, https_only: bool) -> None:
        self._app = app
        self._headers = {**_SAFE, "Content-Security-Policy": policy}
        if https_only:
            self._headers["Strict-Transport-Security"] = _HTTPS_ONLY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), path=scope["path"], status=message["status"])
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _add(self, headers: MutableHeaders, *, path: str, status: int) -> None:
        for name, value in self._headers.items():
            headers.setdefault(name, value)
        if status == 200 and _HASHED.match(path):
            headers["Cache-Control"] = "public, max-age=31536000, immutable"
