"""With whose credential a person is served at Suna: their sign-in, else their own key, else the service account.

What is a person's own is never replaced by the service account when it fails, or when a sign-in has ended: their runs
would change over to another account, with other agents and other money.
"""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from renum_app import runtime
from renum_app.agents.backend import BackendUnreachable, CredentialRejected, OpenCredential
from renum_app.database import reading
from renum_app.errors import RenumError
from renum_app.models.credential import Credential
from renum_app.models.user import SignInProvider
from renum_app.repositories import credentials, sessions, users
from renum_app.services import provider_sessions
from renum_app.services.credentials import open_credential

SERVICE = "suna"


class Way(StrEnum):
    """Whose credential it is; also the provider that an open one names."""

    SIGN_IN = "sign-in"
    """The access token of the Supabase session, which Suna takes too."""
    KEY = "key"
    """One the person has stored."""
    SERVICE_ACCOUNT = "service-account"
    SIGN_IN_ENDED = "sign-in-ended"
    """They act with their sign-in, have stored no key, and are signed in nowhere."""
    NONE = "none"


async def way_of(user_id: UUID) -> Way:
    """Which of them serves the person now; nothing is opened and nobody is asked."""
    way, _ = await _way(user_id)
    return way


async def open_suna_credential(user_id: UUID, service_name: str) -> OpenCredential | None:
    """The credential for a person's requests to Suna; a sign-in's is renewed before it ends, so ask again for each.

    Raises:
        CredentialRejected: What is the person's own cannot be used.
        BackendUnreachable: Their sign-in has to be renewed, and that cannot be done now.
    """
    settings = runtime.current().settings
    way, row = await _way(user_id)
    if way is Way.SIGN_IN and (token := await _token(user_id)):
        return OpenCredential(service_name=service_name, provider=way.value, api_key=token, is_fleeting=True)
    if way is Way.SIGN_IN:
        way, row = await _way(user_id)  # it has just been found to have ended
    if way is Way.KEY and row:
        return await _key(row, suna_url=settings.suna_api_url)
    if way is Way.SERVICE_ACCOUNT:
        return OpenCredential(service_name=service_name, provider=way.value, api_key=settings.suna_api_key)
    if way is Way.NONE:
        return None
    raise CredentialRejected("suna_sign_in_ended")


async def _way(user_id: UUID) -> tuple[Way, Credential | None]:
    settings = runtime.current().settings
    async with reading() as session:
        row = await credentials.find(session, owner=user_id, service_name=SERVICE)
        person = await users.by_id(session, user_id) if settings.suna_takes_sessions else None
        has_sign_in = person is not None and person.provider == SignInProvider.SUPABASE
        if has_sign_in and await sessions.tokens_of(session, user_id):
            return Way.SIGN_IN, row
    if row:
        return Way.KEY, row
    if has_sign_in:
        return Way.SIGN_IN_ENDED, None
    return (Way.SERVICE_ACCOUNT if settings.suna_api_key else Way.NONE), None


async def _token(user_id: UUID) -> str | None:
    try:
        return await provider_sessions.access_token_of(user_id)
    except RenumError:
        raise BackendUnreachable("suna_sign_in_unavailable") from None


async def _key(row: Credential, *, suna_url: str) -> OpenCredential:
    if row.base_url and row.base_url.rstrip("/") != suna_url.rstrip("/"):
        raise CredentialRejected("suna_key_elsewhere")
    if (credential := await open_credential(row.user_id, row.service_name)) is None:
        raise CredentialRejected("suna_key_rejected")
    return credential
