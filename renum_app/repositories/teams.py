"""All SQL about teams and their versions; every read takes the owner."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from renum_app.errors import NotFound
from renum_app.models.execution import FINAL_STATUSES, Execution
from renum_app.models.team import Team, TeamVersion, TeamWrite
from renum_app.models.workflow import WorkflowType

_VERSIONED = ("name", "description", "agent_ids", "workflow_definition", "team_config")


def row_of(body: TeamWrite, *, owner: UUID) -> Team:
    """A new team's row."""
    return apply(Team(user_id=owner, name=body.name, workflow_definition={}), body)


def apply(team: Team, body: TeamWrite) -> Team:
    """The row with what a save says."""
    for name, value in body.model_dump(mode="json", exclude_none=True).items():
        setattr(team, name, value)
    team.description = body.description
    return team


async def add(session: AsyncSession, team: Team) -> Team:
    """Store a new team and its first version."""
    session.add(team)
    await session.flush()
    return await save_version(session, team)


async def save_version(session: AsyncSession, team: Team) -> Team:
    """Keep the team as it is now under its version number."""
    snapshot = {name: getattr(team, name) for name in _VERSIONED}
    session.add(TeamVersion(team_id=team.team_id, version=team.version, snapshot=snapshot))
    await session.flush()
    return team


async def require(session: AsyncSession, *, owner: UUID, team_id: UUID, lock: bool = False) -> Team:
    """The owner's team.

    Args:
        lock: Hold off other changes of this team until the transaction ends.

    Raises:
        NotFound: There is none, it is somebody else's, or it was deleted.
    """
    statement = _of(owner).where(col(Team.team_id) == team_id)
    if team := await session.scalar(statement.with_for_update() if lock else statement):
        return team
    raise NotFound


async def snapshot(session: AsyncSession, team_id: UUID, version: int) -> dict[str, Any] | None:
    """What one save made of a team; None where there is no such version."""
    found = await session.get(TeamVersion, (team_id, version))
    return found.snapshot if found else None


async def versions(session: AsyncSession, team_id: UUID, *, offset: int, limit: int) -> tuple[list[TeamVersion], int]:
    """One page of what the saves of a team have left, newest first, and how many there are in all."""
    of_team = select(TeamVersion).where(col(TeamVersion.team_id) == team_id)
    total = await session.scalar(select(func.count()).select_from(of_team.subquery()))
    newest_first = of_team.order_by(col(TeamVersion.version).desc())
    return list(await session.scalars(newest_first.offset(offset).limit(limit))), total or 0


async def page(
    session: AsyncSession,
    *,
    owner: UUID,
    offset: int,
    limit: int,
    search: str = "",
    active: bool | None = None,
    strategy: WorkflowType | None = None,
) -> tuple[list[Team], int]:
    """One page of the owner's teams, newest first, and how many there are in all."""
    statement = _of(owner)
    if search:
        named = [col(text).icontains(search, autoescape=True) for text in (Team.name, Team.description)]
        statement = statement.where(or_(*named))
    if active is not None:
        statement = statement.where(col(Team.is_active).is_(active))
    if strategy is not None:
        statement = statement.where(col(Team.workflow_definition)["type"].as_string() == strategy.value)
    total = await session.scalar(select(func.count()).select_from(statement.subquery()))
    newest_first = statement.order_by(col(Team.created_at).desc(), col(Team.team_id))
    return list(await session.scalars(newest_first.offset(offset).limit(limit))), total or 0


async def names_using(session: AsyncSession, *, owner: UUID, agent_id: str) -> list[str]:
    """Names of the owner's teams in which this agent sits or steps in."""
    teams = await session.scalars(_of(owner).order_by(col(Team.name)))
    return [team.name for team in teams if agent_id in _agents_of(team)]


async def is_running(session: AsyncSession, team_id: UUID) -> bool:
    """Whether an execution of this team has not ended."""
    unfinished = col(Execution.status).not_in([status.value for status in FINAL_STATUSES])
    statement = select(Execution.execution_id).where(col(Execution.team_id) == team_id, unfinished).limit(1)
    return await session.scalar(statement) is not None


def _agents_of(team: Team) -> set[str]:
    members = team.workflow_definition.get("agents", [])
    fallbacks = {member.get("fallback_agent_id") for member in members}
    return {*team.agent_ids, *(fallbacks - {None})}


def _of(owner: UUID) -> SelectOfScalar[Team]:
    return select(Team).where(col(Team.user_id) == owner, col(Team.archived_at).is_(None))
