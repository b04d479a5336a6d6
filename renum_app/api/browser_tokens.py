"""Making an API token from a page: by the session cookie, and straight to the browser that asks."""

from __future__ import annotations

from fastapi import APIRouter, Request

from renum_app.api.dependencies import client_ip
from renum_app.api.own_pages import refuse_other_sites
from renum_app.auth import cookies
from renum_app.models.api_token import ApiTokenMade, ApiTokenWrite
from renum_app.services import api_tokens, sessions

router = APIRouter()


@router.post("/tokens", status_code=201)
async def create_token(request: Request, body: ApiTokenWrite) -> ApiTokenMade:
    """As `POST /api/v1/auth/tokens`; a page's State, which may be stored or sent again, never holds the token."""
    refuse_other_sites(request)
    user = await sessions.user_of_cookie(request.cookies.get(cookies.COOKIE_NAME, ""))
    return await api_tokens.create(user, body, ip=client_ip(request))
