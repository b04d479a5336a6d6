"""Executions over REST: what happened, what came out, and stop."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import StreamingResponse

from renum_app.api import documented, live
from renum_app.api.dependencies import ExecutionId, Limit, PageNumber, ReadsExecutions, RunsExecutions, Token
from renum_app.models.execution import ExecutionStatus
from renum_app.models.execution_log import LogPage
from renum_app.models.execution_read import EventPage, ExecutionRead, ExecutionSummary, ResultRead, StatusRead
from renum_app.models.values import Page, Text
from renum_app.services import executions

router = APIRouter(prefix="/executions", tags=["executions"])

Prompt = Annotated[Text, Query(max_length=200, description="Part of the prompt or of the team's name.")]
Since = Annotated[datetime | None, Query(description="Created at or after; without a zone it is UTC.")]
Until = Annotated[datetime | None, Query(description="Created before; without a zone it is UTC.")]
Offset = Annotated[int, Query(ge=0, le=100_000_000)]
Many = Annotated[int, Query(ge=1, le=1_000)]
After = Annotated[int, Query(ge=0, le=2_147_483_647, description="Only events with a higher `seq`.")]
LastEventId = Annotated[str | None, Header(description="Where a dropped stream goes on; sent by browsers.")]
_STREAM = 'id: 1\nevent: status_update\ndata: {"type": "status_update", "seq": 1}\n\n'
_EVENT_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/event-stream": {"example": _STREAM}}},
    204: {"description": "Streaming only: the execution has ended and there is nothing after this event."},
    **documented.errors(401, 404),
}


@router.get("", responses=documented.errors(401))
async def list_executions(
    user: ReadsExecutions,
    page: PageNumber = 1,
    limit: Limit = 10,
    status: ExecutionStatus | None = None,
    team_id: UUID | None = None,
    since: Since = None,
    until: Until = None,
    search: Prompt = "",
) -> Page[ExecutionSummary]:
    """Your executions, newest first."""
    return await executions.list_executions(
        user,
        page=page,
        limit=limit,
        status=status,
        team_id=team_id,
        since=_in_utc(since),
        until=_in_utc(until),
        search=search,
    )


@router.get("/{execution_id}", responses=documented.errors(401, 404))
async def get_execution(user: ReadsExecutions, execution_id: ExecutionId) -> ExecutionRead:
    """Everything about one execution, with its steps."""
    return await executions.get(user, execution_id)


@router.get("/{execution_id}/status", responses=documented.errors(401, 404))
async def get_status(user: ReadsExecutions, execution_id: ExecutionId) -> StatusRead:
    """Where it is now; small enough to be asked often."""
    return await executions.status(user, execution_id)


@router.get("/{execution_id}/result", responses=documented.errors(401, 404, 409))
async def get_result(user: ReadsExecutions, execution_id: ExecutionId) -> ResultRead:
    """What came out; 409 `not_finished` has what there is so far in `details`."""
    return await executions.result(user, execution_id)


@router.get("/{execution_id}/logs", responses=documented.errors(401, 404))
async def get_logs(
    user: ReadsExecutions,
    execution_id: ExecutionId,
    limit: Many = 100,
    offset: Offset = 0,
    level: Annotated[Text | None, Query(max_length=20)] = None,
    agent_id: Annotated[Text | None, Query(max_length=200)] = None,
) -> LogPage:
    """The log, oldest line first."""
    return await executions.logs(user, execution_id, limit=limit, offset=offset, level=level, agent_id=agent_id)


@router.get("/{execution_id}/events", response_model=EventPage, responses=_EVENT_ANSWERS)
async def get_events(
    request: Request,
    user: ReadsExecutions,
    token: Token,
    execution_id: ExecutionId,
    after: After = 0,
    limit: Many = 100,
    last_event_id: LastEventId = None,
) -> EventPage | Response:
    """The numbered log; with `Accept: text/event-stream` it is followed live, from `Last-Event-ID` if given."""
    if "text/event-stream" not in request.headers.get("accept", ""):
        return await executions.events(user, execution_id, after=after, limit=limit)
    start = int(last_event_id) if last_event_id and last_event_id.isdecimal() and len(last_event_id) < 10 else after
    now = await executions.status(user, execution_id)
    if now.status.is_final and start >= now.last_seq:
        return Response(status_code=204)  # tells a browser not to connect again
    stream = live.server_sent(user, execution_id, after=start, token=token)
    return StreamingResponse(stream, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})


@router.post("/{execution_id}/stop", status_code=202, responses=documented.errors(401, 404, 409))
async def stop_execution(user: RunsExecutions, execution_id: ExecutionId) -> StatusRead:
    """Order a stop; asking again changes nothing, and 409 `already_finished` comes after the end."""
    return await executions.stop(user, execution_id)


def _in_utc(moment: datetime | None) -> datetime | None:
    """The moment with its zone; one that UTC cannot say is before or after everything."""
    if moment is None:
        return None
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC) if moment.year == 1 else datetime.max.replace(tzinfo=UTC)
