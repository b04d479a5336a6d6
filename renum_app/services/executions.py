"""What a person can do with executions: start one, watch it, read it, stop it; to redo one is in `redo`."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from renum_app.database import reading, transaction
from renum_app.engine import dispatch
from renum_app.errors import Conflict
from renum_app.models.command import CommandKind
from renum_app.models.execution import Execution, ExecutionStatus
from renum_app.models.execution_log import LogPage, log_read
from renum_app.models.execution_read import EventPage, ExecutionRead, ExecutionSummary, ResultRead, StatusRead
from renum_app.models.overview import OverviewRead, PresentRead
from renum_app.models.step import Step
from renum_app.models.user import CurrentUser
from renum_app.models.values import Page, page_of, utc_now
from renum_app.repositories import approvals, commands, executions, notifications
from renum_app.repositories import events as event_log
from renum_app.services import estimates
from renum_app.services import execution_views as views
from renum_app.services.execution_feed import follow
from renum_app.services.execution_figures import PERIOD, overview_of
from renum_app.services.execution_start import start

__all__ = [
    "events",
    "follow",
    "get",
    "list_executions",
    "logs",
    "overview",
    "result",
    "start",
    "status",
    "stop",
]


async def list_executions(
    user: CurrentUser,
    *,
    page: int = 1,
    limit: int = 10,
    status: ExecutionStatus | None = None,
    team_id: UUID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    search: str = "",
) -> Page[ExecutionSummary]:
    """One page of the person's executions, newest first."""
    wanted = executions.Filter(status=status, team_id=team_id, since=since, until=until, search=search)
    async with reading() as session:
        rows, total = await executions.summaries(session, user.user_id, wanted, page=page, limit=limit)
        steps = await executions.steps_of(session, [row.execution_id for row in rows])
    items = [views.summary(row, steps[row.execution_id]) for row in rows]
    return page_of(items, total=total, page=page, limit=limit)


async def get(user: CurrentUser, execution_id: UUID) -> ExecutionRead:
    """One execution with its steps and what was redone from it.

    Raises:
        NotFound: The person has no such execution.
    """
    async with reading() as session:
        execution = await executions.require(session, owner=user.user_id, execution_id=execution_id)
        steps = (await executions.steps_of(session, [execution_id]))[execution_id]
        return views.execution_read(
            execution,
            steps,
            children=await executions.children_of(session, execution_id),
            approvals=await approvals.open_of(session, execution_id),
        )


async def status(user: CurrentUser, execution_id: UUID) -> StatusRead:
    """Where an execution stands.

    Raises:
        NotFound: The person has no such execution.
    """
    execution, steps = await _own(user, execution_id)
    likely = await estimates.completion(execution, steps)
    return views.status_read(execution, steps, estimated_completion=likely)


async def result(user: CurrentUser, execution_id: UUID) -> ResultRead:
    """What an ended execution has to show.

    Raises:
        NotFound: The person has no such execution.
        Conflict: It has not ended; what there is so far is in the details.
    """
    execution, _ = await _own(user, execution_id)
    read = ResultRead.model_validate(execution)
    if not ExecutionStatus(execution.status).is_final:
        raise Conflict("not_finished", details=read.model_dump(mode="json"))
    return read


async def logs(
    user: CurrentUser,
    execution_id: UUID,
    *,
    limit: int = 100,
    offset: int = 0,
    level: str | None = None,
    agent_id: str | None = None,
) -> LogPage:
    """Log lines of an execution, oldest first.

    Raises:
        NotFound: The person has no such execution.
    """
    async with reading() as session:
        await executions.require(session, owner=user.user_id, execution_id=execution_id)
        lines, total = await executions.logs(
            session, execution_id, level=level, agent_id=agent_id, limit=limit, offset=offset
        )
    return LogPage(items=[log_read(**line) for line in lines], total=total, limit=limit, offset=offset)


async def events(user: CurrentUser, execution_id: UUID, *, after: int = 0, limit: int = 100) -> EventPage:
    """Stored events of an execution from one seq on.

    Raises:
        NotFound: The person has no such execution.
    """
    async with reading() as session:
        execution = await executions.require(session, owner=user.user_id, execution_id=execution_id)
        found = await event_log.after(session, execution_id, seq=after, limit=limit)
    return EventPage(items=[event.message() for event in found], last_seq=execution.last_seq)


async def stop(user: CurrentUser, execution_id: UUID) -> StatusRead:
    """Order an execution to stop; to order it again changes nothing.

    Raises:
        NotFound: The person has no such execution.
        Conflict: It has already ended.
    """
    async with transaction() as session:
        execution = await executions.require(session, owner=user.user_id, execution_id=execution_id)
        if ExecutionStatus(execution.status).is_final:
            raise Conflict("already_finished")
        if not execution.stopping:
            await commands.add(session, execution_id, CommandKind.STOP)
        steps = (await executions.steps_of(session, [execution_id]))[execution_id]
        read = views.status_read(execution, steps)
    await dispatch.wake(execution_id)
    return read.model_copy(update={"stopping": True})


async def presently(user: CurrentUser) -> PresentRead:
    """What runs now, what it has cost, and what waits for the person."""
    async with reading() as session:
        costs = await executions.costs_unfinished(session, user.user_id)
        needs_you = await approvals.count_open(session, user.user_id)
        unread = await notifications.count_unread(session, user.user_id)
    known = [cost for each in costs if (cost := each.get("known_cost_usd")) is not None]
    return PresentRead(
        unfinished=len(costs), cost_usd=round(sum(known), 6) if known else None, needs_you=needs_you, unread=unread
    )


async def overview(user: CurrentUser) -> OverviewRead:
    """The dashboard's figures: what runs and waits now, and two weeks in numbers."""
    now = utc_now()
    async with reading() as session:
        unfinished = await executions.count_unfinished(session, user.user_id)
        rows = await executions.figures_since(session, user.user_id, now - 2 * PERIOD)
        needs_you = await approvals.count_open(session, user.user_id)
    return overview_of(unfinished, rows, needs_you=needs_you, now=now)


async def _own(user: CurrentUser, execution_id: UUID) -> tuple[Execution, list[Step]]:
    async with reading() as session:
        execution = await executions.require(session, owner=user.user_id, execution_id=execution_id)
        return execution, (await executions.steps_of(session, [execution_id]))[execution_id]
