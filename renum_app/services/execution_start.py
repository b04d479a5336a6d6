"""Taking an execution in: what is checked first, the plan it freezes, and its first row and event."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID, uuid4

from renum_app import runtime
from renum_app.database import transaction
from renum_app.engine import dispatch
from renum_app.engine.context import json_safe
from renum_app.engine.plan import Plan, agent_ids_of, plan_for
from renum_app.engine.progress import nothing_yet
from renum_app.engine.rows import execution_values, planned_values
from renum_app.errors import Conflict, FieldProblem, Invalid, TooMany
from renum_app.models.agent import AgentSnapshot
from renum_app.models.event import EventKind, StoredEvent
from renum_app.models.execution import ExecuteRequest, Execution, ExecutionStatus, Overrides
from renum_app.models.execution_read import ExecutionRead
from renum_app.models.step import Step
from renum_app.models.team import TeamRead
from renum_app.models.user import CurrentUser
from renum_app.models.values import utc_now
from renum_app.repositories import agents, executions, teams
from renum_app.repositories import events as event_log
from renum_app.services import budgets, idempotency
from renum_app.services import execution_views as views

_BUSY_RETRY_SECONDS = 5.0


async def start(user: CurrentUser, team_id: UUID, request: ExecuteRequest) -> ExecutionRead:
    """Start the team on a prompt; from here on it survives a restart.

    Raises:
        NotFound: The person has no such team.
        Invalid: The prompt or the variables cannot be used, or an agent has vanished where it lived.
        Conflict: The team is switched off, or an agent of it is gone.
        TooMany: Too many of the person's executions have not ended.
    """
    check_request(request)
    async with transaction() as session:
        check_room(await executions.count_unfinished(session, user.user_id))
        team = TeamRead.model_validate(await teams.require(session, owner=user.user_id, team_id=team_id, lock=True))
        wanted = agent_ids_of(team.workflow_definition.agents)
        found = await agents.snapshots(session, owner=user.user_id, agent_ids=wanted)
        plan = frozen(user, team, found, request.overrides)
        check_agents(team, found, request.overrides)
        execution = row_of(user, plan, with_defaults(team, request))
        steps = [Step(execution_id=execution.execution_id, **planned_values(step)) for step in plan.steps]
        await executions.add(session, execution, steps)
        await event_log.add_first(session, [accepted(execution)])
        read = views.execution_read(execution, steps)
        await idempotency.made(session, read)
    await dispatch.start(execution.execution_id, user_id=user.user_id)
    return read


def with_defaults(team: TeamRead, request: ExecuteRequest) -> ExecuteRequest:
    """The request, with what the team's variables are where it does not say."""
    defaults = {each.name: each.default for each in team.team_config.variables if each.default is not None}
    return request.model_copy(update={"variables": {**defaults, **request.variables}})


def check_request(request: ExecuteRequest) -> None:
    """Refuse what no team could be asked.

    Raises:
        Invalid: The prompt or the variables cannot be used.
    """
    problems = problems_of_prompt(request.initial_prompt)
    try:
        json_safe(request.variables)
    except ValueError:
        problems.append(FieldProblem(field="variables", code="variables_too_deep"))
    if problems:
        raise Invalid(problems)


def check_room(unfinished: Mapping[str, int]) -> None:
    """Refuse one more execution than a person may have waiting.

    Raises:
        TooMany: There are as many already.
    """
    limit = runtime.current().settings.max_waiting_executions
    if sum(unfinished.values()) >= limit:
        raise TooMany("too_many_executions", retry_after=_BUSY_RETRY_SECONDS, limit=limit)


def problems_of_prompt(prompt: str) -> list[FieldProblem]:
    """Why a team cannot be asked this."""
    limit = runtime.current().settings.max_prompt_chars
    if not prompt.strip():
        return [FieldProblem("initial_prompt", "prompt_is_blank")]
    if len(prompt) > limit:
        return [FieldProblem("initial_prompt", "prompt_too_long", {"limit": limit, "given": len(prompt)})]
    return []


def frozen(
    user: CurrentUser,
    team: TeamRead,
    found: Mapping[str, AgentSnapshot],
    overrides: Overrides,
    *,
    caps_field: str = "overrides.",
) -> Plan:
    """The plan of an execution that starts now.

    Args:
        found: The agents of the workflow, as far as they exist.
        caps_field: What stands before the name of a cap in the request's body.

    Raises:
        Conflict: The team is switched off, or an agent or its backend is gone.
        Invalid: A cap in US dollars on a model without a price.
    """
    _check_team(team, missing=agent_ids_of(team.workflow_definition.agents) - set(found))
    live = runtime.current()
    plan = plan_for(team, found, overrides, step_timeout_seconds=live.settings.step_timeout_seconds)
    for step in plan.steps:
        for agent in filter(None, (step.agent, step.fallback)):
            if agent.backend not in live.backends:
                raise Conflict("backend_missing", agent=agent.name, backend=agent.backend.value)
    place = "team_config." if overrides.max_cost_usd is None else caps_field
    budgets.check_prices(user, plan, field=f"{place}max_cost_usd")
    return plan


def check_agents(
    team: TeamRead, found: Mapping[str, AgentSnapshot], overrides: Overrides, *, but: Collection[str] = ()
) -> None:
    """Refuse to call agents that have vanished where they lived; a rehearsal calls none of them.

    Args:
        but: Steps whose result is known already.

    Raises:
        Invalid: There is one, at the path of its seat in the team.
    """
    called = {
        f"workflow_definition.agents.{place}.{field}": found[agent_id]
        for place, member in enumerate(team.workflow_definition.agents)
        if (member.step_id or member.agent_id) not in but
        for field, agent_id in (("agent_id", member.agent_id), ("fallback_agent_id", member.fallback_agent_id))
        if agent_id
    }
    problems = [
        FieldProblem(field, "agent_vanished", {"agent": agent.name})
        for field, agent in called.items()
        if agent.is_missing
    ]
    if problems and not overrides.rehearsal:
        raise Invalid(problems, "agents_vanished")


def row_of(user: CurrentUser, plan: Plan, request: ExecuteRequest) -> Execution:
    """An execution before anything but its acceptance has happened."""
    return Execution(
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


def accepted(execution: Execution, **more: Any) -> StoredEvent:
    """The first event."""
    data = {"status": ExecutionStatus.PENDING.value, "total_steps": execution.total_steps, **more}
    return StoredEvent(execution.execution_id, 1, EventKind.EXECUTION_ACCEPTED, execution.created_at, data)


def _check_team(team: TeamRead, *, missing: Collection[str]) -> None:
    if not team.is_active:
        raise Conflict("team_inactive", team=team.name)
    if missing:
        raise Conflict(
            "agents_missing", team=team.name, agents=", ".join(sorted(missing)), details={"agents": sorted(missing)}
        )
