"""The outermost skin of every part of the API: request id, security headers, and bodies that can be read."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, MutableMapping
from typing import Any
from uuid import uuid4

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from renum_app import caller, logs, runtime
from renum_app.api import metrics, rates
from renum_app.api.problems import response_to
from renum_app.api.reading import checked_body
from renum_app.errors import FieldProblem, Invalid, NotFound, RenumError

_GOOD_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'",
    "Cache-Control": "no-store",
}


class Edge:
    """Wraps an application; nothing that comes out of it lacks an id or the headers."""

    def __init__(self, app: ASGIApp, *, max_body_bytes: int, json_only: bool = True, counts: bool = False) -> None:
        self._app, self._max_body_bytes, self._json_only, self._counts = app, max_body_bytes, json_only, counts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["renum_request_id"] = _request_id(scope)
        hops = runtime.current().settings.trusted_proxy_hops
        scope["renum_address"] = caller.address_of(scope, trusted_hops=hops)
        caller.note(scope["renum_address"])

        began = time.perf_counter()

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                if self._counts:
                    metrics.count(scope["method"], message["status"], seconds=time.perf_counter() - began)
                _add_headers(message, request_id, await rates.headers_of(scope) if self._counts else {})
            await send(message)

        with logs.about(request_id=request_id):
            await self._answer(scope, receive, send_with_headers)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            _check_address(scope)
            body = await checked_body(scope, receive, limit=self._max_body_bytes, json_only=self._json_only)
        except RenumError as error:
            await response_to(error, Request(scope))(scope, receive, send)
            return
        await self._app(scope, _replaying(body, receive), send)


def _request_id(scope: Scope) -> str:
    """The caller's own id where it is harmless, so that both logs can be joined."""
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _GOOD_ID.fullmatch(given) else f"{int(time.time()):x}-{uuid4().hex[:12]}"


def _add_headers(message: MutableMapping[str, Any], request_id: str, further: Mapping[str, str]) -> None:
    headers = MutableHeaders(scope=message)
    headers["X-Request-ID"] = request_id
    headers.update(further)
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)


def _check_address(scope: Scope) -> None:
    """PostgreSQL cannot even be asked about a NUL character."""
    if "\x00" in scope["path"]:
        raise NotFound
    if b"%00" in scope.get("query_string", b""):
        raise Invalid([FieldProblem("query", "unstorable_text")])


def _replaying(body: bytes, receive: Receive) -> Receive:
    """A receive that gives the body that was read, and then whatever comes."""
    waiting = [body]

    async def replay() -> Message:
        if waiting:
            return {"type": "http.request", "body": waiting.pop(), "more_body": False}
        return await receive()

    return replay
