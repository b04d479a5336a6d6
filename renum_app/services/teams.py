"""What a person can do with teams; every save is a new version."""

from __future__ import annotations

from collections.abc import Callable, Collection
from uuid import UUID

from renum_app import runtime
from renum_app.database import reading, transaction
from renum_app.engine import validation
from renum_app.errors import Conflict, FieldProblem, Invalid, NotFound, Outdated
from renum_app.models.team import Team, TeamRead, TeamWrite
from renum_app.models.user import CurrentUser
from renum_app.models.values import Page, page_of, utc_now
from renum_app.models.workflow import Member, WorkflowType
from renum_app.repositories import agents, teams
from renum_app.services import idempotency


async def list_teams(
    user: CurrentUser,
    *,
    page: int = 1,
    limit: int = 10,
    search: str = "",
    active: bool | None = None,
    strategy: WorkflowType | None = None,
) -> Page[TeamRead]:
    """One page of the person's teams, newest first."""
    async with reading() as session:
        wanted = {"search": search, "active": active, "strategy": strategy}
        rows, total = await teams.page(session, owner=user.user_id, offset=(page - 1) * limit, limit=limit, **wanted)
        missing = await agents.missing_ids(session, owner=user.user_id)
    return page_of([_read(row, missing) for row in rows], total=total, page=page, limit=limit)


async def get(user: CurrentUser, team_id: UUID) -> TeamRead:
    """One of the person's teams.

    Raises:
        NotFound: The person has no such team.
    """
    async with reading() as session:
        row = await teams.require(session, owner=user.user_id, team_id=team_id)
        return _read(row, await agents.missing_ids(session, owner=user.user_id))


async def create(user: CurrentUser, body: TeamWrite) -> TeamRead:
    """Add a team.

    Raises:
        Invalid: It cannot run as it is; every reason is named.
    """
    async with transaction() as session:
        known = await agents.by_ids(session, owner=user.user_id, agent_ids=_named_agents(body), lock=True)
        _refuse(body, known)
        read = TeamRead.model_validate(await teams.add(session, teams.row_of(body, owner=user.user_id)))
        await idempotency.made(session, read)
        return read


async def check(user: CurrentUser, body: TeamWrite) -> list[FieldProblem]:
    """Why this team could not be saved as it is; nothing is stored."""
    async with reading() as session:
        known = await agents.by_ids(session, owner=user.user_id, agent_ids=_named_agents(body))
    return _problems(body, known)


async def update(user: CurrentUser, team_id: UUID, body: TeamWrite, *, if_match: int | None = None) -> TeamRead:
    """Replace a team by a new version; running executions keep the one they pinned.

    Args:
        if_match: The version the person saw; None overwrites whatever there is.

    Raises:
        NotFound: The person has no such team.
        Invalid: It cannot run as it is; every reason is named.
        Outdated: Somebody saved it after that version.
    """
    return await change(user, team_id, lambda _: body, if_match=if_match)


async def change(
    user: CurrentUser, team_id: UUID, changed: Callable[[TeamWrite], TeamWrite], *, if_match: int | None = None
) -> TeamRead:
    """Read, change, check and write without letting another save in between; raises like `update`."""
    async with transaction() as session:
        team = await teams.require(session, owner=user.user_id, team_id=team_id, lock=True)
        if if_match is not None and if_match != team.version:
            raise Outdated(details={"version": team.version}, version=team.version)
        body = changed(_body_of(team))
        known = await agents.by_ids(session, owner=user.user_id, agent_ids=_named_agents(body), lock=True)
        _refuse(body, known)
        teams.apply(team, body)
        team.version, team.updated_at = team.version + 1, utc_now()
        read = TeamRead.model_validate(await teams.save_version(session, team))
        await idempotency.made(session, read)
        return read


async def delete(user: CurrentUser, team_id: UUID) -> None:
    """Archive a team; its executions stay readable.

    Raises:
        NotFound: The person has no such team.
        Conflict: An execution of it has not ended.
    """
    async with transaction() as session:
        team = await teams.require(session, owner=user.user_id, team_id=team_id, lock=True)
        if await teams.is_running(session, team_id):
            raise Conflict("team_is_running", team=team.name)
        team.is_active, team.archived_at = False, utc_now()
        session.add(team)


async def add_member(user: CurrentUser, team_id: UUID, member: Member) -> TeamRead:
    """Give one more agent a seat; raises like `update`."""
    return await change(user, team_id, lambda team: _with_members(team, [*team.workflow_definition.agents, member]))


async def update_member(user: CurrentUser, team_id: UUID, step_or_agent_id: str, member: Member) -> TeamRead:
    """Replace one seat; raises like `update`, and NotFound for an unknown seat."""

    def changed(team: TeamWrite) -> TeamWrite:
        seats = team.workflow_definition.agents
        place = _place(seats, step_or_agent_id)
        return _with_members(team, [*seats[:place], member, *seats[place + 1 :]])

    return await change(user, team_id, changed)


async def remove_member(user: CurrentUser, team_id: UUID, step_or_agent_id: str) -> TeamRead:
    """Take one seat away; raises like `update_member`."""

    def changed(team: TeamWrite) -> TeamWrite:
        seats = team.workflow_definition.agents
        place = _place(seats, step_or_agent_id)
        if len(seats) == 1:
            raise Conflict("last_member", team=team.name)
        return _with_members(team, [*seats[:place], *seats[place + 1 :]])

    return await change(user, team_id, changed)


def _read(team: Team, missing: Collection[str]) -> TeamRead:
    """The team, with those of its agents that have vanished where they lived."""
    read = TeamRead.model_validate(team)
    return read.model_copy(update={"missing_agent_ids": [each for each in read.agent_ids if each in missing]})


def _refuse(body: TeamWrite, known: Collection[str]) -> None:
    if problems := _problems(body, known):
        raise Invalid(problems, "invalid_team")


def _problems(body: TeamWrite, known: Collection[str]) -> list[FieldProblem]:
    return validation.problems(body, known, runtime.current().settings.max_members)


def _named_agents(body: TeamWrite) -> set[str]:
    seats = body.workflow_definition.agents
    fallbacks = {member.fallback_agent_id for member in seats if member.fallback_agent_id}
    return {*body.agent_ids, *(member.agent_id for member in seats), *fallbacks}


def _body_of(team: Team) -> TeamWrite:
    return TeamWrite.model_validate({name: getattr(team, name) for name in TeamWrite.model_fields})


def _with_members(team: TeamWrite, members: list[Member]) -> TeamWrite:
    """The same team with these seats, and `agent_ids` to match."""
    agent_ids = list(dict.fromkeys(member.agent_id for member in members))
    workflow = team.workflow_definition.model_copy(update={"agents": members})
    return team.model_copy(update={"agent_ids": agent_ids, "workflow_definition": workflow})


def _place(members: list[Member], step_or_agent_id: str) -> int:
    """Where the seat of that step id is, else of that agent."""
    ids = [member.id for member in members]
    by_agent = [member.agent_id for member in members]
    for names in (ids, by_agent):
        if step_or_agent_id in names:
            return names.index(step_or_agent_id)
    raise NotFound
