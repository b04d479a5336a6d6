"""Native form posts of the sign-in page: they set the session cookie, and work before the page is alive."""

from __future__ import annotations

from fastapi import FastAPI, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import ValidationError

from renum_app.api import browser_account, browser_tokens, forms
from renum_app.api.dependencies import client_ip, user_agent
from renum_app.api.edge import Edge
from renum_app.api.own_pages import refuse_other_sites
from renum_app.api.problems import handle_errors
from renum_app.auth import cookies
from renum_app.errors import NotFound, RenumError
from renum_app.models.user import RegisterRequest
from renum_app.services import accounts, sessions

_MAX_FORM_BYTES = 16_384

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
handle_errors(app)
app.include_router(browser_account.router)
app.include_router(browser_tokens.router)


def create_browser() -> Edge:
    """What is mounted at `/auth`."""
    return Edge(app, max_body_bytes=_MAX_FORM_BYTES, json_only=False)


@app.post("/login")
async def login(request: Request) -> Response:
    """Sign in, or go on to the second step."""
    form = await forms.fields_of(request)
    try:
        come = await accounts.sign_in_browser(
            form.get("email", ""), form.get("password", ""), user_agent=user_agent(request), ip=client_ip(request)
        )
    except RenumError as error:
        return forms.back_to("/login", error, next_path=form.get("next", ""))
    if come.first_step:
        return forms.to_second_step(come.first_step, next_path=form.get("next", ""))
    await _end_former(request)
    return forms.signed_in(come.session_token, next_path=form.get("next", ""))


@app.post("/login/code")
async def second_step(request: Request) -> Response:
    """The code after the password; only then is there a session."""
    form = await forms.fields_of(request)
    first_step, next_path = request.cookies.get(cookies.STEP_NAME, ""), form.get("next", "")
    try:
        token = await accounts.sign_in_second_step(
            first_step, form.get("code", ""), user_agent=user_agent(request), ip=client_ip(request)
        )
    except RenumError as error:
        page = "/login" if error.code == "first_step_is_old" else "/login/code"
        return forms.back_to(page, error, next_path=next_path)
    await _end_former(request)
    return forms.signed_in(token, next_path=next_path)


@app.post("/demo")
async def demo(request: Request) -> Response:
    form = await forms.fields_of(request)
    token = await accounts.sign_in_demo(user_agent=user_agent(request), ip=client_ip(request))
    return forms.signed_in(token, next_path=form.get("next", ""))


@app.post("/register")
async def register(request: Request) -> Response:
    """Open an account and sign in with it, or say that an e-mail is on its way."""
    form = await forms.fields_of(request)
    given = {name: form.get(name, "") for name in ("email", "password", "name")}
    try:
        body = RegisterRequest.model_validate(given)
        token = await accounts.register_browser(
            str(body.email), body.password, body.name, user_agent=user_agent(request), ip=client_ip(request)
        )
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        return forms.back_to("/register", RenumError(f"invalid_{field}"), next_path=form.get("next", ""))
    except RenumError as error:
        return forms.back_to("/register", error, next_path=form.get("next", ""))
    if token is None:
        return forms.on_to("/login", {"notice": "confirm_email"}, next_path=form.get("next", ""))
    await _end_former(request)
    return forms.signed_in(token, next_path=form.get("next", ""))


@app.post("/confirm-again")
async def confirm_again(request: Request) -> Response:
    """Have the e-mail that confirms an address sent again."""
    form = await forms.fields_of(request)
    try:
        await accounts.confirm_again(form.get("email", ""), ip=client_ip(request))
    except NotFound:
        raise
    except RenumError as error:
        return forms.back_to("/login", error, next_path=form.get("next", ""))
    return forms.on_to("/login", {"notice": "confirm_email"}, next_path=form.get("next", ""))


@app.post("/logout")
async def logout(request: Request) -> Response:
    """End the session on the server too; a copy of the cookie is worth nothing afterwards."""
    refuse_other_sites(request)
    await _end_former(request)
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(**forms.cookie())
    return response


async def _end_former(request: Request) -> None:
    """End the session this browser came with; it may have ended already, and the cookie goes all the same."""
    await sessions.sign_out_cookie(request.cookies.get(cookies.COOKIE_NAME, ""))
