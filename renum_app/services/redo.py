"""What a person can do with an ended execution: retry it, fork it from a step, resume it under a new cap.

Each makes a new execution, linked to the ended one; results that stay true are in it before its engine starts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from renum_app import runtime
from renum_app.database import AsyncSession, reading, transaction
from renum_app.engine import dispatch
from renum_app.engine.plan import Plan, agent_ids_of
from renum_app.engine.reducer import progress_of
from renum_app.engine.reuse import Taken, taken
from renum_app.engine.rows import execution_values, log_values, planned_values, step_values
from renum_app.errors import Conflict, FieldProblem, Invalid, NotFound
from renum_app.models.agent import AgentSnapshot
from renum_app.models.event import StoredEvent
from renum_app.models.execution import ExecuteRequest, Execution, ExecutionStatus, Overrides
from renum_app.models.execution_read import ExecutionRead
from renum_app.models.redo import ForkForecast, ForkRequest, RedoKind, ResumeRequest
from renum_app.models.step import Step
from renum_app.models.team import Team, TeamRead
from renum_app.models.user import CurrentUser
from renum_app.repositories import agents, executions, teams
from renum_app.repositories import events as event_log
from renum_app.services import execution_views as views
from renum_app.services import idempotency
from renum_app.services.execution_start import accepted, check_room, frozen, problems_of_prompt, row_of


@dataclass(frozen=True)
class _Wish:
    """What is asked of an ended execution."""

    kind: RedoKind
    from_step: str | None = None
    input: str | None = None
    output: str | None = None
    initial_prompt: str | None = None
    team_version: int | None = None
    caps: dict[str, Any] = field(default_factory=dict)
    """Overrides that take the place of the ended execution's."""

    @property
    def changed(self) -> list[str]:
        texts = ("input", "output", "initial_prompt", "team_version")
        return [*(name for name in texts if getattr(self, name) is not None), *(["cap"] if self.caps else [])]


async def retry(user: CurrentUser, execution_id: UUID) -> ExecutionRead:
    """Run again what failed or never ran; every completed step's result is taken over.

    Raises:
        NotFound: The person has no such execution.
        Conflict: It has not ended, nothing of it is left to do, or its team cannot run.
        TooMany: Too many of the person's executions have not ended.
    """
    return await _redo(user, execution_id, _Wish(RedoKind.RETRY))


async def fork(user: CurrentUser, execution_id: UUID, request: ForkRequest) -> ExecutionRead:
    """Run one step and all that follows it again, perhaps with something changed; raises like `retry`.

    Raises:
        Invalid: There is no such step or version, or a text cannot be used.
    """
    _check_texts(request)
    return await _redo(user, execution_id, _Wish(RedoKind.FORK, **request.model_dump()))


async def resume(user: CurrentUser, execution_id: UUID, request: ResumeRequest) -> ExecutionRead:
    """Go on where a budget ended it, under new caps, which count the new execution alone; raises like `retry`.

    Raises:
        Invalid: A cap in US dollars on a model without a price.
    """
    return await _redo(user, execution_id, _Wish(RedoKind.RESUME, caps=request.model_dump(exclude_none=True)))


async def foresee(
    user: CurrentUser, execution_id: UUID, *, from_step: str, is_given: bool = False, team_version: int | None = None
) -> ForkForecast:
    """What a fork would run again and what it would keep; raises like `fork`, and starts nothing.

    Args:
        is_given: A person writes the step's answer, so that its agent is not called.
    """
    wish = _Wish(RedoKind.FORK, from_step=from_step, output="" if is_given else None, team_version=team_version)
    async with reading() as session:
        parent = await executions.require(session, owner=user.user_id, execution_id=execution_id)
        _check_end(parent, wish.kind)
        _, plan, results = await _prepared(session, user, parent, wish)
    known = {one.step.step_id for one in results}
    costs = [one.saved_cost_usd for one in results if not one.is_given]
    return ForkForecast(
        again=[step.step_id for step in plan.steps if step.step_id not in known],
        reused=[one.step.step_id for one in results if not one.is_given],
        saved_cost_usd=None if None in costs else sum(cost for cost in costs if cost is not None),
        saved_tokens=sum(one.saved_tokens for one in results),
    )


async def _redo(user: CurrentUser, execution_id: UUID, wish: _Wish) -> ExecutionRead:
    async with transaction() as session:
        parent = await executions.require(session, owner=user.user_id, execution_id=execution_id)
        _check_end(parent, wish.kind)
        check_room(await executions.count_unfinished(session, user.user_id))
        request, plan, results = await _prepared(session, user, parent, wish, lock=True)
        execution = _row_of(user, plan, request, parent=parent, wish=wish)
        steps, events = _begun(execution, plan, results, origin=execution_id)
        await executions.add(session, execution, steps)
        await event_log.add_first(session, events, logs=[line for event in events if (line := log_values(event))])
        read = views.execution_read(execution, steps)
        await idempotency.made(session, read)
    await dispatch.start(execution.execution_id, user_id=user.user_id)
    return read


