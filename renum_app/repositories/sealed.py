"""All SQL about sealed secrets as such, in every table that has some; they pass through here sealed."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from renum_app import crypto
from renum_app.models.sealed import KeyCheck, SealedColumn, SealedSecret


async def some(
    session: AsyncSession, place: SealedColumn, *, kid: str, is_sealed_with: bool, after: Any, limit: int
) -> list[SealedSecret]:
    """Secrets that are sealed with a key, or with any other, in the order of their rows."""
    key, column = getattr(place.model, place.key), getattr(place.model, place.column)
    is_it = _is_of(column, kid)
    statement = select(key, column, *(getattr(place.model, name) for name in place.owners))
    statement = statement.where(column.is_not(None), is_it if is_sealed_with else ~is_it).order_by(key).limit(limit)
    if after is not None:
        statement = statement.where(key > after)
    return [SealedSecret(row[0], row[1], tuple(row[2:])) for row in await session.execute(statement)]


async def replace(session: AsyncSession, place: SealedColumn, secret: SealedSecret, *, sealed: str) -> bool:
    """Put the same secret in its place, sealed anew; False when somebody has stored another meanwhile."""
    key, column = getattr(place.model, place.key), getattr(place.model, place.column)
    statement = update(place.model).where(key == secret.key, column == secret.sealed).values({column: sealed})
    return (await session.execute(statement.returning(key))).first() is not None


@dataclass(frozen=True)
class Others:
    count: int
    example: str


async def others(session: AsyncSession, place: SealedColumn, *, kids: Sequence[str]) -> Others | None:
    """Secrets that none of these keys has sealed; None when there are none."""
    column = getattr(place.model, place.column)
    statement = select(func.count(), func.min(column)).where(column.is_not(None))
    for kid in kids:
        statement = statement.where(~_is_of(column, kid))
    count, example = (await session.execute(statement)).one()
    return Others(count, example) if count else None


async def checks(session: AsyncSession) -> dict[str, str]:
    """The known text as each key has sealed it, by kid."""
    return {check.kid: check.sealed for check in await session.scalars(select(KeyCheck))}


async def add_check(session: AsyncSession, kid: str, sealed: str) -> None:
    """Keep the known text of a key, unless another process has done so at the same moment."""
    with suppress(IntegrityError):
        async with session.begin_nested():
            session.add(KeyCheck(kid=kid, sealed=sealed))


async def remove_check(session: AsyncSession, kid: str) -> None:
    if check := await session.get(KeyCheck, kid):
        await session.delete(check)


def _is_of(column: Any, kid: str) -> ColumnElement[bool]:
    return column.startswith(crypto.beginning(kid), autoescape=True)
