"""All SQL about idempotency keys."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from renum_app.models.idempotency import IdempotencyKey
from renum_app.models.values import utc_now

KEPT = timedelta(hours=24)


async def claim(session: AsyncSession, row: IdempotencyKey) -> bool:
    """Take the key; False when an earlier call has it."""
    old = col(IdempotencyKey.created_at) < utc_now() - KEPT
    await session.execute(delete(IdempotencyKey).where(col(IdempotencyKey.user_id) == row.user_id, old))
    try:
        async with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return False
    return True


async def find(session: AsyncSession, *, owner: UUID, key: str) -> IdempotencyKey | None:
    return await session.get(IdempotencyKey, (owner, key))


async def answer(session: AsyncSession, *, owner: UUID, key: str, **values: Any) -> None:
    """Keep the first call's answer."""
    statement = update(IdempotencyKey).where(col(IdempotencyKey.user_id) == owner, col(IdempotencyKey.key) == key)
    await session.execute(statement.values(**values))


async def release(session: AsyncSession, *, owner: UUID, key: str) -> None:
    """Nothing was done under this key, so it may be used again."""
    statement = delete(IdempotencyKey).where(col(IdempotencyKey.user_id) == owner, col(IdempotencyKey.key) == key)
    await session.execute(statement)
