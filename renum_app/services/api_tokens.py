"""What a person can do about API tokens: make one, list them, revoke one; and whom a token speaks for."""

from __future__ import annotations

import hmac
from datetime import timedelta
from uuid import UUID, uuid4

from renum_app import runtime
from renum_app.auth import api_tokens as written
from renum_app.auth.tokens import token_hash
from renum_app.database import reading, transaction
from renum_app.errors import Conflict, FieldProblem, Forbidden, Invalid, Unauthenticated
from renum_app.models.api_token import ApiToken, ApiTokenMade, ApiTokenRead, ApiTokenWrite, Scope
from renum_app.models.audit import AuditAction
from renum_app.models.user import CurrentUser, User, UserRole
from renum_app.models.values import Page, page_of, utc_now
from renum_app.repositories import api_tokens
from renum_app.services import audit
from renum_app.services.roles import role_of

MAX_TOKENS = 50
"""Per person."""
_HINT_CHARS = 4


async def list_tokens(user: CurrentUser, *, page: int = 1, limit: int = 10) -> Page[ApiTokenRead]:
    """One page of the person's tokens, newest first.

    Raises:
        Forbidden: A token asks.
    """
    _require_session(user)
    async with reading() as session:
        rows, total = await api_tokens.page(session, owner=user.user_id, offset=(page - 1) * limit, limit=limit)
    return page_of([ApiTokenRead.model_validate(row) for row in rows], total=total, page=page, limit=limit)


async def create(user: CurrentUser, body: ApiTokenWrite, *, ip: str = "") -> ApiTokenMade:
    """Make a token; the answer is the only place that ever has it.

    Raises:
        Forbidden: A token asks, or the demo account, which anybody uses.
        Invalid: Only an administrator may give the scope `admin`.
        Conflict: The person has too many.
    """
    _require_session(user)
    if user.is_demo:
        raise Forbidden("not_for_the_demo")
    if Scope.ADMIN in body.scopes and user.role is not UserRole.ADMIN:
        raise Invalid([FieldProblem("scopes", "scope_not_yours", {"scope": Scope.ADMIN.value})])
    if not body.name.strip():
        raise Invalid([FieldProblem("name", "blank")])
    token_id = uuid4()
    token = written.new(token_id)
    row = _row(user, body, token_id=token_id, token=token, ip=ip)
    async with transaction() as session:
        if await api_tokens.count(session, owner=user.user_id) >= MAX_TOKENS:
            raise Conflict("too_many_api_tokens", limit=MAX_TOKENS)
        made = ApiTokenRead.model_validate(await api_tokens.add(session, row))
        await audit.note(session, AuditAction.TOKEN_MADE, actor_id=user.user_id, about=f"token:{token_id}")
    return ApiTokenMade(**made.model_dump(), token=token)


async def revoke(user: CurrentUser, token_id: UUID) -> None:
    """Delete a token; calls and sockets that use it end within seconds.

    Raises:
        Forbidden: A token asks.
        NotFound: The person has none of that id.
    """
    _require_session(user)
    async with transaction() as session:
        await api_tokens.remove(session, owner=user.user_id, token_id=token_id)
        await audit.note(session, AuditAction.TOKEN_REVOKED, actor_id=user.user_id, about=f"token:{token_id}")
    runtime.current().sessions.forget(token_id)


async def user_of(token: str) -> CurrentUser:
    """Whom a token speaks for, and with which scopes.

    Raises:
        Unauthenticated: It is none, was revoked, or has expired.
    """
    key, remembered = token_hash(token), runtime.current().sessions
    if user := remembered.get(key):
        return user
    token_id, now = written.id_of(token), utc_now()
    if token_id is None:
        raise Unauthenticated("invalid_token")
    async with reading() as session:
        found = await api_tokens.live(session, token_id, now=now)
    if found is None or not hmac.compare_digest(found[0].token_hash, key):
        raise Unauthenticated("invalid_token")
    await _note_use(found[0])
    return remembered.put(key, _current(*found))


def is_one(token: str) -> bool:
    """Whether it claims to be an API token, and not a session's access token."""
    return token.startswith(written.PREFIX)


async def _note_use(row: ApiToken) -> None:
    hour = utc_now().replace(minute=0, second=0, microsecond=0)
    if row.last_used_at == hour:
        return
    async with transaction() as session:
        await api_tokens.note_use(session, row.token_id, hour=hour)


def _require_session(user: CurrentUser) -> None:
    """A token is no way to more tokens, nor to knowing them."""
    if user.scopes is not None:
        raise Forbidden("session_required")


def _row(user: CurrentUser, body: ApiTokenWrite, *, token_id: UUID, token: str, ip: str) -> ApiToken:
    return ApiToken(
        token_id=token_id,
        user_id=user.user_id,
        name=body.name.strip(),
        token_hash=token_hash(token),
        hint=token[-_HINT_CHARS:],
        scopes=[scope.value for scope in Scope if scope in body.scopes],
        created_ip=ip[:100],
        expires_at=utc_now() + timedelta(days=body.expires_in_days),
    )


def _current(row: ApiToken, user: User) -> CurrentUser:
    return CurrentUser(
        user_id=user.user_id,
        email=user.email,
        name=user.name,
        role=role_of(user),
        is_demo=user.is_demo,
        monthly_budget_usd=user.monthly_budget_usd,
        token_id=row.token_id,
        scopes=frozenset(Scope(scope) for scope in row.scopes),
    )
