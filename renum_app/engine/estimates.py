"""Estimates: what a plan will cost and how long it will take, from what its steps have done or from theory. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from statistics import median, quantiles

from renum_app.agents.backend import Usage
from renum_app.engine.budgets import DEFAULT_OUTPUT_TOKENS, input_bound
from renum_app.engine.costs import sum_of, worst_cost
from renum_app.engine.inputs import readable_by, sources_of
from renum_app.engine.plan import Plan, PlannedStep
from renum_app.models.step import StepStatus
from renum_app.models.workflow import Join, WorkflowType

FEWEST_SAMPLES = 3
"""Times a step's turn came; fewer are no history."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One step of an earlier execution that completed or was skipped."""

    status: StepStatus
    cost_usd: float | None = None
    seconds: float | None = None
    """Without waiting for people."""


@dataclass(frozen=True, slots=True)
class Spread:
    p50: float
    p90: float


@dataclass(frozen=True, slots=True)
class Habit:
    """How one step has behaved; None where too little is known."""

    cost_usd: Spread | None = None
    seconds: Spread | None = None
    share: float = 1.0
    """Of the times its turn came: how often it ran, rather than being skipped."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a step of an execution under way stands."""

    status: StepStatus
    started_at: datetime | None = None


UNKNOWN = Habit()


def habit_of(samples: Sequence[Sample]) -> Habit:
    """What a step's past says about its next time."""
    if len(samples) < FEWEST_SAMPLES:
        return UNKNOWN
    ran = [sample for sample in samples if sample.status is StepStatus.COMPLETED]
    return Habit(
        cost_usd=_spread([sample.cost_usd for sample in ran]),
        seconds=_spread([sample.seconds for sample in ran]),
        share=len(ran) / len(samples),
    )


def cost_by_history(plan: Plan, habits: Mapping[str, Habit]) -> Spread | None:
    """US dollars of all steps together; None where one of them has no history."""
    return _combined(plan, habits, lambda habit: habit.cost_usd, lambda costs: sum_of(costs.values()) or 0.0)


def seconds_by_history(plan: Plan, habits: Mapping[str, Habit]) -> Spread | None:
    """From start to end; None where a step has no history."""
    return _combined(plan, habits, lambda habit: habit.seconds, lambda seconds: span(plan, seconds))


def cost_by_theory(plan: Plan, prompt: str) -> float | None:
    """US dollars if every member is called once and says as much as it may; None where a price is unknown."""
    costs = [worst_cost(step.agent, _bound(plan, step, prompt)) for step in plan.steps]
    known = [cost for cost in costs if cost is not None]
    return float(sum(known, Decimal())) if len(known) == len(costs) else None


def span(plan: Plan, seconds: Mapping[str, float]) -> float:
    """How long the plan takes when its steps take so long, each from its own start."""
    if plan.type is not WorkflowType.PARALLEL:
        return sum(_together(plan, [seconds[step.step_id] for step in group]) for group in plan.groups)
    ends = _ends_of_branches(plan, seconds)
    if plan.join is Join.FIRST and ends:
        branches = min(ends)
    else:
        branches = max([*ends, _together(plan, [seconds[step.step_id] for step in plan.branches])])
    return branches + (seconds[plan.coordinator.step_id] if plan.coordinator else 0.0)


def seconds_left(
    plan: Plan, habits: Mapping[str, Habit], standings: Mapping[str, Standing], *, now: datetime
) -> float | None:
    """Until an execution under way is likely to end; None where nobody can say."""
    left: dict[str, float] = {}
    for step in plan.steps:
        own = _left(habits.get(step.step_id, UNKNOWN), standings[step.step_id], now)
        if own is None:
            return None
        left[step.step_id] = own
    return span(plan, left)


def _left(habit: Habit, standing: Standing, now: datetime) -> float | None:
    """A step that has taken longer than nine of ten before it is no longer predictable."""
    if standing.status.is_final:
        return 0.0
    if habit.seconds is None:
        return None
    if standing.started_at is None:
        return habit.seconds.p50 * habit.share
    passed = (now - standing.started_at).total_seconds()
    return next((end - passed for end in (habit.seconds.p50, habit.seconds.p90) if end >= passed), None)


def _spread(values: Sequence[float | None]) -> Spread | None:
    """Of a step that is seldom not skipped, one or two values are all there is; of one that never ran, none."""
    known = sorted(value for value in values if value is not None)
    if len(known) < min(FEWEST_SAMPLES, len(values)):
        return None
    if len(known) < 2:
        only = known[0] if known else 0.0
        return Spread(p50=only, p90=only)
    return Spread(p50=median(known), p90=quantiles(known, n=10, method="inclusive")[8])


def _combined(
    plan: Plan,
    habits: Mapping[str, Habit],
    wanted: Callable[[Habit], Spread | None],
    combine: Callable[[dict[str, float]], float],
) -> Spread | None:
    """Each percentile by itself, a step that is often skipped counting as often as it runs."""
    p50: dict[str, float] = {}
    p90: dict[str, float] = {}
    for step in plan.steps:
        habit = habits.get(step.step_id, UNKNOWN)
        spread = wanted(habit)
        if spread is None:
            return None
        p50[step.step_id], p90[step.step_id] = spread.p50 * habit.share, spread.p90 * habit.share
    return Spread(p50=combine(p50), p90=combine(p90))


def _together(plan: Plan, seconds: list[float]) -> float:
    """Members that run at once, or as many of them as may."""
    longest = max(seconds, default=0.0)
    return longest if plan.max_concurrency is None else max(longest, sum(seconds) / plan.max_concurrency)


def _ends_of_branches(plan: Plan, seconds: Mapping[str, float]) -> list[float]:
    """When each branch ends; it starts when the members it reads have ended."""
    ends: dict[str, float] = {}

    def end_of(step: PlannedStep) -> float:
        if step.step_id not in ends:
            begin = max((end_of(source) for source in sources_of(plan, step)), default=0.0)
            ends[step.step_id] = begin + seconds[step.step_id]
        return ends[step.step_id]

    return [end_of(step) for step in plan.branches]


def _bound(plan: Plan, step: PlannedStep, prompt: str) -> Usage:
    """Tokens of one call at most: what it is told, what those it reads may have said, and what it may say."""
    read = input_bound(step.agent.instructions + prompt) + sum(_output(other) for other in _read_by(plan, step))
    return Usage(input_tokens=read, output_tokens=_output(step))


def _output(step: PlannedStep) -> int:
    return step.max_tokens or DEFAULT_OUTPUT_TOKENS


def _read_by(plan: Plan, step: PlannedStep) -> list[PlannedStep]:
    """The members whose results are in its input."""
    if step.input:
        return sources_of(plan, step)
    readable = readable_by(plan, step)
    if plan.type is WorkflowType.PIPELINE and not step.is_coordinator and readable:
        last = max(other.order for other in readable)
        return [other for other in readable if other.order == last]
    return readable
