"""API tokens over REST; only who is signed in may make, see or revoke them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Request

from renum_app.api import documented
from renum_app.api.dependencies import ApiTokenId, Limit, Owner, PageNumber, client_ip
from renum_app.models.api_token import ApiTokenMade, ApiTokenRead, ApiTokenWrite
from renum_app.models.values import Page
from renum_app.services import api_tokens

router = APIRouter(prefix="/auth/tokens", tags=["auth"])


@router.get("", responses=documented.errors(401))
async def list_tokens(user: Owner, page: PageNumber = 1, limit: Limit = 10) -> Page[ApiTokenRead]:
    """Your API tokens, newest first; of each its last four characters at most."""
    return await api_tokens.list_tokens(user, page=page, limit=limit)


@router.post("", status_code=201, responses=documented.with_body(401, 409))
async def create_token(
    request: Request,
    user: Owner,
    body: Annotated[ApiTokenWrite, Body(openapi_examples=documented.examples(reader=documented.API_TOKEN))],
) -> ApiTokenMade:
    """Make a token for a program; `token` is in this answer and never again."""
    return await api_tokens.create(user, body, ip=client_ip(request))


@router.delete("/{token_id}", status_code=204, responses=documented.errors(401, 404))
async def revoke_token(user: Owner, token_id: ApiTokenId) -> None:
    """Revoke a token; what uses it is refused within seconds."""
    await api_tokens.revoke(user, token_id)
