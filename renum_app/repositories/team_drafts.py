"""All SQL about drafts of teams; every read takes the owner."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from renum_app.models.team_draft import TeamDraft


async def find(session: AsyncSession, *, owner: UUID, draft_id: UUID) -> TeamDraft | None:
    """The owner's draft, if there is one."""
    return await session.scalar(
        select(TeamDraft).where(col(TeamDraft.draft_id) == draft_id, col(TeamDraft.user_id) == owner)
    )


async def add(session: AsyncSession, draft: TeamDraft) -> TeamDraft:
    session.add(draft)
    await session.flush()
    return draft


async def newest(session: AsyncSession, *, owner: UUID, limit: int) -> list[TeamDraft]:
    """The owner's drafts, the last one touched first."""
    of_owner = select(TeamDraft).where(col(TeamDraft.user_id) == owner)
    return list(await session.scalars(of_owner.order_by(col(TeamDraft.updated_at).desc()).limit(limit)))


async def remove(session: AsyncSession, *, owner: UUID, draft_id: UUID) -> None:
    await session.execute(delete(TeamDraft).where(col(TeamDraft.draft_id) == draft_id, col(TeamDraft.user_id) == owner))


async def keep_newest(session: AsyncSession, *, owner: UUID, count: int) -> None:
    """Drop all but so many of the owner's drafts."""
    kept = [draft.draft_id for draft in await newest(session, owner=owner, limit=count)]
    await session.execute(
        delete(TeamDraft).where(col(TeamDraft.user_id) == owner, col(TeamDraft.draft_id).not_in(kept))
    )
