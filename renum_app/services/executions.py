"""What a person can do with executions: start one, watch it, read it, stop it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from renum_app import runtime
from renum_app.agents.backend import Usage
from renum_app.database import reading, transaction
from renum_app.engine import dispatch
from renum_app.engine.context import json_safe
from renum_app.engine.costs import worst_cost
from renum_app.engine.plan import Plan, agent_ids_of, plan_for
from renum_app.engine.progress import nothing_yet
from renum_app.engine.rows import execution_values, planned_values
from renum_app.errors import Conflict, FieldProblem, Invalid, TooMany
from renum_app.models.agent import AgentSnapshot
from renum_app.models.command import CommandKind
from renum_app.models.event import EventKind, StoredEvent
from renum_app.models.execution import ExecuteRequest, Execution, ExecutionStatus
from renum_app.models.execution_log import LogPage, LogRead
from renum_app.models.execution_read import EventPage, ExecutionRead, ExecutionSummary, ResultRead, StatusRead
from renum_app.models.overview import OverviewRead
from renum_app.models.step import Step
from renum_app.models.team import TeamRead
from renum_app.models.user import CurrentUser
from renum_app.models.values import Page, page_of, utc_now
from renum_app.repositories import agents, commands, executions, teams
from renum_app.repositories import events as event_log
from renum_app.services import execution_views as views
from renum_app.services.execution_feed import follow
from renum_app.services.execution_figures import PERIOD, overview_of

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

_BUSY_RETRY_SECONDS = 5.0


async def start(user: CurrentUser, team_id: UUID, request: ExecuteRequest) -> ExecutionRead:
    """Start the team on a prompt; from here on it survives a restart.

    Raises:
        NotFound: The person has no such team.
        Invalid: The prompt or the variables cannot be used.
        Conflict: The team is switched off, or an agent of it is gone.
        TooMany: Too many of the person's executions have not ended.
    """
    _check(request)
    async with transaction() as session:
        _check_room(await executions.count_unfinished(session, user.user_id))
        team = TeamRead.model_validate(await teams.require(session, owner=user.user_id, team_id=team_id, lock=True))
        wanted = agent_ids_of(team.workflow_definition.agents)
        found = await agents.by_ids(session, owner=user.user_id, agent_ids=wanted)
        _check_team(team, missing=wanted - set(found))
        snapshots = {agent_id: AgentSnapshot.model_validate(agent) for agent_id, agent in found.items()}
        plan = _plan(team, snapshots, request)
        execution, steps = _rows(user, plan, request)
        await executions.add(session, execution, steps)
        await event_log.add_first(session, _accepted(execution))
    await dispatch.start(execution.execution_id, user_id=user.user_id)
    return views.execution_read(execution, steps)


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
    """One execution with its steps.

    Raises:
        NotFound: The person has no such execution.
    """
    return views.execution_read(*await _own(user, execution_id))


async def status(user: CurrentUser, execution_id: UUID) -> StatusRead:
    """Where an execution stands.

    Raises:
        NotFound: The person has no such execution.
    """
    return views.status_read(*await _own(user, execution_id))


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
    return LogPage(items=[LogRead.model_validate(line) for line in lines], total=total, limit=limit, offset=offset)


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


async def overview(user: CurrentUser) -> OverviewRead:
    """The dashboard's figures: what runs and waits now, and two weeks in numbers."""
    now = utc_now()
    async with reading() as session:
        unfinished = await executions.count_unfinished(session, user.user_id)
        rows = await executions.figures_since(session, user.user_id, now - 2 * PERIOD)
    return overview_of(unfinished, rows, now=now)


def _check(request: ExecuteRequest) -> None:
    limit = runtime.current().settings.max_prompt_chars
    problems = []
    if len(request.initial_prompt) > limit:
        params = {"limit": limit, "given": len(request.initial_prompt)}
        problems.append(FieldProblem(field="initial_prompt", code="prompt_too_long", params=params))
    if not request.initial_prompt.strip():
        problems.append(FieldProblem(field="initial_prompt", code="prompt_is_blank"))
    try:
        json_safe(request.variables)
    except ValueError:
        problems.append(FieldProblem(field="variables", code="variables_too_deep"))
    if problems:
        raise Invalid(problems)


def _check_room(unfinished: Mapping[str, int]) -> None:
    limit = runtime.current().settings.max_waiting_executions
    if sum(unfinished.values()) >= limit:
        raise TooMany("too_many_executions", retry_after=_BUSY_RETRY_SECONDS, limit=limit)


def _check_team(team: TeamRead, *, missing: Collection[str]) -> None:
    if not team.is_active:
        raise Conflict("team_inactive", team=team.name)
    if missing:
        raise Conflict(
            "agents_missing", team=team.name, agents=", ".join(sorted(missing)), details={"agents": sorted(missing)}
        )


def _plan(team: TeamRead, snapshots: Mapping[str, AgentSnapshot], request: ExecuteRequest) -> Plan:
    live = runtime.current()
    plan = plan_for(team, snapshots, request.overrides, step_timeout_seconds=live.settings.step_timeout_seconds)
    for step in plan.steps:
        for agent in filter(None, (step.agent, step.fallback)):
            if agent.backend not in live.backends:
                raise Conflict("backend_missing", agent=agent.name, backend=agent.backend.value)
    _check_prices(plan, request)
    return plan


def _check_prices(plan: Plan, request: ExecuteRequest) -> None:
    """A cap in US dollars is worth nothing for a model that has no known price."""
    if plan.max_cost_usd is None:
        return
    field = "team_config.max_cost_usd" if request.overrides.max_cost_usd is None else "overrides.max_cost_usd"
    agents_called = {agent.agent_id: agent for step in plan.steps for agent in (step.agent, step.fallback) if agent}
    problems = [
        FieldProblem(field=field, code="price_unknown", params={"agent": agent.name, "model": agent.model})
        for agent in agents_called.values()
        if worst_cost(agent, Usage(input_tokens=1, output_tokens=1)) is None
    ]
    if problems:
        raise Invalid(problems, "price_unknown")


def _rows(user: CurrentUser, plan: Plan, request: ExecuteRequest) -> tuple[Execution, list[Step]]:
    execution = Execution(
        execution_id=uuid4(),
        team_id=plan.team_id,
        user_id=user.user_id,
        initial_prompt=request.initial_prompt,
        variables=json_safe(request.variables),
        overrides=request.overrides.model_dump(mode="json"),
        version=plan.version,
        plan=plan.model_dump(mode="json"),
        total_steps=len(plan.steps),
        last_seq=1,
        created_at=utc_now(),
        **execution_values(plan, nothing_yet(plan)),
    )
    steps = [Step(execution_id=execution.execution_id, **planned_values(step)) for step in plan.steps]
    return execution, steps


def _accepted(execution: Execution) -> StoredEvent:
    data: dict[str, Any] = {"status": ExecutionStatus.PENDING.value, "total_steps": execution.total_steps}
    return StoredEvent(execution.execution_id, 1, EventKind.EXECUTION_ACCEPTED, execution.created_at, data)


async def _own(user: CurrentUser, execution_id: UUID) -> tuple[Execution, list[Step]]:
    async with reading() as session:
        execution = await executions.require(session, owner=user.user_id, execution_id=execution_id)
        return execution, (await executions.steps_of(session, [execution_id]))[execution_id]
