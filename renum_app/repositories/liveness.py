"""The cheapest question a database can answer."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession


async def ask(session: AsyncSession) -> None:
    await session.execute(text("SELECT 1"))
