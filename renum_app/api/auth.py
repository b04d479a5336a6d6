"""Accounts over REST: register, sign in, refresh, sign out, me."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response

from renum_app.api import documented
from renum_app.api.dependencies import Anyone, Owner, Token, Visitor, client_ip, user_agent
from renum_app.models.user import (
    ConfirmationSent,
    LoginRequest,
    MeRead,
    MeWrite,
    RegisterRequest,
    TokenRead,
    UserRead,
)
from renum_app.models.values import Shape, Text
from renum_app.services import accounts, sessions

router = APIRouter(prefix="/auth", tags=["auth"])
_CONFIRM = "An e-mail was sent, whose link has to be followed first (only where Supabase signs people in)."


class RefreshRequest(Shape):
    refresh_token: Text


@router.post(
    "/register",
    status_code=201,
    dependencies=[Visitor],
    responses={**documented.with_body(403, 409, 429), 202: {"model": ConfirmationSent, "description": _CONFIRM}},
)
async def register(
    request: Request,
    response: Response,
    body: Annotated[RegisterRequest, Body(openapi_examples=documented.examples(person=documented.REGISTER))],
) -> UserRead | ConfirmationSent:
    """Open an account; in production only where `ALLOW_SIGNUP=true`."""
    made = await accounts.register(str(body.email), body.password, body.name, ip=client_ip(request))
    if made is not None:
        return made
    response.status_code = 202
    return ConfirmationSent(email=str(body.email).lower())


@router.post("/login", dependencies=[Visitor], responses=documented.with_body(401, 403, 429))
async def login(
    request: Request,
    body: Annotated[LoginRequest, Body(openapi_examples=documented.examples(person=documented.LOGIN))],
) -> TokenRead:
    """Sign in. A wrong address and a wrong password get the same answer.

    Where the second step is on, a right password alone gets 401 `second_step_required`: ask again with `code`.
    """
    return await accounts.sign_in_api(
        body.email, body.password, code=body.code, user_agent=user_agent(request), ip=client_ip(request)
    )


@router.post("/refresh", dependencies=[Visitor], responses=documented.with_body(401))
async def refresh(body: RefreshRequest) -> TokenRead:
    """New tokens; the refresh token is used up, and using it again ends the session."""
    return await sessions.refresh(body.refresh_token)


@router.post("/logout", status_code=204, responses=documented.errors(401))
async def logout(user: Owner, token: Token) -> None:
    """End this session: its access token, its refresh token and its open sockets."""
    await sessions.sign_out_bearer(user, token)


@router.get("/me", responses=documented.errors(401))
async def me(user: Anyone) -> MeRead:
    """Who is calling, and what this month has cost."""
    return await accounts.me(user)


@router.patch("/me", responses=documented.with_body(401))
async def change_me(
    user: Owner, body: Annotated[MeWrite, Body(openapi_examples=documented.examples(budget=documented.MONTH_BUDGET))]
) -> MeRead:
    """Change your name or your month budget; null takes the budget away."""
    return await accounts.change(user, body)
