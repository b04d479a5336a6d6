"""Third-party keys over REST; none is ever given back."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body

from renum_app.api import documented
from renum_app.api.dependencies import Language, Limit, PageNumber, WritesKeys
from renum_app.models.credential import CredentialRead, CredentialTest, CredentialWrite
from renum_app.models.values import Page, page_of
from renum_app.services import credentials

router = APIRouter(prefix="/api-keys", tags=["api-keys"])

CredentialBody = Annotated[
    CredentialWrite,
    Body(openapi_examples=documented.examples(provider=documented.CREDENTIAL, own_server=documented.OWN_SERVER)),
]


@router.get("", responses=documented.errors(401))
async def list_keys(user: WritesKeys, page: PageNumber = 1, limit: Limit = 10) -> Page[CredentialRead]:
    """Your keys by name, with their last four characters at most."""
    keys = await credentials.list_credentials(user)
    shown = keys[(page - 1) * limit : page * limit]
    return page_of(shown, total=len(keys), page=page, limit=limit)


@router.post("", status_code=201, responses=documented.with_body(401))
async def put_key(user: WritesKeys, body: CredentialBody) -> CredentialRead:
    """Store a key; the same name again replaces it, and a changed base URL needs the key again."""
    return await credentials.put(user, body)


@router.delete("/{service}", status_code=204, responses=documented.errors(401, 404))
async def delete_key(user: WritesKeys, service: str) -> None:
    """Delete a key for good."""
    await credentials.delete(user, service)


@router.post("/{service}/test", responses=documented.errors(401, 404))
async def test_key(user: WritesKeys, service: str, language: Language) -> CredentialTest:
    """Ask the service whether it takes the key; costs nothing."""
    return await credentials.test(user, service, locale=language)
