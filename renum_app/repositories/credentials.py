"""All SQL about credentials; only sealed keys pass through here."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete as delete_from
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from renum_app.errors import NotFound
from renum_app.models.credential import Credential
from renum_app.models.values import utc_now


async def all_of(session: AsyncSession, *, owner: UUID) -> list[Credential]:
    statement = select(Credential).where(col(Credential.user_id) == owner).order_by(col(Credential.service_name))
    return list(await session.scalars(statement))


async def find(session: AsyncSession, *, owner: UUID, service_name: str) -> Credential | None:
    statement = select(Credential).where(col(Credential.user_id) == owner, col(Credential.service_name) == service_name)
    return await session.scalar(statement)


async def replace(session: AsyncSession, credential: Credential) -> Credential:
    """Store it in the place of the owner's credential of that name; nothing of the old one is kept."""
    await _delete(session, owner=credential.user_id, service_name=credential.service_name)
    session.add(credential)
    await session.flush()
    return credential


async def remove(session: AsyncSession, *, owner: UUID, service_name: str) -> None:
    """Delete it for good.

    Raises:
        NotFound: The owner has none of that name.
    """
    if not await _delete(session, owner=owner, service_name=service_name):
        raise NotFound


async def note_use(session: AsyncSession, key_id: UUID) -> None:
    await session.execute(update(Credential).where(col(Credential.key_id) == key_id).values(last_used_at=utc_now()))


async def _delete(session: AsyncSession, *, owner: UUID, service_name: str) -> bool:
    statement = (
        delete_from(Credential)
        .where(col(Credential.user_id) == owner, col(Credential.service_name) == service_name)
        .returning(col(Credential.key_id))
    )
    return await session.scalar(statement) is not None
