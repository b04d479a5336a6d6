"""`Idempotency-Key` on the routes that create or execute."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from renum_app.api import documented
from renum_app.api.dependencies import known
from renum_app.database import TROUBLES
from renum_app.errors import FieldProblem, Invalid, RenumError
from renum_app.models.execution_read import ExecutionRead
from renum_app.models.user import CurrentUser
from renum_app.models.values import Read
from renum_app.services import idempotency
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
        if "POST" in (options.get("methods") or ()):
            options["responses"] = {**documented.errors(409), **(options.get("responses") or {})}
        super().__init__(*arguments, **options)
        if "POST" in (self.methods or ()):
            self.openapi_extra = {"parameters": [PARAMETER], **(self.openapi_extra or {})}

    def get_route_handler(self) -> Handler:
        handle: Handler = super().get_route_handler()
        status = self.status_code or 200

        async def handle_once(request: Request) -> Response:
            key = request.headers.get(HEADER)
            if key is None or request.method != "POST":
                return await handle(request)
            return await _once(request, key, handle, status=status)

        return handle_once


async def _once(request: Request, key: str, handle: Handler, *, status: int) -> Response:
    if not 0 < len(key) <= _MAX_CHARS or not key.isprintable():
        raise Invalid([FieldProblem(HEADER, "idempotency_key", {"max": _MAX_CHARS})])
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    user = await known(request, token if scheme.lower() == "bearer" else "")
    answered = partial(_answered, status=status)
    found = await idempotency.claim(user, key, fingerprint=await _fingerprint(request, user), answered=answered)
    if isinstance(found, Answer):
        headers = {"Location": found.location} if found.location else None
        return Response(found.body, status_code=found.status, headers=headers, media_type="application/json")
    try:
        with idempotency.under(found):
            response = await handle(request)
    except (RenumError, RequestValidationError, *TROUBLES):
        await idempotency.release(found)
        raise
    if found.answer is None:  # it made nothing that a repeat could make twice
        await idempotency.release(found)
        return response
    response.body = found.answer.body.encode()
    response.headers["Content-Length"] = str(len(response.body))
    return response


def _answered(read: Read, *, status: int) -> Answer:
    """What the caller is told of what was made."""
    location = located(read) if isinstance(read, ExecutionRead) else None
    return Answer(status, read.model_dump_json(), location)


def located(execution: ExecutionRead) -> str:
    """Where an execution is read."""
    return f"/api/v1/executions/{execution.execution_id}"


async def _fingerprint(request: Request, user: CurrentUser) -> str:
    """What must be the same in a repeat; an API token's scopes too, or one without the route's would get the answer."""
    scopes = "" if user.scopes is None else f" {sorted(user.scopes)}"
    told = f"{request.method} {request.url.path}{scopes}\n".encode() + await request.body()
    return hashlib.sha256(told).hexdigest()
