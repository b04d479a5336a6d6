"""All SQL about links to a new password; only hashes of their tokens are stored."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from renum_app.models.account import ResetLink
from renum_app.models.user import User
from renum_app.models.values import utc_now


async def add(session: AsyncSession, row: ResetLink) -> None:
    """Store a link; what is left of the person's expired ones goes."""
    old = delete(ResetLink).where(col(ResetLink.user_id) == row.user_id, col(ResetLink.expires_at) <= utc_now())
    await session.execute(old)
    session.add(row)


async def find(session: AsyncSession, token_hash: str) -> tuple[ResetLink, User] | None:
    """A link that has not expired or been used, and whose it is."""
    statement = (
        select(ResetLink, User)
        .join(User, col(User.user_id) == col(ResetLink.user_id))
        .where(col(ResetLink.token_hash) == token_hash, col(ResetLink.expires_at) > utc_now())
    )
    row = (await session.execute(statement)).first()
    return (row[0], row[1]) if row else None


async def use(session: AsyncSession, link: ResetLink) -> bool:
    """Use a link up, and all others of the person; False when another call has just done so."""
    statement = delete(ResetLink).where(col(ResetLink.token_hash) == link.token_hash)
    used = await session.scalar(statement.returning(col(ResetLink.token_hash)))
    await session.execute(delete(ResetLink).where(col(ResetLink.user_id) == link.user_id))
    return used is not None


async def was_made_since(session: AsyncSession, user_id: UUID, moment: datetime) -> bool:
    recent = (col(ResetLink.user_id) == user_id, col(ResetLink.created_at) > moment)
    return await session.scalar(select(ResetLink.token_hash).where(*recent).limit(1)) is not None
