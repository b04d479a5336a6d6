"""`Idempotency-Key` on the routes that create or execute."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from renum_app.database import TROUBLES
from renum_app.errors import FieldProblem, Invalid, RenumError
from renum_app.services import idempotency, sessions
from renum_app.services.idempotency import Answer

HEADER = "Idempotency-Key"
_MAX_CHARS = 200
_DESCRIPTION = "A repeat with the same key and body within 24 h gets the same answer; with another body, 409."
PARAMETER = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": _DESCRIPTION,
    "schema": {"type": "string", "maxLength": _MAX_CHARS},
}
Handler = Callable[[Request], Coroutine[Any, Any, Response]]


class OnceRoute(APIRoute):
    """A route on which a POST with the header is done at most once."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        if "POST" in (self.methods or ()):
            self.openapi_extra = {"parameters": [PARAMETER], **(self.openapi_extra or {})}

    def get_route_handler(self) -> Handler:
        handle: Handler = super().get_route_handler()

        async def handle_once(request: Request) -> Response:
            key = request.headers.get(HEADER)
            if key is None or request.method != "POST":
                return await handle(request)
            return await _once(request, key, handle)

        return handle_once


async def _once(request: Request, key: str, handle: Handler) -> Response:
    if not 0 < len(key) <= _MAX_CHARS or not key.isprintable():
        raise Invalid([FieldProblem(HEADER, "idempotency_key", {"max": _MAX_CHARS})])
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    user = await sessions.user_of_bearer(token if scheme.lower() == "bearer" else "")
    if answer := await idempotency.earlier(user, key, await _fingerprint(request)):
        headers = {"Location": answer.location} if answer.location else None
        return Response(answer.body, status_code=answer.status, headers=headers, media_type="application/json")
    try:
        response = await handle(request)
    except (RenumError, RequestValidationError, *TROUBLES):
        await idempotency.release(user, key)
        raise
    kept = Answer(response.status_code, bytes(response.body).decode(), response.headers.get("location"))
    await idempotency.keep(user, key, kept)
    return response


async def _fingerprint(request: Request) -> str:
    told = f"{request.method} {request.url.path}\n".encode() + await request.body()
    return hashlib.sha256(told).hexdigest()
