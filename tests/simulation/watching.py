"""What must hold after every action, whatever happened."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from renum_app.engine.costs import price
from renum_app.engine.inputs import sources_of
from renum_app.engine.plan import Plan, PlannedStep
from renum_app.engine.progress import Progress, nothing_yet
from renum_app.engine.reducer import fold, progress_of
from renum_app.engine.retries import MAX_INTERRUPTIONS
from renum_app.engine.rows import approval_values, execution_values, step_values
from renum_app.models.approval import ApprovalStatus
from renum_app.models.event import FINAL_KINDS, EventKind, StoredEvent
from renum_app.models.step import StepStatus
from renum_app.models.workflow import WorkflowType
from tests.fixtures.events.folded import log_values
from tests.simulation.agents import MODEL, PROVIDER, Run
from tests.simulation.storage import Storage

_ENDS_OF_STEPS = frozenset(
    {EventKind.STEP_COMPLETED, EventKind.STEP_FAILED, EventKind.STEP_SKIPPED, EventKind.STEP_CANCELLED}
)


class Watched:
    """One execution as its stored events tell it."""

    def __init__(self, plan: Plan, user_id: UUID) -> None:
        self.plan = plan
        self._user_id = user_id
        self.progress: Progress = nothing_yet(plan)
        self.events: list[StoredEvent] = []
        self.runs: list[Run] = []
        self.approvals: dict[UUID, dict[str, Any]] = {}
        """What their rows must say."""
        self._starts: Counter[str] = Counter()

    @property
    def has_ended(self) -> bool:
        return self.progress.status.is_final

    def story(self) -> str:
        """What was told, short enough to be read."""
        told = (event for event in self.events if event.kind not in (EventKind.LOGGED, EventKind.PROGRESS_MADE))
        return "\n".join(
            f"{event.seq} {event.timestamp:%H:%M:%S.%f} {event.kind} {event.data.get('step_id', '')}"
            f" {event.data.get('attempt', '')} {event.data.get('reason', '')}"
            for event in told
        )

    def follow(self, events: Iterable[StoredEvent]) -> None:
        for event in events:
            assert event.seq == len(self.events) + 1, "no gap, no repeat"
            assert not self.has_ended, f"{event.kind} after the end"
            if event.kind is EventKind.ATTEMPT_STARTED:
                self._check_start(self.plan.by_id[event.data["step_id"]], event)
            elif event.kind in _ENDS_OF_STEPS:
                own = self.progress.steps[event.data["step_id"]]
                assert not own.status.is_final, f"a second end of {own.step_id}"
            fold(self.progress, event)
            self.events.append(event)
            if values := approval_values(event, self._user_id):
                self._check_approval(values)
            assert self.has_ended == (event.kind in FINAL_KINDS)

    def check_spending(self) -> None:
        """What was really used, and not what the engine believes; providers here keep to what they are allowed."""
        spent = [run for run in self.runs if run.has_cost]
        if self.plan.max_tokens is not None:
            tokens = sum(run.usage.total or 0 for run in spent)
            assert tokens <= self.plan.max_tokens, f"{tokens} tokens of {self.plan.max_tokens}"
        if self.plan.max_cost_usd is not None:
            cost = _cost(spent)
            assert cost <= Decimal(str(self.plan.max_cost_usd)), f"{cost} US$ of {self.plan.max_cost_usd}"

    def unheard(self) -> set[tuple[str, int]]:
        """Steps and attempts that run and are not being stopped, while nobody listens to their agent."""
        if self.progress.stopping:
            return set()
        heard = {run.key[1:] for run in self.runs if run.inbox is not None}
        own = self.progress.steps.values()
        return {(step.step_id, step.attempt) for step in own if step.status is StepStatus.RUNNING} - heard

    def check_call(self, run: Run) -> None:
        """A call is on record before it is made, and is the step's last word unless another owner has come."""
        _, step_id, attempt = run.key
        assert run.key not in [other.key for other in self.runs], "an attempt is called once"
        self.runs.append(run)
        started = [event for event in self.events if _is_start(event, step_id, attempt)]
        assert started, "called before its attempt_started was stored"
        rest = self.events[started[0].seq :]
        if any(event.kind is EventKind.EXECUTION_RECOVERED for event in rest):
            return
        own = self.progress.steps[step_id]
        assert (own.status, own.attempt) == (StepStatus.RUNNING, attempt), f"called while {own.status}"
        assert not self.progress.stopping, "called after stop_requested"
        assert own.given_input is None or own.given_input == run.request.input, "sent something else than was approved"

    def _check_approval(self, values: dict[str, Any]) -> None:
        """Each is asked for once and gets one outcome."""
        approval_id = values["approval_id"]
        if "created_at" in values:
            assert approval_id not in self.approvals, "asked for twice"
        else:
            assert self.approvals[approval_id]["status"] == ApprovalStatus.OPEN, "decided twice"
        self.approvals[approval_id] = {**self.approvals.get(approval_id, {}), **values}

    def _check_start(self, step: PlannedStep, event: StoredEvent) -> None:
        own = self.progress.of(step)
        assert not own.approval, f"{step.step_id} started while it waits for a person"
        assert own.is_approved or step.requires_approval != "before", f"{step.step_id} started without approval"
        assert not self.progress.is_parked, f"{step.step_id} started while parked"
        assert not self.progress.stopping, f"{step.step_id} started after stop_requested"
        assert own.status in {StepStatus.PENDING, StepStatus.WAITING}, f"{step.step_id} started while {own.status}"
        assert event.data["attempt"] == own.attempt + 1
        assert own.retry_at is None or own.retry_at <= event.timestamp, "started before its time"
        for other in _must_have_ended(self.plan, step):
            assert self.progress.of(other).status.is_final, f"{step.step_id} started before {other.step_id} ended"
        self._starts[step.step_id] += 1
        rounds = 2 if step.fallback else 1
        limit = rounds * step.retry.max_attempts + min(own.interruptions, MAX_INTERRUPTIONS)
        assert self._starts[step.step_id] <= limit, f"{step.step_id} started {self._starts[step.step_id]} times"


