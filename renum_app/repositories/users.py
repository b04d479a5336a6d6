"""All SQL about people."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from renum_app.errors import Conflict, NotFound
from renum_app.models.account import FirstAdministrator
from renum_app.models.user import User, UserRole
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


async def add_first_administrator(session: AsyncSession, user: User) -> None:
    """Store the person and that they were the first.

    Raises:
        NotFound: Somebody else has just been.
        Conflict: Somebody has this address.
    """
    await add(session, user)
    session.add(FirstAdministrator(user_id=user.user_id))
    try:
        await session.flush()
    except IntegrityError as error:
        raise NotFound from error


async def change(session: AsyncSession, user_id: UUID, **values: Any) -> None:
    """Set some of a person's columns."""
    statement = update(User).where(col(User.user_id) == user_id).values(**values, updated_at=utc_now())
    await session.execute(statement)


async def has_administrator(session: AsyncSession) -> bool:
    return await session.scalar(select(User.user_id).where(col(User.role) == UserRole.ADMIN.value).limit(1)) is not None


async def is_last_administrator(session: AsyncSession, user_id: UUID) -> bool:
    """Whether other people would be left without an administrator."""
    others = select(User.role).where(col(User.user_id) != user_id, col(User.is_demo).is_(False))
    roles = set(await session.scalars(others.distinct()))
    return bool(roles) and UserRole.ADMIN.value not in roles


async def change_password(session: AsyncSession, user: User, password_hash: str) -> bool:
    """Replace the hash that `user` was read with; False when somebody has replaced it since."""
    statement = update(User).where(col(User.user_id) == user.user_id, col(User.password_hash) == user.password_hash)
    changed = statement.values(password_hash=password_hash, updated_at=utc_now()).returning(col(User.user_id))
    return await session.scalar(changed) is not None
