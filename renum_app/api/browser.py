"""Native form posts of the sign-in page: they set the session cookie, and work before the page is alive."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from renum_app import runtime
from renum_app.api import browser_tokens
from renum_app.api.dependencies import client_ip, user_agent
from renum_app.api.edge import Edge
from renum_app.api.own_pages import refuse_other_sites
from renum_app.api.problems import handle_errors
from renum_app.auth import cookies
from renum_app.errors import Invalid, Malformed, NotFound, RenumError, TooMany, Unauthenticated, UnsupportedMedia
from renum_app.models.user import RegisterRequest
from renum_app.services import accounts, sessions

_MAX_FORM_BYTES = 16_384
_FORM = "application/x-www-form-urlencoded"

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
handle_errors(app)
app.include_router(browser_tokens.router)


def create_browser() -> Edge:
    """What is mounted at `/auth`."""
    return Edge(app, max_body_bytes=_MAX_FORM_BYTES, json_only=False)


@app.post("/login")
async def login(request: Request) -> Response:
    form = await _form(request)
    try:
        token = await accounts.sign_in_browser(
            form.get("email", ""), form.get("password", ""), user_agent=user_agent(request), ip=client_ip(request)
        )
    except RenumError as error:
        return _back_to("/login", error, next_path=form.get("next", ""))
    return _signed_in(token, next_path=form.get("next", ""))


@app.post("/demo")
async def demo(request: Request) -> Response:
    form = await _form(request)
    token = await accounts.sign_in_demo(user_agent=user_agent(request), ip=client_ip(request))
    return _signed_in(token, next_path=form.get("next", ""))


@app.post("/register")
async def register(request: Request) -> Response:
    """Open an account and sign in with it, or say that an e-mail is on its way."""
    form = await _form(request)
    given = {name: form.get(name, "") for name in ("email", "password", "name")}
    try:
        body = RegisterRequest.model_validate(given)
        token = await accounts.register_browser(
            str(body.email), body.password, body.name, user_agent=user_agent(request), ip=client_ip(request)
        )
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        return _back_to("/register", RenumError(f"invalid_{field}"), next_path=form.get("next", ""))
    except RenumError as error:
        return _back_to("/register", error, next_path=form.get("next", ""))
    if token is None:
        return _led_to("/login", {"notice": "confirm_email"}, next_path=form.get("next", ""))
    return _signed_in(token, next_path=form.get("next", ""))


@app.post("/confirm-again")
async def confirm_again(request: Request) -> Response:
    """Have the e-mail that confirms an address sent again."""
    form = await _form(request)
    try:
        await accounts.confirm_again(form.get("email", ""), ip=client_ip(request))
    except NotFound:
        raise
    except RenumError as error:
        return _back_to("/login", error, next_path=form.get("next", ""))
    return _led_to("/login", {"notice": "confirm_email"}, next_path=form.get("next", ""))


@app.post("/logout")
async def logout(request: Request) -> Response:
    """End the session on the server too; a copy of the cookie is worth nothing afterwards."""
    refuse_other_sites(request)
    with suppress(Unauthenticated):  # it may have ended already; the cookie goes all the same
        await sessions.sign_out(await sessions.user_of_cookie(request.cookies.get(cookies.COOKIE_NAME, "")))
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(**_cookie())
    return response


def local_path(target: str) -> str:
    """`target` if it is a path on this server, else the start page; browsers read `\\` as `/`."""
    is_path = target.startswith("/") and not target.startswith("//")
    is_plain = target.isprintable() and "\\" not in target and len(target) <= 2_048
    return quote(target, safe="/?&=%#+:,;@!$'()*~-._[]") if is_path and is_plain else "/"


async def _form(request: Request) -> Mapping[str, str]:
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


def _signed_in(token: str, *, next_path: str) -> Response:
    response = RedirectResponse(local_path(next_path), status_code=303)
    response.set_cookie(value=token, max_age=int(sessions.ABSOLUTE.total_seconds()), **_cookie())
    return response


def _back_to(page: str, error: RenumError, *, next_path: str) -> Response:
    query = {"error": _word(error)}
    if isinstance(error, TooMany):
        query["wait"] = str(max(1, round(error.retry_after)))
    return _led_to(page, query, next_path=next_path)


def _led_to(page: str, query: dict[str, str], *, next_path: str) -> Response:
    if (path := local_path(next_path)) != "/":
        query["next"] = path
    return RedirectResponse(f"{page}?{urlencode(query)}", status_code=303)


def _word(error: RenumError) -> str:
    """What the page shows as `errors.<word>`; such a sentence has no figures to fill in."""
    if isinstance(error, TooMany):
        return "sign_in_paused"
    return error.problems[0].code if isinstance(error, Invalid) else error.code


def _cookie() -> dict[str, Any]:
    return cookies.attributes(secure=runtime.current().settings.is_production)
