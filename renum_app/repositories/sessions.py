"""All SQL about sign-ins; only hashes of tokens are stored."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from renum_app.models.user import Session, SessionKind, User
from renum_app.models.values import utc_now


async def add(session: AsyncSession, row: Session) -> None:
    session.add(row)
    await session.flush()


async def live_by_token(session: AsyncSession, token_hash: str, kind: SessionKind) -> tuple[Session, User] | None:
    """The unexpired, unrevoked session of a token, and whose it is."""
    return await _live(session, col(Session.token_hash) == token_hash, col(Session.kind) == kind.value)


async def live_by_id(session: AsyncSession, session_id: UUID, kind: SessionKind) -> tuple[Session, User] | None:
    return await _live(session, col(Session.session_id) == session_id, col(Session.kind) == kind.value)


async def rotate(session: AsyncSession, old_hash: str, new_hash: str) -> bool:
    """Replace a refresh token; False when another call has already done so."""
    statement = (
        update(Session)
        .where(col(Session.token_hash) == old_hash)
        .values(token_hash=new_hash, previous_hash=old_hash, last_seen=utc_now())
        .returning(col(Session.session_id))
    )
    return await session.scalar(statement) is not None


async def revoke_reused(session: AsyncSession, old_hash: str) -> UUID | None:
    """End the session whose refresh token was already rotated away; its id, if there was one."""
    statement = (
        update(Session)
        .where(col(Session.previous_hash) == old_hash, col(Session.revoked_at).is_(None))
        .values(revoked_at=utc_now())
        .returning(col(Session.session_id))
    )
    return await session.scalar(statement)


async def revoke(session: AsyncSession, session_id: UUID) -> None:
    statement = update(Session).where(col(Session.session_id) == session_id, col(Session.revoked_at).is_(None))
    await session.execute(statement.values(revoked_at=utc_now()))


async def live_of(session: AsyncSession, *, owner: UUID) -> list[Session]:
    """Where a person is signed in, the latest use first."""
    statement = select(Session).where(col(Session.user_id) == owner, *_is_live())
    return list(await session.scalars(statement.order_by(col(Session.last_seen).desc())))


async def end_of(session: AsyncSession, *, owner: UUID, session_id: UUID) -> bool:
    """End one session of a person; False when they have no such session that lives."""
    mine = (col(Session.user_id) == owner, col(Session.session_id) == session_id, *_is_live())
    return bool(await _end(session, *mine))


async def end_all(session: AsyncSession, *, owner: UUID, but: UUID | None = None) -> int:
    """End every session of a person, perhaps but one; how many lived. What rests may still serve what runs."""
    theirs = [col(Session.user_id) == owner, *([col(Session.session_id) != but] if but else [])]
    ended = await _end(session, *theirs, *_is_live())
    await _end(session, *theirs, col(Session.revoked_at).is_(None))
    return ended


async def replace_token(session: AsyncSession, session_id: UUID, token_hash: str) -> None:
    """Give a session another token: whoever has a copy of the old one has nothing."""
    statement = update(Session).where(col(Session.session_id) == session_id)
    await session.execute(statement.values(token_hash=token_hash, previous_hash=None))


async def touch(session: AsyncSession, session_id: UUID, *, idle_expires: datetime) -> None:
    """Note that the session is in use."""
    statement = update(Session).where(col(Session.session_id) == session_id)
    await session.execute(statement.values(last_seen=utc_now(), idle_expires=idle_expires))


async def tokens_of(session: AsyncSession, user_id: UUID) -> Session | None:
    """The person's session whose tokens of a provider are the freshest; rest does not end it for what they started."""
    statement = (
        select(Session)
        .where(col(Session.user_id) == user_id, col(Session.provider_tokens).is_not(None))
        .where(col(Session.revoked_at).is_(None), col(Session.absolute_expires) > utc_now())
        .order_by(col(Session.provider_expires).desc(), col(Session.session_id))
        .limit(1)
    )
    return await session.scalar(statement)


async def with_tokens(session: AsyncSession, user_id: UUID) -> list[Session]:
    """Every session of the person that has tokens of a provider and was not ended, also where it rests."""
    statement = select(Session).where(col(Session.user_id) == user_id, col(Session.provider_tokens).is_not(None))
    return list(await session.scalars(statement.where(col(Session.revoked_at).is_(None))))


async def by_id(session: AsyncSession, session_id: UUID) -> Session | None:
    return await session.get(Session, session_id)


async def lease_tokens(session: AsyncSession, row: Session, *, until: datetime) -> bool:
    """Be the one who renews a provider's tokens; False when somebody else is, or has done so since `row` was read."""
    statement = (
        update(Session)
        .where(col(Session.session_id) == row.session_id, col(Session.revoked_at).is_(None))
        .where(col(Session.provider_expires) == row.provider_expires)
        .where(col(Session.provider_leased_until).is_(None) | (col(Session.provider_leased_until) < utc_now()))
        .values(provider_leased_until=until)
        .returning(col(Session.session_id))
    )
    return await session.scalar(statement) is not None


async def put_tokens(
    session: AsyncSession, session_id: UUID, *, leased_until: datetime, sealed: str, expires: datetime
) -> bool:
    """Store renewed tokens and end the lease, in one; False when the lease had gone to somebody else."""
    statement = (
        update(Session)
        .where(col(Session.session_id) == session_id, col(Session.provider_leased_until) == leased_until)
        .values(provider_tokens=sealed, provider_expires=expires, provider_leased_until=None)
        .returning(col(Session.session_id))
    )
    return await session.scalar(statement) is not None


def _is_live() -> tuple[ColumnElement[bool], ...]:
    now = utc_now()
    return (
        col(Session.revoked_at).is_(None),
        col(Session.idle_expires) > now,
        col(Session.absolute_expires) > now,
    )


async def _end(session: AsyncSession, *conditions: ColumnElement[bool]) -> int:
    statement = update(Session).where(*conditions).values(revoked_at=utc_now())
    return len((await session.scalars(statement.returning(col(Session.session_id)))).all())


async def _live(session: AsyncSession, *conditions: ColumnElement[bool]) -> tuple[Session, User] | None:
    statement = (
        select(Session, User)
        .join(User, col(User.user_id) == col(Session.user_id))
        .where(*conditions, *_is_live(), col(User.suspended_at).is_(None))
    )
    row = (await session.execute(statement)).first()
    return (row[0], row[1]) if row else None
