"""What a person can do with drafts of teams: keep one, take it up again, throw it away."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from renum_app.database import reading, transaction
from renum_app.engine.context import json_safe
from renum_app.errors import Malformed, NotFound, TooLarge
from renum_app.models.team_draft import TeamDraft, TeamDraftRead
from renum_app.models.user import CurrentUser
from renum_app.models.values import storable, utc_now
from renum_app.repositories import team_drafts as rows

MOST_DRAFTS = 10
"""Of one person; the ones touched longest ago make room."""
MOST_CHARS = 400_000
"""Of one draft, as JSON."""


async def save(
    user: CurrentUser, draft_id: UUID | None, *, name: str, step: int, content: dict[str, Any]
) -> TeamDraftRead:
    """Keep what is filled in so far.

    Args:
        draft_id: The draft it goes on with; a new one is begun for None, and where that one is gone.

    Raises:
        Malformed: No form of a team is nested so deeply.
        TooLarge: No form of a team is that long.
    """
    try:
        kept = json_safe(content)
    except ValueError as error:
        raise Malformed from error
    if len(json.dumps(kept)) > MOST_CHARS:
        raise TooLarge(limit=MOST_CHARS)
    async with transaction() as session:
        draft = await rows.find(session, owner=user.user_id, draft_id=draft_id) if draft_id else None
        draft = draft or TeamDraft(user_id=user.user_id)
        draft.name, draft.step, draft.updated_at = storable(name)[:200], step, utc_now()
        draft.content = kept
        read = TeamDraftRead.model_validate(await rows.add(session, draft))
        await rows.keep_newest(session, owner=user.user_id, count=MOST_DRAFTS)
        return read


async def get(user: CurrentUser, draft_id: UUID) -> TeamDraftRead:
    """One of the person's drafts.

    Raises:
        NotFound: The person has no such draft.
    """
    async with reading() as session:
        draft = await rows.find(session, owner=user.user_id, draft_id=draft_id)
    if draft is None:
        raise NotFound
    return TeamDraftRead.model_validate(draft)


async def list_drafts(user: CurrentUser) -> list[TeamDraftRead]:
    """The person's drafts, the last one touched first."""
    async with reading() as session:
        found = await rows.newest(session, owner=user.user_id, limit=MOST_DRAFTS)
    return [TeamDraftRead.model_validate(draft) for draft in found]


async def discard(user: CurrentUser, draft_id: UUID) -> None:
    """Throw a draft away; one that is not there is gone already."""
    async with transaction() as session:
        await rows.remove(session, owner=user.user_id, draft_id=draft_id)
