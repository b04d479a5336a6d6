"""All SQL about prices that people set themselves."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from renum_app.errors import NotFound
from renum_app.models.price import ModelPrice

_INSERTS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


async def page(session: AsyncSession, *, owner: UUID, offset: int, limit: int) -> tuple[list[ModelPrice], int]:
    """One page of the owner's prices, by model, and how many there are in all."""
    of_owner = select(ModelPrice).where(col(ModelPrice.user_id) == owner)
    total = await session.scalar(select(func.count()).select_from(of_owner.subquery()))
    rows = await session.scalars(of_owner.order_by(col(ModelPrice.model)).offset(offset).limit(limit))
    return list(rows), total or 0


async def put(session: AsyncSession, price: ModelPrice) -> ModelPrice:
    """Store it in the place of the owner's price of that model."""
    values = price.model_dump()
    statement = _INSERTS[session.get_bind().dialect.name](ModelPrice).values(values)
    changed = {name: value for name, value in values.items() if name not in {"user_id", "model"}}
    await session.execute(statement.on_conflict_do_update(index_elements=["user_id", "model"], set_=changed))
    return price


async def remove(session: AsyncSession, *, owner: UUID, model: str) -> None:
    """Delete it for good.

    Raises:
        NotFound: The owner has none for that model.
    """
    statement = delete(ModelPrice).where(col(ModelPrice.user_id) == owner, col(ModelPrice.model) == model)
    if await session.scalar(statement.returning(col(ModelPrice.model))) is None:
        raise NotFound
