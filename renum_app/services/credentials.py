"""What a person can do with third-party keys: store, list, try and delete; nothing ever gives one back."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from uuid import UUID

from renum_app import crypto, runtime
from renum_app.agents import local
from renum_app.agents.backend import BackendState, OpenCredential
from renum_app.database import TROUBLES, reading, transaction
from renum_app.errors import FieldProblem, Invalid, NotFound
from renum_app.http import BadUrl, check_url
from renum_app.i18n import Locale, text
from renum_app.models.agent import Backend
from renum_app.models.audit import AuditAction
from renum_app.models.credential import Credential, CredentialRead, CredentialTest, CredentialWrite
from renum_app.models.user import CurrentUser
from renum_app.repositories import credentials, sessions
from renum_app.services import audit, provider_sessions

log = logging.getLogger(__name__)

_HINT_CHARS, _SHORTEST_HINTED = 4, 20
_PAUSE_SECONDS = 1.0


async def list_credentials(user: CurrentUser) -> list[CredentialRead]:
    async with reading() as session:
        rows = await credentials.all_of(session, owner=user.user_id)
    return [CredentialRead.model_validate(row) for row in rows]


async def put(user: CurrentUser, body: CredentialWrite) -> CredentialRead:
    """Store a key under its name, in the place of an older one of that name.

    The key comes with every save, so a changed base URL can never receive a key that was given for another.

    Raises:
        Invalid: The base URL is none, or leads where it may not.
    """
    _check_base_url(body.base_url)
    key = body.api_key.strip()
    if not key:
        raise Invalid([FieldProblem("api_key", "blank")])
    row = Credential(
        user_id=user.user_id,
        service_name=body.service_name,
        provider=body.provider or body.service_name,
        encrypted_key=crypto.seal(key, context=sealing_context(user.user_id, body.service_name)),
        key_hint=key[-_HINT_CHARS:] if len(key) >= _SHORTEST_HINTED else "",
        base_url=body.base_url or None,
    )
    async with transaction() as session:
        stored = CredentialRead.model_validate(await credentials.replace(session, row))
        await audit.note(session, AuditAction.KEY_STORED, actor_id=user.user_id, about=f"key:{body.service_name}")
    return stored


async def delete(user: CurrentUser, service_name: str) -> None:
    """Delete a key for good.

    Raises:
        NotFound: The person has none of that name.
    """
    async with transaction() as session:
        await credentials.remove(session, owner=user.user_id, service_name=service_name)
        await audit.note(session, AuditAction.KEY_DELETED, actor_id=user.user_id, about=f"key:{service_name}")


async def test(user: CurrentUser, service_name: str, *, locale: Locale = "en") -> CredentialTest:  # noqa: PT028 (not a test)
    """Ask the service whether it takes the key.

    Raises:
        NotFound: The person has none of that name.
    """
    async with reading() as session:
        row = await credentials.find(session, owner=user.user_id, service_name=service_name)
    if row is None:
        raise NotFound
    try:
        credential = _opened(row)
    except crypto.CannotOpen:
        message = text("errors.credential_unreadable", locale, service=service_name)
        return CredentialTest(ok=False, code="credential_rejected", message=message)
    catalogue = runtime.current().catalogues.get(Backend.SUNA) if service_name == Backend.SUNA else None
    if catalogue:
        return _tested(await catalogue.inspect(user.user_id), service_name, locale=locale)
    return await local.probe(credential, runtime.current().settings, locale=locale)


async def open_credential(user_id: UUID, service_name: str) -> OpenCredential | None:
    """The user's key in the clear, for a backend's call; the `CredentialSource` of the local runtime."""
    async with reading() as session:
        row = await credentials.find(session, owner=user_id, service_name=service_name)
    if row is None or not row.is_active:
        return None
    try:
        credential = _opened(row)
    except crypto.CannotOpen:
        # Another ENCRYPTION_KEY sealed it: to its owner it is as good as missing, so the run asks for it again.
        log.warning("A key could not be opened", extra={"action": "credential_unreadable", "service": service_name})
        return None
    async with transaction() as session:
        await credentials.note_use(session, row.key_id)
    return credential


async def keys_of(user_id: UUID) -> tuple[str, ...]:
    """Every key that agents of this person may have been told, to take it out of what they say; also its two halves.

    However long the database is busy: an answer that is not looked through must not be shown.
    """
    while True:
        try:
            async with reading() as session:
                rows = await credentials.all_of(session, owner=user_id)
                signed_in = await sessions.tokens_of(session, user_id)
            break
        except TROUBLES:
            log.warning("Keys could not be read; trying again", extra={"action": "keys_not_read"}, exc_info=True)
            await asyncio.sleep(_PAUSE_SECONDS)
    keys = [runtime.current().settings.suna_api_key]
    for row in rows:
        with suppress(crypto.CannotOpen):  # nobody can use it, so nobody was told it
            keys.append(_opened(row).api_key)
    if signed_in and (tokens := provider_sessions.opened(signed_in)):
        keys += [tokens.access_token, tokens.refresh_token]
    return tuple({part for key in keys for part in (key, *key.split(":")) if part})


def sealing_context(user_id: UUID, service_name: str) -> str:
    """Binds a sealed key to its owner and name: moved elsewhere it does not open."""
    return f"renum-api-key\0{user_id}\0{service_name}"


def _tested(state: BackendState, service_name: str, *, locale: Locale) -> CredentialTest:
    """What the backend where agents live made of a key."""
    if state.problem is None:
        message = text("credential_tests.ok", locale, service=service_name)
        return CredentialTest(ok=True, latency_ms=state.latency_ms, message=message)
    problem = state.problem
    message = text(f"agent_errors.{problem.message}", locale, **{"agent": "Renum", **problem.params})
    return CredentialTest(ok=False, latency_ms=state.latency_ms, code=problem.code, message=message)


def _opened(row: Credential) -> OpenCredential:
    key = crypto.open_sealed(row.encrypted_key, context=sealing_context(row.user_id, row.service_name))
    return OpenCredential(service_name=row.service_name, provider=row.provider, api_key=key, base_url=row.base_url)


def _check_base_url(base_url: str | None) -> None:
    if not base_url:
        return
    try:
        check_url(base_url, private_is_allowed=runtime.current().settings.private_urls_are_allowed)
    except BadUrl as error:
        raise Invalid([FieldProblem("base_url", error.code)]) from None
