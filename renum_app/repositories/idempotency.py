"""All SQL about idempotency keys."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, delete, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from renum_app.models.idempotency import IdempotencyKey
from renum_app.models.values import utc_now

KEPT = timedelta(hours=24)


async def claim(session: AsyncSession, row: IdempotencyKey, *, instead_of: IdempotencyKey | None) -> bool:
    """Take the key, perhaps in the place of a call that was cut off; False when another was quicker."""
    old = col(IdempotencyKey.created_at) < utc_now() - KEPT
    await session.execute(delete(IdempotencyKey).where(col(IdempotencyKey.user_id) == row.user_id, old))
    if instead_of:
        values = {"created_at": row.created_at}
        return await answer(session, owner=row.user_id, key=row.key, since=instead_of.created_at, **values)
    try:
        async with session.begin_nested():
            session.add(IdempotencyKey(**row.model_dump()))
    except IntegrityError:
        return False
    return True


async def find(session: AsyncSession, *, owner: UUID, key: str) -> IdempotencyKey | None:
    return await session.get(IdempotencyKey, (owner, key))


async def answer(session: AsyncSession, *, owner: UUID, key: str, since: datetime, **values: Any) -> bool:
    """Keep what the call that took the key then is told; False when it is another's by now."""
    statement = update(IdempotencyKey).where(*_unanswered(owner, key, since)).values(**values)
    return (await session.execute(statement.returning(col(IdempotencyKey.key)))).first() is not None


async def release(session: AsyncSession, *, owner: UUID, key: str, since: datetime) -> None:
    """Nothing was done under this key, so it may be used again."""
    await session.execute(delete(IdempotencyKey).where(*_unanswered(owner, key, since)))


def _unanswered(owner: UUID, key: str, since: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(IdempotencyKey.user_id) == owner,
        col(IdempotencyKey.key) == key,
        col(IdempotencyKey.created_at) == since,
        col(IdempotencyKey.status).is_(None),
    )
