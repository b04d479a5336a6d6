"""What a person can do with the versions of a team: read them, and make an old one the newest."""

from __future__ import annotations

from uuid import UUID

from renum_app.database import reading
from renum_app.errors import NotFound
from renum_app.models.team import Team, TeamRead, TeamVersion, TeamVersionRead, TeamWrite
from renum_app.models.user import CurrentUser
from renum_app.models.values import Page, page_of
from renum_app.repositories import teams as rows
from renum_app.services import teams


async def list_versions(user: CurrentUser, team_id: UUID, *, page: int = 1, limit: int = 10) -> Page[TeamVersionRead]:
    """One page of a team's versions, newest first.

    Raises:
        NotFound: The person has no such team.
    """
    async with reading() as session:
        team = await rows.require(session, owner=user.user_id, team_id=team_id)
        found, total = await rows.versions(session, team_id, offset=(page - 1) * limit, limit=limit)
    return page_of([_read(version, team) for version in found], total=total, page=page, limit=limit)


async def restore(user: CurrentUser, team_id: UUID, version: int, *, if_match: int | None = None) -> TeamRead:
    """Save a team as an earlier version left it; that is a new version, and whether it is switched on stays.

    Args:
        if_match: The version the person saw as the newest; None overwrites whatever there is.

    Raises:
        NotFound: The person has no such team, or it has no such version.
        Invalid: It could not run as it was, for instance because an agent is gone; every reason is named.
        Outdated: Somebody saved it after that version.
    """
    async with reading() as session:
        await rows.require(session, owner=user.user_id, team_id=team_id)
        snapshot = await rows.snapshot(session, team_id, version)
    if snapshot is None:
        raise NotFound

    def as_it_was(team: TeamWrite) -> TeamWrite:
        return TeamWrite.model_validate({**snapshot, "is_active": team.is_active})

    return await teams.change(user, team_id, as_it_was, if_match=if_match)


def _read(version: TeamVersion, team: Team) -> TeamVersionRead:
    facts = {"team_id": version.team_id, "version": version.version, "created_at": version.created_at}
    return TeamVersionRead.model_validate({**version.snapshot, **facts, "is_current": version.version == team.version})
