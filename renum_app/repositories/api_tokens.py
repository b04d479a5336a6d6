"""All SQL about API tokens; only hashes of them are stored."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from renum_app.errors import NotFound
from renum_app.models.api_token import ApiToken
from renum_app.models.user import User


async def add(session: AsyncSession, row: ApiToken) -> ApiToken:
    session.add(row)
    await session.flush()
    return row


async def page(session: AsyncSession, *, owner: UUID, offset: int, limit: int) -> tuple[list[ApiToken], int]:
    """One page of the owner's tokens, newest first, and how many there are in all."""
    newest = select(ApiToken).where(col(ApiToken.user_id) == owner).order_by(col(ApiToken.created_at).desc())
    rows = await session.scalars(newest.order_by(col(ApiToken.token_id)).offset(offset).limit(limit))
    return list(rows), await count(session, owner=owner)


async def count(session: AsyncSession, *, owner: UUID) -> int:
    statement = select(func.count()).select_from(ApiToken).where(col(ApiToken.user_id) == owner)
    return await session.scalar(statement) or 0


async def live(session: AsyncSession, token_id: UUID, *, now: datetime) -> tuple[ApiToken, User] | None:
    """The token of an id that has not expired, and whose it is."""
    statement = (
        select(ApiToken, User)
        .join(User, col(User.user_id) == col(ApiToken.user_id))
        .where(col(ApiToken.token_id) == token_id, col(ApiToken.expires_at) > now)
        .where(col(User.suspended_at).is_(None))
    )
    row = (await session.execute(statement)).first()
    return (row[0], row[1]) if row else None


async def note_use(session: AsyncSession, token_id: UUID, *, hour: datetime) -> None:
    await session.execute(update(ApiToken).where(col(ApiToken.token_id) == token_id).values(last_used_at=hour))


async def remove(session: AsyncSession, *, owner: UUID, token_id: UUID) -> ApiToken:
    """Delete it for good, and give back what it was.

    Raises:
        NotFound: The owner has none of that id.
    """
    statement = delete(ApiToken).where(col(ApiToken.user_id) == owner, col(ApiToken.token_id) == token_id)
    removed = await session.scalar(statement.returning(ApiToken))
    if removed is None:
        raise NotFound
    return removed
