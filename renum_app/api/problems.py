"""Every failure in the one error shape: a code, a sentence, a field, details and a request id."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import Scope

from renum_app import database, i18n
from renum_app.api.language import locale_of
from renum_app.errors import FieldProblem, Invalid, Malformed, RenumError, TooMany, Unauthenticated, Unavailable
from renum_app.i18n import Locale

log = logging.getLogger(__name__)

_BUSY_SECONDS = 5
_PREFIX_OF_VALUE_ERRORS = "Value error, "
_HTTP_CODES = {404: "unknown_path", 405: "method_not_allowed"}


class ProblemField(BaseModel):
    field: str
    code: str
    message: str


class Problem(BaseModel):
    code: str = Field(description="A stable word.", examples=["invalid"])
    message: str = Field(description="A sentence for a person, in the language of `Accept-Language`.")
    field: str | None = Field(default=None, description="The first bad field, as a dotted path.")
    details: dict[str, Any] = Field(default={}, description="For `invalid`: `fields`, all of them.")
    request_id: str = Field(description="Also in the header `X-Request-ID` and in the server's log.")


class Envelope(BaseModel):
    """The body of every answer that is not a success."""

    error: Problem


def request_id_of(scope: Scope) -> str:
    """The id the edge gave this request."""
    return scope.get("renum_request_id", "")


def body_of(error: RenumError, *, locale: Locale, request_id: str) -> dict[str, Any]:
    """The error shape."""
    details = dict(error.details)
    if isinstance(error, Invalid):
        details["fields"] = [
            {"field": problem.field, "code": problem.code, "message": sentence_of(problem, locale)}
            for problem in error.problems
        ]
    problem = Problem(
        code=error.code,
        message=_text(error.key, locale, error.params) or _text("errors.internal_error", locale, {}),
        field=error.field,
        details=details,
        request_id=request_id,
    )
    return Envelope(error=problem).model_dump(mode="json")


def response_to(error: RenumError, connection: Request) -> JSONResponse:
    """The error as an HTTP answer."""
    body = body_of(error, locale=locale_of(connection), request_id=request_id_of(connection.scope))
    return JSONResponse(body, status_code=error.status, headers=_headers(error))


def sentence_of(problem: FieldProblem, locale: Locale) -> str:
    """What is wrong with one field; pydantic's own sentence where the catalogue has none."""
    return _text(f"problems.{problem.code}", locale, problem.params) or problem.message


def handle_errors(app: FastAPI) -> None:
    """Let the application answer every failure in the one shape."""
    app.add_exception_handler(RenumError, _of_ours)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, _of_http)
    for trouble in database.TROUBLES:
        app.add_exception_handler(trouble, _of_database)
    app.add_exception_handler(Exception, _of_bug)


async def _of_ours(request: Request, error: Exception) -> JSONResponse:
    return response_to(cast("RenumError", error), request)


async def _of_validation(request: Request, error: Exception) -> JSONResponse:
    problems = [_field_problem(found) for found in cast("RequestValidationError", error).errors()]
    if any(problem.code == "json_invalid" for problem in problems):
        return response_to(Malformed(), request)
    return response_to(Invalid(problems), request)


async def _of_http(request: Request, error: Exception) -> JSONResponse:
    """What the framework itself refuses: an unknown path, a wrong method."""
    status = cast("HTTPException", error).status_code
    headers = cast("HTTPException", error).headers
    code = _HTTP_CODES.get(status, "malformed")
    body = body_of(RenumError(code), locale=locale_of(request), request_id=request_id_of(request.scope))
    return JSONResponse(body, status_code=status, headers=headers)


async def _of_database(request: Request, error: Exception) -> JSONResponse:
    """Busy or gone: nothing was stored, and it is worth another try."""
    log.error("The database did not answer", extra={"action": "database_unavailable"}, exc_info=error)
    return response_to(Unavailable("database_unavailable"), request)


async def _of_bug(request: Request, error: Exception) -> JSONResponse:
    """Our own mistake: the caller gets an id to quote, the log gets the rest."""
    log.error("Request failed", extra={"action": "request_failed", "path": request.url.path}, exc_info=error)
    return response_to(RenumError(), request)


def _field_problem(found: Mapping[str, Any]) -> FieldProblem:
    place = [str(part) for part in found["loc"]]
    params = {name: value for name, value in found.get("ctx", {}).items() if isinstance(value, str | int | float)}
    message = str(found["msg"]).removeprefix(_PREFIX_OF_VALUE_ERRORS)
    return FieldProblem(".".join(place[1:]) or place[0], str(found["type"]), params, message)


def _headers(error: RenumError) -> dict[str, str]:
    if isinstance(error, TooMany):
        return {"Retry-After": str(max(1, round(error.retry_after)))}
    if isinstance(error, Unavailable):
        return {"Retry-After": str(_BUSY_SECONDS)}
    return {"WWW-Authenticate": "Bearer"} if isinstance(error, Unauthenticated) else {}


def _text(key: str, locale: Locale, params: Mapping[str, Any]) -> str:
    try:
        return i18n.text(key, locale, **params)
    except KeyError:
        return ""
