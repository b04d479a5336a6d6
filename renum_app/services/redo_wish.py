"""What a person asks of an ended execution, and what follows from that: refusals, plan, results, first rows.

Nothing here reads or stores; `redo` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from renum_app import runtime
from renum_app.engine.plan import Plan
from renum_app.engine.reducer import progress_of
from renum_app.engine.reuse import Taken, runs_again, taken
from renum_app.engine.rows import execution_values, planned_values, step_values
from renum_app.errors import Conflict, FieldProblem, Invalid
from renum_app.models.agent import AgentSnapshot
from renum_app.models.event import StoredEvent
from renum_app.models.execution import ExecuteRequest, Execution, ExecutionStatus, Overrides
from renum_app.models.redo import ForkRequest, RedoKind
from renum_app.models.step import Step
from renum_app.models.team import Team, TeamRead
from renum_app.models.user import CurrentUser
from renum_app.services.execution_start import accepted, frozen, problems_of_prompt, row_of


@dataclass(frozen=True)
class Wish:
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


def check_texts(request: ForkRequest) -> None:
    """Refuse what no step could read or have said.

    Raises:
        Invalid: A text is blank or too long, or both input and output are given.
    """
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


def check_end(parent: Execution, kind: RedoKind) -> None:
    """Refuse to redo what has not ended, or has not ended that way.

    Raises:
        Conflict: `not_finished`, `nothing_to_retry` or `not_resumable`.
    """
    status = ExecutionStatus(parent.status)
    if not status.is_final:
        raise Conflict("not_finished")
    if kind is RedoKind.RETRY and status is ExecutionStatus.COMPLETED:
        raise Conflict("nothing_to_retry")
    if kind is RedoKind.RESUME and parent.error_code != "budget_exceeded":
        raise Conflict("not_resumable")


def at_version(row: Team, snapshot: dict[str, Any] | None, version: int) -> TeamRead:
    """The team as one of its versions has it; whether it is switched on and its month budget belong to no version.

    Raises:
        Invalid: There is no such version.
    """
    if snapshot is None:
        raise Invalid([FieldProblem("team_version", "unknown_version", {"version": version})])
    now = TeamRead.model_validate(row)
    then = TeamRead.model_validate({**now.model_dump(), **snapshot, "version": version})
    config = then.team_config.model_copy(update={"monthly_budget_usd": now.team_config.monthly_budget_usd})
    return then.model_copy(update={"team_config": config})


def request_of(parent: Execution, wish: Wish) -> ExecuteRequest:
    """The request that would have started the new execution from nothing."""
    return ExecuteRequest(
        initial_prompt=parent.initial_prompt if wish.initial_prompt is None else wish.initial_prompt,
        variables=parent.variables,
        overrides=Overrides.model_validate({**parent.overrides, **wish.caps}),
    )


def plan_of(
    user: CurrentUser,
    team: TeamRead,
    found: Mapping[str, AgentSnapshot],
    request: ExecuteRequest,
    *,
    parent: Execution,
    wish: Wish,
) -> Plan:
    """The plan with the inputs that people give now, or gave to the ended execution and did not take back.

    Raises:
        Invalid: It has no such step, or a cap in US dollars on a model without a price.
        Conflict: The team cannot run.
    """
    plan = frozen(user, team, found, request.overrides, caps_field="")
    old = Plan.model_validate(parent.plan)
    given = {step.step_id: step.given_input for step in old.steps}
    if wish.from_step is not None:
        if wish.from_step not in plan.by_id:
            raise Invalid([FieldProblem("from_step", "unknown_step", {"step_id": wish.from_step})])
        earlier = given.get(wish.from_step) if wish.initial_prompt is None else None
        again = runs_again(old, plan, from_step=wish.from_step)
        given = {step_id: text for step_id, text in given.items() if step_id not in again}
        given[wish.from_step] = earlier if wish.input is None else wish.input
    steps = tuple(step.model_copy(update={"given_input": given.get(step.step_id)}) for step in plan.steps)
    return plan.model_copy(update={"steps": steps})


def results_of(parent: Execution, past: Sequence[StoredEvent], plan: Plan, wish: Wish) -> list[Taken]:
    """What the new execution begins with, given the ended one's events."""
    old = Plan.model_validate(parent.plan)
    return taken(old, progress_of(old, past), plan, from_step=wish.from_step, output=wish.output)


def redo_row(user: CurrentUser, plan: Plan, request: ExecuteRequest, *, parent: Execution, wish: Wish) -> Execution:
    """The new execution before its first event."""
    execution = row_of(user, plan, request)
    execution.parent_execution_id = parent.execution_id
    execution.redo = {"kind": wish.kind.value, "from_step": wish.from_step, "changed": wish.changed}
    return execution


def begun(
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
