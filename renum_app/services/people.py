"""What administrators do about accounts: see them, change a role, suspend, end sessions. Each act is written down."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from renum_app import runtime
from renum_app.database import AsyncSession, reading, transaction
from renum_app.errors import Conflict, NotFound
from renum_app.models.admin import PersonRead, PersonWrite, SessionsRevoked
from renum_app.models.audit import AuditAction
from renum_app.models.month import Month
from renum_app.models.user import CurrentUser, User, UserRole
from renum_app.models.values import Page, page_of, utc_now
from renum_app.repositories import oversight, sessions, users
from renum_app.repositories.oversight import Doings
from renum_app.services import audit
from renum_app.services.administrators import require_administrator


async def list_people(user: CurrentUser, *, search: str = "", page: int = 1, limit: int = 10) -> Page[PersonRead]:
    """One page of accounts, newest first, with what they run and have spent this month.

    Raises:
        NotFound: The person is no administrator.
    """
    require_administrator(user)
    async with reading() as session:
        rows, total = await oversight.people(session, search=search, offset=(page - 1) * limit, limit=limit)
        items = await _read(session, rows)
    return page_of(items, total=total, page=page, limit=limit)


async def change(user: CurrentUser, user_id: UUID, body: PersonWrite) -> PersonRead:
    """Give somebody another role, suspend them or let them in again; their sessions end with either.

    Raises:
        NotFound: The person is no administrator, or there is no such account.
        Conflict: It is their own account, or the demo's.
    """
    require_administrator(user)
    async with transaction() as session:
        row = await _other(session, user, user_id)
        changes = _changes(row, body)
        if changes:
            await users.change(session, user_id, **{name: value for values, _ in changes for name, value in values})
            await sessions.end_all(session, owner=user_id)
        for _, action in changes:
            about = f"user:{user_id}"
            await audit.note(session, action, actor_id=user.user_id, about=about, reason=body.reason)
    runtime.current().sessions.forget(user_id)
    async with reading() as session:
        row = await users.by_id(session, user_id)
        return (await _read(session, [row] if row else []))[0]


async def revoke_sessions(user: CurrentUser, user_id: UUID) -> SessionsRevoked:
    """End everything somebody is signed in with.

    Raises:
        NotFound: The person is no administrator, or there is no such account.
        Conflict: It is their own account.
    """
    require_administrator(user)
    async with transaction() as session:
        await _other(session, user, user_id)
        ended = await sessions.end_all(session, owner=user_id)
        about = f"user:{user_id}"
        await audit.note(session, AuditAction.SESSIONS_REVOKED, actor_id=user.user_id, about=about)
    runtime.current().sessions.forget(user_id)
    return SessionsRevoked(ended=ended)


async def _other(session: AsyncSession, user: CurrentUser, user_id: UUID) -> User:
    """The account, if it is somebody else's: so there is always one administrator left."""
    row = await users.by_id(session, user_id)
    if row is None:
        raise NotFound
    if user_id == user.user_id:
        raise Conflict("not_yourself")
    return row


def _changes(row: User, body: PersonWrite) -> list[tuple[list[tuple[str, Any]], AuditAction]]:
    """What is to be set, and what that is called."""
    changes: list[tuple[list[tuple[str, Any]], AuditAction]] = []
    if body.role is not None and body.role != row.role:
        if row.is_demo:
            raise Conflict("demo_has_no_role")
        changes.append(([("role", body.role.value)], AuditAction.ROLE_CHANGED))
    if body.is_suspended is not None and body.is_suspended != bool(row.suspended_at):
        action = AuditAction.SUSPENDED if body.is_suspended else AuditAction.UNSUSPENDED
        changes.append(([("suspended_at", utc_now() if body.is_suspended else None)], action))
    return changes


async def _read(session: AsyncSession, rows: list[User]) -> list[PersonRead]:
    since = Month.of(utc_now()).since
    known = await oversight.doings(session, [row.user_id for row in rows], since=since)
    return [_person(row, known[row.user_id]) for row in rows]


def _person(row: User, doings: Doings) -> PersonRead:
    return PersonRead(
        user_id=row.user_id,
        email=row.email,
        name=row.name,
        role=UserRole(row.role),
        is_demo=row.is_demo,
        is_suspended=row.suspended_at is not None,
        created_at=row.created_at,
        last_seen=doings.last_seen,
        unfinished=doings.unfinished,
        spent_usd=doings.spent_usd,
        monthly_budget_usd=row.monthly_budget_usd,
    )
