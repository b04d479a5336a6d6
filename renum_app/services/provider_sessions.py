"""The part of a session that lives at the identity provider: its sealed tokens, renewed by one at a time.

Renewing uses a token up, so it is leased in the database: whoever has the lease asks the provider, outside any
transaction, and stores what came back in the one that ends the lease. A crash in between costs nothing, because the
provider answers the last token but one with the newest pair.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import time
from datetime import timedelta
from uuid import UUID

from renum_app import crypto, runtime
from renum_app.auth.identity import ProviderTokens
from renum_app.database import reading, transaction
from renum_app.errors import Forbidden, RenumError, Unauthenticated, Unavailable
from renum_app.models.user import Session, SignInProvider
from renum_app.models.values import utc_now
from renum_app.repositories import sessions

log = logging.getLogger(__name__)

RENEWED_BEFORE = timedelta(seconds=90)
"""So long before its end a token is due to be renewed."""
_LAST_USE = timedelta(seconds=10)
GRACE = timedelta(minutes=10)
"""A session goes on so long after its renewal is due while the provider cannot be asked."""
_LEASE = timedelta(seconds=20)
"""Longer than two tries take; after a failed renewal nobody tries again before it ends."""
_WAIT_SECONDS = 15.0
"""How long a run waits for a renewal that somebody else is at."""
_PATIENCE_SECONDS = 5.0
"""How long a page does."""
_LOOK_SECONDS = 0.1
_GOODBYE_SECONDS = 3.0


def put_into(row: Session, tokens: ProviderTokens) -> None:
    """Let a new session carry what the provider gave for it."""
    row.provider = SignInProvider.SUPABASE.value
    row.provider_tokens, row.provider_expires = _sealed(row.session_id, tokens), tokens.expires_at


async def require(row: Session) -> None:
    """See that the provider still vouches for a session; asked only when its token is due to be renewed.

    Raises:
        Unauthenticated: The provider has ended it; it has ended here too.
        Unavailable: The provider has not answered for longer than is forgiven.
    """
    until = time.monotonic() + _PATIENCE_SECONDS
    while _is_due(row):
        if await _is_renewed(row) or _is_forgiven(row):
            return
        if time.monotonic() >= until:
            raise Unavailable("sign_in_unavailable")
        await asyncio.sleep(_LOOK_SECONDS)  # somebody else is at it; a session that has rested has many at once
        async with reading() as session:
            found = await sessions.by_id(session, row.session_id)
        if found is None or found.revoked_at is not None:
            raise Unauthenticated("session_ended")
        row = found


async def access_token_of(user_id: UUID) -> str | None:
    """The person's access token at the provider, good for a while yet; None where they are not signed in.

    Raises:
        Unavailable: It has to be renewed, and that cannot be done now.
    """
    until = time.monotonic() + _WAIT_SECONDS
    while time.monotonic() < until:
        async with reading() as session:
            row = await sessions.tokens_of(session, user_id)
        if row is None:
            return None
        with contextlib.suppress(Unauthenticated):  # it has ended; there may be another
            if tokens := await _good(row):
                return tokens.access_token
            await asyncio.sleep(_LOOK_SECONDS)
    raise Unavailable("sign_in_unavailable")


async def end(tokens: ProviderTokens | None) -> None:
    """Sign out at the provider what has been signed out here; if it is down its own limits end it."""
    supabase = runtime.current().supabase
    if tokens is None or supabase is None:
        return
    with contextlib.suppress(RenumError, TimeoutError):
        async with asyncio.timeout(_GOODBYE_SECONDS):
            if tokens.expires_at <= utc_now():
                tokens = await supabase.renew(tokens)
            await supabase.sign_out(tokens.access_token)


def opened(row: Session) -> ProviderTokens | None:
    """The tokens of a session, where it has any that can be read."""
    if row.provider_tokens is None:
        return None
    try:
        told = json.loads(crypto.open_sealed(row.provider_tokens, context=sealing_context(row.session_id)))
    except crypto.CannotOpen:
        # Another ENCRYPTION_KEY sealed it: the person signs in again.
        log.warning("Tokens of a session could not be opened", extra={"action": "session_unreadable"})
        return None
    return ProviderTokens(told["access_token"], told["refresh_token"], row.provider_expires or utc_now())


def sealing_context(session_id: UUID) -> str:
    """Binds sealed tokens to their session: on another row they do not open."""
    return f"renum-session\0{session_id}"


async def _is_renewed(row: Session) -> bool:
    """Renew the tokens; False when somebody else does, or it cannot be done now and the session may go on so."""
    try:
        return await _renewed(row) is not None
    except Unauthenticated:
        raise
    except RenumError:
        log.warning("A session was not renewed", extra={"action": "session_not_renewed"})
        if not _is_forgiven(row):
            raise Unavailable("sign_in_unavailable") from None
        return False


def _is_forgiven(row: Session) -> bool:
    return row.provider_expires is not None and utc_now() <= row.provider_expires - RENEWED_BEFORE + GRACE


async def _good(row: Session) -> ProviderTokens | None:
    """Tokens that can be used; None while somebody else renews them."""
    if _is_due(row):
        try:
            renewed = await _renewed(row)
        except Unauthenticated:
            raise
        except RenumError:
            if not _lasts(row):
                raise
            renewed = None
        if renewed or not _lasts(row):
            return renewed
    if (tokens := opened(row)) is None:
        await _end_here(row.session_id)
        raise Unauthenticated
    return tokens


async def _renewed(row: Session) -> ProviderTokens | None:
    """Renew the tokens of a session; None when somebody else does, or has just failed to."""
    lease = utc_now() + _LEASE
    async with transaction() as session:
        if not await sessions.lease_tokens(session, row, until=lease):
            return None
    supabase, tokens = runtime.current().supabase, opened(row)
    try:
        if supabase is None or tokens is None:
            raise Unauthenticated
        fresh = await supabase.renew(tokens)
    except (Unauthenticated, Forbidden) as error:
        await _end_here(row.session_id)
        raise Unauthenticated("session_ended") from error
    sealed = _sealed(row.session_id, fresh)
    async with transaction() as session:
        await sessions.put_tokens(session, row.session_id, leased_until=lease, sealed=sealed, expires=fresh.expires_at)
    return fresh


async def _end_here(session_id: UUID) -> None:
    async with transaction() as session:
        await sessions.revoke(session, session_id)
    runtime.current().sessions.forget(session_id)


def _is_due(row: Session) -> bool:
    return row.provider_expires is not None and utc_now() >= row.provider_expires - RENEWED_BEFORE


def _lasts(row: Session) -> bool:
    """Whether the token there is can still be used for a request."""
    return row.provider_expires is not None and row.provider_expires > utc_now() + _LAST_USE


def _sealed(session_id: UUID, tokens: ProviderTokens) -> str:
    plain = json.dumps({"access_token": tokens.access_token, "refresh_token": tokens.refresh_token})
    return crypto.seal(plain, context=sealing_context(session_id))
