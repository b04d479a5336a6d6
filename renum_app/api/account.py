"""One's own account over REST: its password, its sessions and its second step."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Body, Depends, Request
from fastapi.responses import StreamingResponse

from renum_app.api import documented
from renum_app.api.archive import archive
from renum_app.api.dependencies import Language, Owner, client_ip, known_uuid
from renum_app.models.account import (
    DeletionRequest,
    EndedSessions,
    ForgotRequest,
    OwnDataRead,
    PasswordChange,
    PasswordProof,
    RecoveryCodes,
    ResetRequest,
    SessionList,
    TwoStepCode,
    TwoStepRead,
    TwoStepSecret,
)
from renum_app.services import own_data, passwords, resets, sessions, two_steps

router = APIRouter(prefix="/auth", tags=["auth"])


def _session_id(session_id: str) -> UUID:
    return known_uuid(session_id)


Ip = Annotated[str, Depends(client_ip)]
_Proof = Annotated[PasswordProof, Body(openapi_examples=documented.examples(again=documented.PASSWORD))]


@router.post("/password", status_code=204, responses=documented.with_body(401, 403, 409, 429))
async def change_password(
    user: Owner,
    ip: Ip,
    body: Annotated[PasswordChange, Body(openapi_examples=documented.examples(change=documented.PASSWORD_CHANGE))],
) -> None:
    """Change your password. Every other session ends, its refresh tokens and open sockets too; API tokens stay."""
    await passwords.change(user, body.current_password, body.new_password, ip=ip)


@router.post("/forgot", status_code=202, responses=documented.with_body(429))
async def forgot(
    body: Annotated[ForgotRequest, Body(openapi_examples=documented.examples(person=documented.FORGOT))],
    request: Request,
    language: Language,
) -> None:
    """Ask for a link to a new password by mail. The answer says nothing about whether the address has an account."""
    resets.forget(body.email, ip=client_ip(request), locale=language)


@router.post("/reset", status_code=204, responses=documented.with_body())
async def reset(
    body: Annotated[ResetRequest, Body(openapi_examples=documented.examples(link=documented.RESET))],
) -> None:
    """Set a new password by a link: once, within thirty minutes. The person is signed out everywhere."""
    await resets.reset(body.token, body.password)


@router.get("/sessions", responses=documented.errors(401))
async def list_sessions(user: Owner) -> SessionList:
    """Where you are signed in, the latest use first."""
    return SessionList(items=await sessions.list_sessions(user))


@router.delete("/sessions", responses=documented.errors(401, 403))
async def end_other_sessions(user: Owner) -> EndedSessions:
    """End every session but the one that asks."""
    return EndedSessions(ended=await sessions.end_others(user))


@router.delete("/sessions/{session_id}", status_code=204, responses=documented.errors(401, 404))
async def end_session(user: Owner, session_id: Annotated[UUID, Depends(_session_id)]) -> None:
    """End one of your sessions; its tokens and open sockets end within seconds."""
    await sessions.end(user, session_id)


@router.get("/two-steps", responses=documented.errors(401))
async def two_steps_now(user: Owner) -> TwoStepRead:
    """Whether a code is asked for after the password."""
    return await two_steps.read(user)


@router.post("/two-steps", responses=documented.with_body(401, 403, 409, 429))
async def begin_two_steps(user: Owner, ip: Ip, body: _Proof) -> TwoStepSecret:
    """A secret for your authenticator; nothing changes until a first code confirms it."""
    return await two_steps.begin(user, body.password, ip=ip)


@router.post("/two-steps/confirm", responses=documented.with_body(401, 409, 429))
async def confirm_two_steps(
    user: Owner,
    ip: Ip,
    body: Annotated[TwoStepCode, Body(openapi_examples=documented.examples(code=documented.CODE))],
) -> RecoveryCodes:
    """Turn the second step on. Every other session ends; the recovery codes are shown this once."""
    return await two_steps.confirm(user, body.code, ip=ip)


@router.post("/two-steps/off", status_code=204, responses=documented.with_body(401, 403, 429))
async def turn_two_steps_off(user: Owner, ip: Ip, body: _Proof) -> None:
    """Ask for the password alone again."""
    await two_steps.turn_off(user, body.password, ip=ip)


@router.post("/two-steps/codes", responses=documented.with_body(401, 403, 409, 429))
async def renew_recovery_codes(user: Owner, ip: Ip, body: _Proof) -> RecoveryCodes:
    """New recovery codes; those that are left are worth nothing any more."""
    return await two_steps.renew_codes(user, body.password, ip=ip)


@router.get("/data", responses=documented.errors(401))
async def own_data_now(user: Owner) -> OwnDataRead:
    """How much there is of you here, and what deleting the account would delete."""
    return await own_data.read(user)


@router.get("/export", response_class=StreamingResponse, responses={**documented.errors(401), 200: documented.ZIP})
async def export(user: Owner) -> StreamingResponse:
    """Everything of yours, without secrets: a ZIP archive with a file per kind of thing and a JSON object per line."""
    return archive(user)


@router.post("/delete", status_code=204, responses=documented.with_body(401, 403, 409, 429))
async def delete_account(
    user: Owner,
    ip: Ip,
    body: Annotated[DeletionRequest, Body(openapi_examples=documented.examples(account=documented.DELETION))],
) -> None:
    """Delete your account with everything in it, for good. What runs is stopped first; if it will not, all stays."""
    await own_data.delete(user, email=body.email, password=body.password, ip=ip)
