"""What an execution is going to cost and to take: before it starts, and while it runs."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from renum_app.database import reading
from renum_app.engine import estimates as reckoning
from renum_app.engine.estimates import Habit, Sample, Spread, Standing
from renum_app.engine.plan import Plan, agent_ids_of
from renum_app.models.estimate import Basis, EstimateRead, RangeRead
from renum_app.models.execution import ExecuteRequest, Execution, ExecutionStatus
from renum_app.models.step import Step, StepStatus
from renum_app.models.team import TeamRead, TeamWrite
from renum_app.models.user import CurrentUser
from renum_app.models.values import utc_now
from renum_app.repositories import agents, teams
from renum_app.repositories import estimates as history
from renum_app.services.execution_start import check_request, frozen

_EXECUTIONS = 50
"""How many of a team's last executions are its history."""
_MOST_REMEMBERED = 500
_remembered: OrderedDict[UUID, Mapping[str, Habit]] = OrderedDict()
"""By execution, what `completion` rests on."""


async def estimate(user: CurrentUser, team_id: UUID, request: ExecuteRequest) -> EstimateRead:
    """What `executions.start` with this request would cost and take; raises like it."""
    check_request(request)
    async with reading() as session:
        team = TeamRead.model_validate(await teams.require(session, owner=user.user_id, team_id=team_id))
    return await _estimate(user, team, request)


async def of_unsaved(user: CurrentUser, body: TeamWrite, request: ExecuteRequest) -> EstimateRead:
    """The same for a team that has not been created: it has no past, so it is theory. Raises like `estimate`."""
    check_request(request)
    now = utc_now()
    facts = {"team_id": uuid4(), "user_id": user.user_id, "version": 1, "created_at": now, "updated_at": now}
    return await _estimate(user, TeamRead.model_validate({**body.model_dump(), **facts}), request)


async def _estimate(user: CurrentUser, team: TeamRead, request: ExecuteRequest) -> EstimateRead:
    async with reading() as session:
        wanted = agent_ids_of(team.workflow_definition.agents)
        found = await agents.snapshots(session, owner=user.user_id, agent_ids=wanted)
    plan = frozen(user, team, found, request.overrides)
    habits = await _habits(user.user_id, plan)
    bound = reckoning.cost_by_theory(plan, request.initial_prompt)
    return EstimateRead(
        cost_usd=_range(reckoning.cost_by_history(plan, habits), bound),
        seconds=_range(reckoning.seconds_by_history(plan, habits), None),
    )


async def completion(execution: Execution, steps: Sequence[Step]) -> datetime | None:
    """When an execution under way is likely to end; None where nobody can say, or where people are waited for."""
    if execution.status != ExecutionStatus.RUNNING.value or execution.stopping or execution.waiting_for:
        return None
    habits = await _habits_of(execution)
    if not habits:
        return None
    standings = {step.step_id: Standing(StepStatus(step.status), step.started_at) for step in steps}
    now = utc_now()
    seconds = reckoning.seconds_left(Plan.model_validate(execution.plan), habits, standings, now=now)
    return None if seconds is None else now + timedelta(seconds=seconds)


async def _habits_of(execution: Execution) -> Mapping[str, Habit]:
    """The past as it was when first asked for: whoever polls costs one look at it."""
    key = execution.execution_id
    if key not in _remembered:
        _remembered[key] = await _habits(execution.user_id, Plan.model_validate(execution.plan))
        while len(_remembered) > _MOST_REMEMBERED:
            _remembered.popitem(last=False)
    return _remembered.get(key, {})


async def _habits(owner: UUID, plan: Plan) -> dict[str, Habit]:
    """How each step has behaved with the agent, the model and the backend it has now; only those with a past."""
    async with reading() as session:
        of_team = {"owner": owner, "team_id": plan.team_id, "executions": _EXECUTIONS}
        rows = await history.past_steps(session, **of_team)
        waits = _waits(await history.past_decisions(session, **of_team))
    seats = {
        (step.step_id, step.agent.agent_id, step.agent.backend.value, step.agent.model): step.step_id
        for step in plan.steps
    }
    samples: defaultdict[str, list[Sample]] = defaultdict(list)
    for row in rows:
        if step_id := seats.get((row.step_id, row.agent_id, row.backend, row.model)):
            samples[step_id].append(_sample(row, waits.get((row.execution_id, row.step_id), 0.0)))
    return {step_id: reckoning.habit_of(of_step) for step_id, of_step in samples.items()}


def _waits(decisions: Iterable[Any]) -> dict[tuple[UUID, str], float]:
    """Seconds each step waited for people."""
    waits: defaultdict[tuple[UUID, str], float] = defaultdict(float)
    for row in decisions:
        waits[row.execution_id, row.step_id] += (row.decided_at - row.created_at).total_seconds()
    return waits


def _sample(row: Any, waited: float) -> Sample:
    is_timed = row.started_at and row.completed_at
    seconds = (row.completed_at - row.started_at).total_seconds() - waited if is_timed else None
    return Sample(StepStatus(row.status), row.cost_usd, None if seconds is None else max(0.0, seconds))


def _range(spread: Spread | None, bound: float | None) -> RangeRead:
    if spread:
        return RangeRead(p50=round(spread.p50, 6), p90=round(spread.p90, 6), basis=Basis.HISTORY)
    return RangeRead(p50=bound, p90=bound, basis=Basis.THEORY)
