"""Sessions of people: begun, proved with a cookie or a bearer token, refreshed and ended."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID

from renum_app import runtime
from renum_app.auth import tokens
from renum_app.auth.devices import device_of
from renum_app.auth.identity import ProviderTokens
from renum_app.auth.supabase import SupabaseAuth
from renum_app.database import reading, transaction
from renum_app.errors import Forbidden, NotFound, Unauthenticated
from renum_app.models.account import SessionRead
from renum_app.models.audit import AuditAction
from renum_app.models.user import CurrentUser, Session, SessionKind, TokenRead, User, UserRead, UserRole
from renum_app.models.values import utc_now
from renum_app.repositories import sessions
from renum_app.services import api_tokens, audit, identities, provider_sessions
from renum_app.services.roles import role_of

IDLE = {SessionKind.BROWSER: timedelta(hours=12), SessionKind.API: timedelta(days=30)}
"""Unused for this long, a session ends."""
ABSOLUTE = timedelta(days=30)
"""However much it is used, a session ends after this."""
ABSOLUTE_OF_ADMINISTRATORS = timedelta(days=7)
_TOUCH_EVERY = timedelta(minutes=1)


async def begin(
    user: User, kind: SessionKind, *, user_agent: str, ip: str, tokens_elsewhere: ProviderTokens | None = None
) -> str:
    """The token of a new session of somebody who has proved who they are.

    Args:
        tokens_elsewhere: What a provider other than Renum gave for this session.
    """
    token, now = tokens.new_token(), utc_now()
    row = Session(
        user_id=user.user_id,
        kind=kind.value,
        token_hash=tokens.token_hash(token),
        user_agent=user_agent[:300],
        ip=ip[:100],
        idle_expires=now + IDLE[kind],
        absolute_expires=now + (ABSOLUTE_OF_ADMINISTRATORS if user.role == UserRole.ADMIN else ABSOLUTE),
    )
    if tokens_elsewhere:
        provider_sessions.put_into(row, tokens_elsewhere)
    async with transaction() as session:
        await sessions.add(session, row)
        await audit.note(session, AuditAction.SIGNED_IN, actor_id=user.user_id, about=f"session:{row.session_id}")
    return token


async def tokens_for(refresh_token: str) -> TokenRead:
    """What a REST client gets for a refresh token that was just made."""
    settings = runtime.current().settings
    async with reading() as session:
        found = await sessions.live_by_token(session, tokens.token_hash(refresh_token), SessionKind.API)
    if found is None:
        raise Unauthenticated("invalid_refresh_token")
    row, user = found
    signed = tokens.sign(user_id=user.user_id, session_id=row.session_id, role=user.role, settings=settings)
    return TokenRead(
        access_token=signed,
        refresh_token=refresh_token,
        expires_in=settings.jwt_seconds,
        user=UserRead.model_validate(user),
    )


async def refresh(refresh_token: str) -> TokenRead:
    """New tokens for a refresh token, which is used up by that.

    Raises:
        Unauthenticated: It is unknown, has ended, or was used before: then the session ends.
    """
    old_hash, new_token = tokens.token_hash(refresh_token), tokens.new_token()
    async with reading() as session:
        found = await sessions.live_by_token(session, old_hash, SessionKind.API)
    if found is not None:
        await _require_vouched(*found)  # before the token is used up
    async with transaction() as session:
        found = await sessions.live_by_token(session, old_hash, SessionKind.API)
        rotated = found is not None and await sessions.rotate(session, old_hash, tokens.token_hash(new_token))
        ended = None if rotated else await sessions.revoke_reused(session, old_hash)
        if ended:
            await audit.note(session, AuditAction.REFRESH_REUSED, actor_id=None, about=f"session:{ended}")
    if ended:
        runtime.current().sessions.forget(ended)
    if not rotated:
        raise Unauthenticated("invalid_refresh_token")
    return await tokens_for(new_token)


async def user_of_cookie(token: str) -> CurrentUser:
    """Who a browser session belongs to.

    Raises:
        Unauthenticated: The session is unknown, has ended, or was signed out.
    """
    key = tokens.token_hash(token)
    if user := runtime.current().sessions.get(key):
        return user
    async with reading() as session:
        found = await sessions.live_by_token(session, key, SessionKind.BROWSER)
    if found is None:
        raise Unauthenticated
    await _require_vouched(*found)
    await _note_use(found[0])
    return runtime.current().sessions.put(key, _current(*found))


async def user_of_bearer(token: str) -> CurrentUser:
    """Who an access token belongs to, Renum's own or the Supabase project's, or an API token; its session must live.

    Raises:
        Unauthenticated: The token is not valid, was revoked, or its session has ended.
        Unavailable: The project cannot be asked about it.
    """
    if api_tokens.is_one(token):
        return await api_tokens.user_of(token)
    if (supabase := runtime.current().supabase) and not tokens.is_ours(token):
        return await _user_of_foreign(supabase, token)
    claims = tokens.read(token, runtime.current().settings)
    key = str(claims.session_id)
    if user := runtime.current().sessions.get(key):
        return user
    async with reading() as session:
        found = await sessions.live_by_id(session, claims.session_id, SessionKind.API)
    if found is None or found[1].user_id != claims.user_id:
        raise Unauthenticated("invalid_token")
    await _require_vouched(*found)
    await _note_use(found[0])
    return runtime.current().sessions.put(key, _current(*found))


async def renewed(user: CurrentUser) -> str:
    """A new token for the session that asks, after what changes its worth; the old one ends at once.

    Raises:
        Unauthenticated: It is not asked with a session.
    """
    if user.session_id is None:
        raise Unauthenticated
    token = tokens.new_token()
    async with transaction() as session:
        await sessions.replace_token(session, user.session_id, tokens.token_hash(token))
    runtime.current().sessions.forget(user.session_id)
    return token


async def list_sessions(user: CurrentUser) -> list[SessionRead]:
    """Where the person is signed in; the demo shows each visitor only their own."""
    async with reading() as session:
        rows = await sessions.live_of(session, owner=user.user_id)
    return [_read(row, user) for row in rows if not user.is_demo or row.session_id == user.session_id]


async def end(user: CurrentUser, session_id: UUID) -> None:
    """End one of the person's sessions.

    Raises:
        NotFound: They have none of this id that lives.
    """
    if user.is_demo and session_id != user.session_id:
        raise NotFound
    async with transaction() as session:
        row = await sessions.by_id(session, session_id)
        if not await sessions.end_of(session, owner=user.user_id, session_id=session_id):
            raise NotFound
        about = f"session:{session_id}"
        await audit.note(session, AuditAction.SESSIONS_REVOKED, actor_id=user.user_id, about=about)
    runtime.current().sessions.forget(session_id)
    await provider_sessions.end(row and provider_sessions.opened(row))


async def end_others(user: CurrentUser) -> int:
    """End every session of the person but the one they ask with; how many that were.

    Raises:
        Forbidden: The demo's sessions belong to other visitors.
    """
    if user.is_demo:
        raise Forbidden("not_for_the_demo")
    async with transaction() as session:
        rows = await sessions.with_tokens(session, user.user_id)
        elsewhere = [provider_sessions.opened(row) for row in rows if row.session_id != user.session_id]
        ended = await sessions.end_all(session, owner=user.user_id, but=user.session_id)
        about = f"user:{user.user_id}"
        await audit.note(session, AuditAction.SESSIONS_REVOKED, actor_id=user.user_id, about=about)
    runtime.current().sessions.forget(user.user_id)
    await asyncio.gather(*(provider_sessions.end(tokens_there) for tokens_there in elsewhere))
    return ended


async def sign_out(user: CurrentUser) -> None:
    """End the session the person is asking with, here and where it came from."""
    if user.session_id is not None:
        await _ended(user.session_id)


async def sign_out_cookie(token: str) -> None:
    """End the browser session of a cookie, whoever may vouch for it; one that has ended already is no error."""
    async with reading() as session:
        found = await sessions.live_by_token(session, tokens.token_hash(token), SessionKind.BROWSER)
    if found is not None:
        await _ended(found[0].session_id)


async def sign_out_bearer(user: CurrentUser, token: str) -> None:
    """End the session of an access token; one that a client has with the Supabase project itself ends there."""
    supabase = runtime.current().supabase
    if user.session_id is not None or supabase is None:
        await sign_out(user)
        return
    runtime.current().sessions.forget(user.user_id)
    await supabase.end_bearer(token)


async def _ended(session_id: UUID) -> None:
    async with transaction() as session:
        row = await sessions.by_id(session, session_id)
        await sessions.revoke(session, session_id)
        owner_id = row.user_id if row else None
        await audit.note(session, AuditAction.SIGNED_OUT, actor_id=owner_id, about=f"session:{session_id}")
    runtime.current().sessions.forget(session_id)
    await provider_sessions.end(row and provider_sessions.opened(row))


async def _user_of_foreign(supabase: SupabaseAuth, token: str) -> CurrentUser:
    """Who a token of the Supabase project belongs to; they have no session here."""
    key = tokens.token_hash(token)
    if user := runtime.current().sessions.get(key):
        return user
    row = await identities.person(await supabase.identity_of(token))
    if row.suspended_at:
        raise Unauthenticated("account_suspended")
    return runtime.current().sessions.put(key, _current(None, row))


async def _require_vouched(row: Session, user: User) -> None:
    """See that whoever vouched for a session still does; the demo is nobody's."""
    if row.provider != identities.provider().name and not user.is_demo:
        raise Unauthenticated
    await provider_sessions.require(row)


async def _note_use(row: Session) -> None:
    """Push the idle end away, at most once a minute."""
    if utc_now() - row.last_seen < _TOUCH_EVERY:
        return
    async with transaction() as session:
        await sessions.touch(session, row.session_id, idle_expires=utc_now() + IDLE[SessionKind(row.kind)])


def _read(row: Session, user: CurrentUser) -> SessionRead:
    return SessionRead(
        session_id=row.session_id,
        kind=row.kind,
        device=device_of(row.user_agent),
        ip=row.ip,
        created_at=row.created_at,
        last_seen=row.last_seen,
        expires_at=min(row.idle_expires, row.absolute_expires),
        is_current=row.session_id == user.session_id,
    )


def _current(row: Session | None, user: User) -> CurrentUser:
    return CurrentUser(
        user_id=user.user_id,
        email=user.email,
        name=user.name,
        role=role_of(user),
        session_id=row.session_id if row else None,
        is_demo=user.is_demo,
        monthly_budget_usd=user.monthly_budget_usd,
    )
