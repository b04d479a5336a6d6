"""Forms that the browser itself sends: read, refused where another site sent them, answered with a way on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response

from renum_app import runtime
from renum_app.api.own_pages import refuse_other_sites
from renum_app.auth import cookies
from renum_app.auth.tokens import FIRST_STEP_SECONDS
from renum_app.errors import Invalid, Malformed, RenumError, TooMany, UnsupportedMedia
from renum_app.services import sessions

COOKIE_SECONDS = int(sessions.ABSOLUTE.total_seconds())
_FORM = "application/x-www-form-urlencoded"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{1,200}")


def local_path(target: str) -> str:
    """`target` if it is a path on this server, else the start page; browsers read `\\` as `/`."""
    is_path = target.startswith("/") and not target.startswith("//")
    is_plain = target.isprintable() and "\\" not in target and len(target) <= 2_048
    return quote(target, safe="/?&=%#+:,;@!$'()*~-._[]") if is_path and is_plain else "/"


async def fields_of(request: Request) -> Mapping[str, str]:
    """The fields of a form that one of our own pages sent."""
    refuse_other_sites(request)
    body = await request.body()
    if body and request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise UnsupportedMedia
    try:
        fields = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=20, errors="strict"))
    except ValueError as error:
        raise Malformed from error
    if any("\x00" in value for value in fields.values()):
        raise Malformed
    return fields


def signed_in(token: str, *, next_path: str) -> Response:
    """On to the page that was wanted, with the cookie of the session."""
    response = RedirectResponse(local_path(next_path), status_code=303)
    response.set_cookie(value=token, max_age=COOKIE_SECONDS, **cookie())
    response.delete_cookie(**{**cookie(), "key": cookies.STEP_NAME})
    return response


def to_second_step(first_step: str, *, next_path: str) -> Response:
    """On to the page that asks for a code, with the proof that the password was right."""
    query = f"?{urlencode({'next': path})}" if (path := local_path(next_path)) != "/" else ""
    response = RedirectResponse(f"/login/code{query}", status_code=303)
    response.set_cookie(value=first_step, max_age=FIRST_STEP_SECONDS, **{**cookie(), "key": cookies.STEP_NAME})
    return response


def back_to(page: str, error: RenumError, *, next_path: str = "", token: str = "") -> Response:
    """The page again, with what went wrong.

    Args:
        page: Its path.
        error: What the page puts into words.
        next_path: Where the person wants to go in the end.
        token: Of the link they came by; it stays behind the `#`.
    """
    query = {"error": _word(error)}
    if isinstance(error, TooMany):
        query["wait"] = str(max(1, round(error.retry_after)))
    return on_to(page, query, next_path=next_path, token=token)


def on_to(page: str, query: dict[str, str], *, next_path: str = "", token: str = "") -> Response:
    """A page, and what it says; else as `back_to`."""
    if (path := local_path(next_path)) != "/":
        query = {**query, "next": path}
    kept = f"#{token}" if _TOKEN.fullmatch(token) else ""
    return RedirectResponse(f"{page}?{urlencode(query)}{kept}", status_code=303)


def _word(error: RenumError) -> str:
    """What the page shows as `errors.<word>`; such a sentence has no figures to fill in."""
    if isinstance(error, TooMany):
        return "sign_in_paused"
    return error.problems[0].code if isinstance(error, Invalid) else error.code


def cookie() -> dict[str, Any]:
    """How the session's cookie is set and deleted here."""
    return cookies.attributes(secure=runtime.current().settings.is_production)