class Watcher:
    """All executions of a world."""

    def __init__(self, storage: Storage, *, month_usd: float | None) -> None:
        self._storage = storage
        self._month_usd = month_usd
        """What the one person may spend."""
        self.executions: dict[UUID, Watched] = {}
        self._published: defaultdict[UUID, list[StoredEvent]] = defaultdict(list)

    def publish(self, execution_id: UUID, events: Iterable[StoredEvent]) -> None:
        self._published[execution_id].extend(events)

    def open(self) -> dict[UUID, Watched]:
        return {execution_id: each for execution_id, each in self.executions.items() if not each.has_ended}

    def on_call(self, run: Run) -> None:
        execution_id = run.request.execution_id
        self._follow(execution_id)
        self.executions[execution_id].check_call(run)

    def check(self) -> None:
        """Look at everything that has changed."""
        for execution_id, last_seq in self._storage.last_seqs().items():
            if execution_id not in self.executions or last_seq != len(self.executions[execution_id].events):
                self._follow(execution_id)
                self._check_rows(execution_id)
            elif not self.executions[execution_id].has_ended:
                self.executions[execution_id].check_spending()
        if self._month_usd is not None:
            spent = _cost(run for each in self.executions.values() for run in each.runs if run.has_cost)
            assert spent <= Decimal(str(self._month_usd)), f"{spent} US$ of {self._month_usd} in a month"
        for execution_id, published in self._published.items():
            stored = self.executions[execution_id].events
            assert all(stored[event.seq - 1] == event for event in published), "published and not stored"
        self._published.clear()

    def check_all(self) -> None:
        """Look at everything there ever was: nothing has changed behind our back."""
        self.check()
        for execution_id, watched in self.executions.items():
            events = self._storage.events(execution_id)
            assert events == watched.events, "what was seen is stored"
            assert progress_of(watched.plan, events) == watched.progress
            self._check_rows(execution_id)
            lines = [(line["seq"], line["message"]) for event in events if (line := log_values(event))]
            assert self._storage.log_lines(execution_id) == lines

    def _follow(self, execution_id: UUID) -> None:
        if execution_id not in self.executions:
            row = self._storage.execution(execution_id)
            self.executions[execution_id] = Watched(Plan.model_validate(row.plan), row.user_id)
        watched = self.executions[execution_id]
        watched.follow(self._storage.events(execution_id, after=len(watched.events)))

    def _check_rows(self, execution_id: UUID) -> None:
        watched, row = self.executions[execution_id], self._storage.execution(execution_id)
        wanted = {**execution_values(watched.plan, watched.progress), "last_seq": len(watched.events)}
        _agree("the execution", row, wanted)
        steps = self._storage.steps(execution_id)
        for step_id, own in watched.progress.steps.items():
            values = step_values(own)
            if own.status in {StepStatus.PENDING, StepStatus.WAITING}:  # a month may be reserved for it already
                del values["reserved_usd"], values["started_at"]
            _agree(step_id, steps[step_id], values)
        if watched.approvals:
            rows = self._storage.approvals(execution_id)
            assert rows.keys() == watched.approvals.keys()
            for approval_id, values in watched.approvals.items():
                _agree("approval", rows[approval_id], values)
        watched.check_spending()


def _agree(what: str, row: object, wanted: dict[str, Any]) -> None:
    others = {name: (found, value) for name, value in wanted.items() if (found := getattr(row, name)) != value}
    assert not others, f"{what}: its row and its events do not say the same: {others}"


def _cost(runs: Iterable[Run]) -> Decimal:
    return sum((price(PROVIDER, MODEL, run.usage) or Decimal() for run in runs), Decimal())


def _must_have_ended(plan: Plan, step: PlannedStep) -> list[PlannedStep]:
    """The members a step waits for, whatever came of them."""
    if plan.type is not WorkflowType.PARALLEL:
        return [other for other in plan.steps if other.order < step.order]
    return list(plan.branches) if step.is_coordinator else sources_of(plan, step)


def _is_start(event: StoredEvent, step_id: str, attempt: int) -> bool:
    return (
        event.kind is EventKind.ATTEMPT_STARTED
        and event.data["step_id"] == step_id
        and event.data["attempt"] == attempt
    )
