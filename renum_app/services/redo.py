"""What a person can do with an ended execution: retry it, fork it from a step, resume it under a new cap.

Each makes a new execution, linked to the ended one; results that stay true are in it before its engine starts.
"""

from __future__ import annotations

from uuid import UUID

from renum_app.database import AsyncSession, reading, transaction
from renum_app.engine import dispatch
from renum_app.engine.costs import sum_of
from renum_app.engine.plan import Plan, agent_ids_of
from renum_app.engine.reuse import Taken
from renum_app.errors import Conflict, NotFound
from renum_app.models.execution import ExecuteRequest, Execution
from renum_app.models.execution_read import ExecutionRead
from renum_app.models.redo import ForkForecast, ForkRequest, RedoKind, ResumeRequest
from renum_app.models.user import CurrentUser
from renum_app.repositories import agents, executions, teams
from renum_app.repositories import events as event_log
from renum_app.services import execution_views as views
from renum_app.services import idempotency
from renum_app.services import redo_wish as wishes
from renum_app.services.execution_start import check_agents, check_room
from renum_app.services.redo_wish import Wish


async def retry(user: CurrentUser, execution_id: UUID) -> ExecutionRead:
    """Run again what failed or never ran; every completed step's result is taken over.

    Raises:
        NotFound: The person has no such execution.
        Conflict: It has not ended, nothing of it is left to do, or its team cannot run.
        TooMany: Too many of the person's executions have not ended.
    """
    return await _redo(user, execution_id, Wish(RedoKind.RETRY))


async def fork(user: CurrentUser, execution_id: UUID, request: ForkRequest) -> ExecutionRead:
    """Run one step and all that follows it again, perhaps with something changed; raises like `retry`.

    Raises:
        Invalid: There is no such step or version, or a text cannot be used.
    """
    wishes.check_texts(request)
    return await _redo(user, execution_id, Wish(RedoKind.FORK, **request.model_dump()))


async def resume(user: CurrentUser, execution_id: UUID, request: ResumeRequest) -> ExecutionRead:
    """Go on where a budget ended it, under new caps, which count the new execution alone; raises like `retry`.

    Raises:
        Invalid: A cap in US dollars on a model without a price.
    """
    return await _redo(user, execution_id, Wish(RedoKind.RESUME, caps=request.model_dump(exclude_none=True)))


async def foresee(
    user: CurrentUser, execution_id: UUID, *, from_step: str, is_given: bool = False, team_version: int | None = None
) -> ForkForecast:
    """What a fork would run again and what it would keep; raises like `fork`, and starts nothing.

    Args:
        is_given: A person writes the step's answer, so that its agent is not called.
    """
    wish = Wish(RedoKind.FORK, from_step=from_step, output="" if is_given else None, team_version=team_version)
    async with reading() as session:
        parent = await executions.require(session, owner=user.user_id, execution_id=execution_id)
        wishes.check_end(parent, wish.kind)
        _, plan, results = await _prepared(session, user, parent, wish)
    known = {one.step.step_id for one in results}
    reused = [one for one in results if not one.is_given]
    return ForkForecast(
        again=[step.step_id for step in plan.steps if step.step_id not in known],
        reused=[one.step.step_id for one in reused],
        saved_cost_usd=sum_of(one.saved_cost_usd for one in reused),
        saved_tokens=sum(one.saved_tokens for one in results),
    )


async def _redo(user: CurrentUser, execution_id: UUID, wish: Wish) -> ExecutionRead:
    async with transaction() as session:
        parent = await executions.require(session, owner=user.user_id, execution_id=execution_id)
        wishes.check_end(parent, wish.kind)
        check_room(await executions.count_unfinished(session, user.user_id))
        request, plan, results = await _prepared(session, user, parent, wish, lock=True)
        execution = wishes.redo_row(user, plan, request, parent=parent, wish=wish)
        steps, events = wishes.begun(execution, plan, results, origin=execution_id)
        await executions.add(session, execution, steps)
        await event_log.add_first(session, events)
        read = views.execution_read(execution, steps)
        await idempotency.made(session, read)
    await dispatch.start(execution.execution_id, user_id=user.user_id)
    return read


async def _prepared(
    session: AsyncSession, user: CurrentUser, parent: Execution, wish: Wish, *, lock: bool = False
) -> tuple[ExecuteRequest, Plan, list[Taken]]:
    """What the new execution is asked, the plan it follows, and the results it begins with."""
    try:
        row = await teams.require(session, owner=user.user_id, team_id=parent.team_id, lock=lock)
    except NotFound as gone:
        raise Conflict("team_archived") from gone
    version = wish.team_version or parent.version
    team = wishes.at_version(row, await teams.snapshot(session, parent.team_id, version), version)
    wanted = agent_ids_of(team.workflow_definition.agents)
    found = await agents.snapshots(session, owner=user.user_id, agent_ids=wanted)
    request = wishes.request_of(parent, wish)
    plan = wishes.plan_of(user, team, found, request, parent=parent, wish=wish)
    results = wishes.results_of(parent, await event_log.lasting(session, parent.execution_id), plan, wish)
    check_agents(team, found, request.overrides, but={one.step.step_id for one in results})
    return request, plan, results
