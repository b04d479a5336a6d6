"""All SQL about authenticators and recovery codes."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import delete, func, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from renum_app.models.account import Authenticator, RecoveryCode
from renum_app.models.user import User
from renum_app.models.values import utc_now


async def of(session: AsyncSession, user_id: UUID) -> Authenticator | None:
    return await session.get(Authenticator, user_id)


async def begin(session: AsyncSession, row: Authenticator) -> bool:
    """Store a secret that waits for its first code; False when one is in use already."""
    await session.execute(
        delete(Authenticator).where(
            col(Authenticator.user_id) == row.user_id, col(Authenticator.confirmed_at).is_(None)
        )
    )
    if await of(session, row.user_id) is not None:
        return False
    session.add(row)
    return True


async def take_period(session: AsyncSession, user_id: UUID, period: int) -> bool:
    """Use up the code of a half minute; False when it, or a later one, was used before."""
    later = (col(Authenticator.user_id) == user_id, col(Authenticator.last_period) < period)
    statement = update(Authenticator).where(*later).values(last_period=period)
    return await session.scalar(statement.returning(col(Authenticator.user_id))) is not None


async def turn_on(session: AsyncSession, user_id: UUID, code_hashes: Iterable[str]) -> None:
    """From now on a code is asked for."""
    confirmed = update(Authenticator).where(col(Authenticator.user_id) == user_id).values(confirmed_at=utc_now())
    await session.execute(confirmed)
    await session.execute(update(User).where(col(User.user_id) == user_id).values(has_two_steps=True))
    await replace_codes(session, user_id, code_hashes)


async def turn_off(session: AsyncSession, user_id: UUID) -> None:
    """Nothing of it is kept."""
    await session.execute(delete(Authenticator).where(col(Authenticator.user_id) == user_id))
    await session.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    await session.execute(update(User).where(col(User.user_id) == user_id).values(has_two_steps=False))


async def replace_codes(session: AsyncSession, user_id: UUID, code_hashes: Iterable[str]) -> None:
    await session.execute(delete(RecoveryCode).where(col(RecoveryCode.user_id) == user_id))
    session.add_all(RecoveryCode(user_id=user_id, code_hash=each) for each in code_hashes)


async def use_code(session: AsyncSession, user_id: UUID, code_hash: str) -> bool:
    """Use a recovery code up; False when there is no such code, or no longer."""
    mine = (col(RecoveryCode.user_id) == user_id, col(RecoveryCode.code_hash) == code_hash)
    statement = delete(RecoveryCode).where(*mine).returning(col(RecoveryCode.code_hash))
    return await session.scalar(statement) is not None


async def count_codes(session: AsyncSession, user_id: UUID) -> int:
    statement = select(func.count()).select_from(RecoveryCode).where(col(RecoveryCode.user_id) == user_id)
    return await session.scalar(statement) or 0
