"""All SQL about people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from renum_app.errors import Conflict
from renum_app.models.user import User
from renum_app.models.values import utc_now


async def by_email(session: AsyncSession, email: str) -> User | None:
    return await session.scalar(select(User).where(col(User.email) == email.lower()))


async def by_id(session: AsyncSession, user_id: UUID) -> User | None:
    return await session.get(User, user_id)


async def add(session: AsyncSession, user: User) -> User:
    """Store a new person.

    Raises:
        Conflict: Somebody has this address, perhaps since a moment ago.
    """
    session.add(user)
    try:
        await session.flush()
    except IntegrityError as error:
        raise Conflict("email_taken", field="email") from error
    return user


async def change(session: AsyncSession, user_id: UUID, **values: Any) -> None:
    """Set some of a person's columns."""
    statement = update(User).where(col(User.user_id) == user_id).values(**values, updated_at=utc_now())
    await session.execute(statement)


async def set_password_hash(session: AsyncSession, user_id: UUID, password_hash: str) -> None:
    await change(session, user_id, password_hash=password_hash)