async def _prepared(
    session: AsyncSession, user: CurrentUser, parent: Execution, wish: _Wish, *, lock: bool = False
) -> tuple[ExecuteRequest, Plan, list[Taken]]:
    """What the new execution is asked, the plan it follows, and the results it begins with."""
    try:
        row = await teams.require(session, owner=user.user_id, team_id=parent.team_id, lock=lock)
    except NotFound as gone:
        raise Conflict("team_archived") from gone
    version = wish.team_version or parent.version
    team = _at_version(row, await teams.snapshot(session, parent.team_id, version), version)
    wanted = agent_ids_of(team.workflow_definition.agents)
    found = await agents.snapshots(session, owner=user.user_id, agent_ids=wanted)
    request = _request(parent, wish)
    plan = _plan(user, team, found, request, parent=parent, wish=wish)
    return request, plan, _taken(parent, await event_log.lasting(session, parent.execution_id), plan, wish)


def _check_texts(request: ForkRequest) -> None:
    if request.input is not None and request.output is not None:
        raise Invalid([FieldProblem(name, "input_and_output") for name in ("input", "output")])
    settings = runtime.current().settings
    problems = problems_of_prompt(request.initial_prompt) if request.initial_prompt is not None else []
    problems += _problems_of("input", request.input, settings.max_prompt_chars)
    problems += _problems_of("output", request.output, settings.max_output_bytes)
    if problems:
        raise Invalid(problems)


def _problems_of(name: str, text: str | None, limit: int) -> list[FieldProblem]:
    if text is not None and not text.strip():
        return [FieldProblem(name, "blank")]
    if text is not None and len(text) > limit:
        return [FieldProblem(name, "string_too_long", {"max_length": limit})]
    return []


def _check_end(parent: Execution, kind: RedoKind) -> None:
    status = ExecutionStatus(parent.status)
    if not status.is_final:
        raise Conflict("not_finished")
    if kind is RedoKind.RETRY and status is ExecutionStatus.COMPLETED:
        raise Conflict("nothing_to_retry")
    if kind is RedoKind.RESUME and parent.error_code != "budget_exceeded":
        raise Conflict("not_resumable")


def _at_version(row: Team, snapshot: dict[str, Any] | None, version: int) -> TeamRead:
    """The team as one of its versions has it; whether it is switched on and its month budget belong to no version."""
    if snapshot is None:
        raise Invalid([FieldProblem("team_version", "unknown_version", {"version": version})])
    now = TeamRead.model_validate(row)
    then = TeamRead.model_validate({**now.model_dump(), **snapshot, "version": version})
    config = then.team_config.model_copy(update={"monthly_budget_usd": now.team_config.monthly_budget_usd})
    return then.model_copy(update={"team_config": config})


def _request(parent: Execution, wish: _Wish) -> ExecuteRequest:
    """The request that would have started the new execution from nothing."""
    return ExecuteRequest(
        initial_prompt=parent.initial_prompt if wish.initial_prompt is None else wish.initial_prompt,
        variables=parent.variables,
        overrides=Overrides.model_validate({**parent.overrides, **wish.caps}),
    )


def _plan(
    user: CurrentUser,
    team: TeamRead,
    found: Mapping[str, AgentSnapshot],
    request: ExecuteRequest,
    *,
    parent: Execution,
    wish: _Wish,
) -> Plan:
    """The plan with the inputs that people give now, or gave to the ended execution and did not take back."""
    plan = frozen(user, team, found, request.overrides, caps_field="")
    given = {step.step_id: step.given_input for step in Plan.model_validate(parent.plan).steps}
    if wish.from_step is not None:
        if wish.from_step not in plan.by_id:
            raise Invalid([FieldProblem("from_step", "unknown_step", {"step_id": wish.from_step})])
        earlier = given.get(wish.from_step) if wish.initial_prompt is None else None
        given = {wish.from_step: earlier if wish.input is None else wish.input}
    steps = tuple(step.model_copy(update={"given_input": given.get(step.step_id)}) for step in plan.steps)
    return plan.model_copy(update={"steps": steps})


def _taken(parent: Execution, past: Sequence[StoredEvent], plan: Plan, wish: _Wish) -> list[Taken]:
    old = Plan.model_validate(parent.plan)
    return taken(old, progress_of(old, past), plan, from_step=wish.from_step, output=wish.output)


def _row_of(user: CurrentUser, plan: Plan, request: ExecuteRequest, *, parent: Execution, wish: _Wish) -> Execution:
    execution = row_of(user, plan, request)
    execution.parent_execution_id = parent.execution_id
    execution.redo = {"kind": wish.kind.value, "from_step": wish.from_step, "changed": wish.changed}
    return execution


def _begun(
    execution: Execution, plan: Plan, results: Sequence[Taken], *, origin: UUID
) -> tuple[list[Step], list[StoredEvent]]:
    """The first events; the execution's row, and those of its steps, become what the reducer makes of them."""
    events = [accepted(execution, parent_execution_id=str(origin), redo=execution.redo)]
    for kind, data in (fact for one in results for fact in one.facts(origin)):
        events.append(StoredEvent(execution.execution_id, len(events) + 1, kind, execution.created_at, data))
    progress = progress_of(plan, events)
    for name, value in execution_values(plan, progress).items():
        setattr(execution, name, value)
    execution.last_seq = progress.last_seq
    steps = [
        Step(execution_id=execution.execution_id, **planned_values(step), **step_values(progress.of(step)))
        for step in plan.steps
    ]
    return steps, events
