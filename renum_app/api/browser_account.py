"""Forms about an account: the first administrator, a password changed or forgotten, and the second step.

What is shown once goes straight to the page that asks for it; it never passes through the state of a tab.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response
from pydantic import ValidationError

from renum_app.api import forms
from renum_app.api.archive import archive
from renum_app.api.dependencies import client_ip, user_agent
from renum_app.api.language import locale_of
from renum_app.api.own_pages import refuse_other_sites
from renum_app.auth import cookies
from renum_app.errors import RenumError
from renum_app.models.account import PasswordProof, RecoveryCodes, TwoStepCode, TwoStepRead, TwoStepSecret
from renum_app.models.user import CurrentUser, RegisterRequest
from renum_app.services import accounts, own_data, passwords, resets, sessions, setup, two_steps

router = APIRouter()


async def _of_cookie(request: Request) -> CurrentUser:
    """Who is signed in here; called by no page of another site."""
    refuse_other_sites(request)
    return await sessions.user_of_cookie(request.cookies.get(cookies.COOKIE_NAME, ""))


Me = Annotated[CurrentUser, Depends(_of_cookie)]


@router.post("/setup")
async def set_up(request: Request) -> Response:
    """Become the first administrator, and sign in."""
    form = await forms.fields_of(request)
    try:
        body = RegisterRequest.model_validate({name: form.get(name, "") for name in ("email", "password", "name")})
        await setup.create(form.get("token", ""), str(body.email), body.password, body.name)
        come = await accounts.sign_in_browser(
            str(body.email), body.password, user_agent=user_agent(request), ip=client_ip(request)
        )
    except ValidationError as error:
        word = f"invalid_{error.errors()[0]['loc'][0]}"
        return forms.back_to("/setup", RenumError(word), token=form.get("token", ""))
    except RenumError as error:
        if error.status == 404:
            raise
        return forms.back_to("/setup", error, token=form.get("token", ""))
    return forms.signed_in(come.session_token, next_path="/")


@router.post("/forgot")
async def forgot(request: Request) -> Response:
    """Ask for a link by mail; the answer is the same for every address."""
    form = await forms.fields_of(request)
    try:
        resets.forget(form.get("email", ""), ip=client_ip(request), locale=locale_of(request))
    except RenumError as error:
        return forms.back_to("/forgot", error)
    return forms.on_to("/forgot", {"notice": "reset_mailed"})


@router.post("/reset")
async def reset(request: Request) -> Response:
    """Set a new password by a link."""
    form = await forms.fields_of(request)
    try:
        await resets.reset(form.get("token"), form.get("password", ""))
    except RenumError as error:
        return forms.back_to("/reset", error, token=form.get("token", ""))
    return forms.on_to("/login", {"notice": "password_set"})


@router.post("/password")
async def change_password(request: Request, user: Me) -> Response:
    """Change the password; this browser stays signed in, under a new cookie."""
    form = await forms.fields_of(request)
    try:
        await passwords.change(
            user, form.get("current_password", ""), form.get("new_password", ""), ip=client_ip(request)
        )
    except RenumError as error:
        return forms.back_to("/settings/security", error)
    response = forms.on_to("/settings/security", {"notice": "password_changed"})
    response.set_cookie(value=await sessions.renewed(user), max_age=forms.COOKIE_SECONDS, **forms.cookie())
    return response


@router.get("/two-steps")
async def two_steps_now(user: Me) -> TwoStepRead:
    return await two_steps.read(user)


@router.post("/two-steps")
async def begin(request: Request, user: Me, body: PasswordProof) -> TwoStepSecret:
    """A secret for an authenticator."""
    return await two_steps.begin(user, body.password, ip=client_ip(request))


@router.post("/two-steps/confirm")
async def confirm(request: Request, user: Me, body: TwoStepCode) -> RecoveryCodes:
    """Turn it on; this browser stays signed in."""
    return await two_steps.confirm(user, body.code, ip=client_ip(request))


@router.post("/two-steps/off", status_code=204)
async def turn_off(request: Request, user: Me, body: PasswordProof) -> None:
    """The password alone is enough again."""
    await two_steps.turn_off(user, body.password, ip=client_ip(request))


@router.post("/two-steps/codes")
async def renew_codes(request: Request, user: Me, body: PasswordProof) -> RecoveryCodes:
    """New recovery codes."""
    return await two_steps.renew_codes(user, body.password, ip=client_ip(request))


@router.get("/export")
async def export(user: Me) -> Response:
    """Everything of the person's, as a download."""
    return archive(user)


@router.post("/delete")
async def delete_account(request: Request, user: Me) -> Response:
    """The end of the account, and of this browser's session."""
    form = await forms.fields_of(request)
    try:
        email, password = form.get("email", ""), form.get("password", "")
        await own_data.delete(user, email=email, password=password, ip=client_ip(request))
    except RenumError as error:
        return forms.back_to("/settings/data", error)
    response = forms.on_to("/login", {"notice": "account_deleted"})
    response.delete_cookie(**forms.cookie())
    return response
