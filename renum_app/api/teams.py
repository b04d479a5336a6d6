"""Teams and their members over REST."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Header, Path, Query, Response

from renum_app.api import documented
from renum_app.api.dependencies import Limit, PageNumber, ReadsTeams, RunsExecutions, Search, TeamId, WritesTeams
from renum_app.api.once import OnceRoute, located
from renum_app.errors import Outdated
from renum_app.models.estimate import EstimateRead
from renum_app.models.execution import ExecuteRequest
from renum_app.models.execution_read import ExecutionRead
from renum_app.models.team import TeamRead, TeamVersionRead, TeamWrite
from renum_app.models.values import Page
from renum_app.models.workflow import Member, WorkflowType
from renum_app.services import estimates, executions, team_versions, teams

router = APIRouter(prefix="/teams", tags=["teams"], route_class=OnceRoute)

TeamBody = Annotated[TeamWrite, Body(openapi_examples=documented.examples(team=documented.TEAM))]
MemberBody = Annotated[Member, Body(openapi_examples=documented.examples(member=documented.MEMBER))]
ExecuteBody = Annotated[
    ExecuteRequest, Body(openapi_examples=documented.examples(plain=documented.EXECUTE, bounded=documented.BOUNDED))
]
Active = Annotated[bool | None, Query(description="Only teams that are switched on, or off.")]
VersionNumber = Annotated[int, Path(ge=1, le=1_000_000_000, description="The version's number, from 1.")]
Strategy = Annotated[WorkflowType | None, Query(description="Only teams that work this way.")]
IfMatch = Annotated[str | None, Header(description="The `ETag` you saw; 412 when somebody saved since.")]


@router.get("", responses=documented.errors(401))
async def list_teams(
    user: ReadsTeams,
    page: PageNumber = 1,
    limit: Limit = 10,
    search: Search = "",
    active: Active = None,
    strategy: Strategy = None,
) -> Page[TeamRead]:
    """Your teams, newest first."""
    return await teams.list_teams(user, page=page, limit=limit, search=search, active=active, strategy=strategy)


@router.post("", status_code=201, responses=documented.with_body(401))
async def create_team(user: WritesTeams, body: TeamBody, response: Response) -> TeamRead:
    """Add a team; 422 names every reason why it could not run."""
    return _tagged(await teams.create(user, body), response)


@router.get("/{team_id}", responses=documented.errors(401, 404))
async def get_team(user: ReadsTeams, team_id: TeamId, response: Response) -> TeamRead:
    return _tagged(await teams.get(user, team_id), response)


@router.put("/{team_id}", responses=documented.with_body(401, 404, 412))
async def update_team(
    user: WritesTeams, team_id: TeamId, body: TeamBody, response: Response, if_match: IfMatch = None
) -> TeamRead:
    """Save a new version; executions under way keep the one they started with."""
    return _tagged(await teams.update(user, team_id, body, if_match=_version(if_match)), response)


@router.delete("/{team_id}", status_code=204, responses=documented.errors(401, 404, 409))
async def delete_team(user: WritesTeams, team_id: TeamId) -> None:
    """Archive a team; its executions stay readable. 409 `team_is_running` while one has not ended."""
    await teams.delete(user, team_id)


@router.post("/{team_id}/members", status_code=201, responses=documented.with_body(401, 404))
async def add_member(user: WritesTeams, team_id: TeamId, body: MemberBody, response: Response) -> TeamRead:
    """Give one more agent a seat; the answer is the whole team."""
    return _tagged(await teams.add_member(user, team_id, body), response)


@router.put("/{team_id}/members/{agent_id}", responses=documented.with_body(401, 404))
async def update_member(
    user: WritesTeams, team_id: TeamId, agent_id: str, body: MemberBody, response: Response
) -> TeamRead:
    """Replace a seat, named by its step id or its agent; the answer is the whole team."""
    return _tagged(await teams.update_member(user, team_id, agent_id, body), response)


@router.delete("/{team_id}/members/{agent_id}", responses=documented.errors(401, 404, 409))
async def remove_member(user: WritesTeams, team_id: TeamId, agent_id: str, response: Response) -> TeamRead:
    """Take a seat away; the answer is the whole team."""
    return _tagged(await teams.remove_member(user, team_id, agent_id), response)


@router.get("/{team_id}/versions", responses=documented.errors(401, 404))
async def list_versions(
    user: ReadsTeams, team_id: TeamId, page: PageNumber = 1, limit: Limit = 10
) -> Page[TeamVersionRead]:
    """The team as every save left it, newest first."""
    return await team_versions.list_versions(user, team_id, page=page, limit=limit)


@router.post("/{team_id}/versions/{version}/restore", responses=documented.errors(401, 404, 412))
async def restore_version(
    user: WritesTeams, team_id: TeamId, version: VersionNumber, response: Response, if_match: IfMatch = None
) -> TeamRead:
    """Save the team as an earlier version left it: a new version with the old content.

    422 names every reason why it could not run any more, for instance an agent that is gone.
    """
    return _tagged(await team_versions.restore(user, team_id, version, if_match=_version(if_match)), response)


@router.post("/{team_id}/execute", status_code=202, responses=documented.with_body(401, 404, 409, 429))
async def execute_team(user: RunsExecutions, team_id: TeamId, body: ExecuteBody, response: Response) -> ExecutionRead:
    """Start the team; a 202 means the execution is stored and survives a restart."""
    execution = await executions.start(user, team_id, body)
    response.headers["Location"] = located(execution)
    return execution


@router.post("/{team_id}/estimate", responses=documented.with_body(401, 404, 409))
async def estimate_team(user: ReadsTeams, team_id: TeamId, body: ExecuteBody) -> EstimateRead:
    """What `execute` with the same body would cost and take; nothing is started.

    By `history`: median and 90th percentile of this team's own completed steps (same agent and model, at least three
    of each step, of its last 50 executions), put together along the workflow. Otherwise by `theory`: every member
    called once with all the tokens it may use, at list prices; null where a price is not known.
    """
    return await estimates.estimate(user, team_id, body)


def _tagged(team: TeamRead, response: Response) -> TeamRead:
    response.headers["ETag"] = f'"{team.version}"'
    return team


def _version(if_match: str | None) -> int | None:
    """The version of an `If-Match`; `*` matches any."""
    if if_match is None or if_match.strip() == "*":
        return None
    number = if_match.strip().removeprefix("W/").strip('"')
    if not number.isdecimal() or len(number) > 9:
        raise Outdated(version=number[:20])
    return int(number)
