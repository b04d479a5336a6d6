"""Where an execution stands: what the reducer makes of its events, and strategies decide on. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from renum_app.engine.context import Writes
from renum_app.engine.plan import Plan, PlannedStep
from renum_app.models.approval import ApprovalMoment, Verdict
from renum_app.models.execution import ExecutionStatus
from renum_app.models.step import FINAL_STEP_STATUSES, StepStatus


@dataclass(frozen=True, slots=True)
class OpenApproval:
    """A step waits for a person."""

    approval_id: str
    moment: ApprovalMoment
    text: str
    deadline: datetime | None
    on_deadline: Verdict
    call: dict[str, Any] = field(default_factory=dict)
    """Of an output: seconds, model and finish reason of the call that gave it."""


def mark_of(approval_id: str) -> str:
    """What divides the sections of an input that a person is shown: as random as the id, and known with it."""
    return approval_id.replace("-", "")[:16]


UNDER_WAY = frozenset({StepStatus.RUNNING, StepStatus.WAITING})


@dataclass(slots=True)
class StepProgress:
    """One member's turn so far."""

    step_id: str
    place: int
    status: StepStatus = StepStatus.PENDING
    attempt: int = 0
    failures: int = 0
    """Failed attempts of the agent that has the turn now."""
    interruptions: int = 0
    is_fallback: bool = False
    """The fallback agent has the turn."""
    identifiers: dict[str, str] = field(default_factory=dict)
    """Of the backend's run, while one is under way."""
    streamed_chars: int = 0
    retry_at: datetime | None = None
    output: str | None = None
    writes: Writes = field(default_factory=Writes)
    reason: str | None = None
    details: dict[str, Any] = field(default_factory=dict)
    """Why it was skipped: the values that were seen."""
    error: dict[str, Any] | None = None
    """Of the last failed attempt: code, message, message_key, params."""
    input_tokens: int | None = None
    output_tokens: int | None = None
    cost_usd: float | None = None
    cost_basis: str = "unknown"
    reserved_tokens: int = 0
    """Worst case of the call under way, where there is a cap."""
    reserved_usd: float = 0.0
    held_tokens: int = 0
    """Reservations that stay, because nobody measured what was used."""
    held_usd: float = 0.0
    unmeasured_attempts: int = 0
    """Attempts that may have spent something nobody counted."""
    approval: OpenApproval | None = None
    reply_to: dict[str, str] | None = None
    """The backend's run that asked the person something."""
    reply: str | None = None
    """What the person answered; further attempts go on from there."""
    is_approved: bool = False
    """A person has let it start."""
    given_input: str | None = None
    """What a person has approved or put in its place; sent in every attempt from then on."""
    mark: str | None = None
    """What divides the sections of that input."""
    answered_attempt: int | None = None
    """The last one whose output is recorded."""
    is_stalled: bool = False
    """Nothing has come from its agent for a while."""
    saved_cost_usd: float | None = None
    saved_tokens: int = 0
    """What the result had cost in the execution it was reused from."""
    is_reused: bool = False
    started_at: datetime | None = None
    completed_at: datetime | None = None

    @property
    def has_text(self) -> bool:
        return self.status is StepStatus.COMPLETED and self.output is not None

    @property
    def awaits_leave(self) -> bool:
        """It waits for a person to let it start."""
        return self.approval is not None and self.approval.moment is ApprovalMoment.BEFORE

    @property
    def tokens(self) -> int | None:
        if self.input_tokens is None and self.output_tokens is None:
            return None
        return (self.input_tokens or 0) + (self.output_tokens or 0)


@dataclass(slots=True)
class Progress:
    """One execution so far."""

    steps: dict[str, StepProgress]
    """In the workflow's order."""
    status: ExecutionStatus = ExecutionStatus.PENDING
    stopping: bool = False
    stop_requested_at: datetime | None = None
    stop_ordered_by: str = "owner"
    """`owner` or `admin`."""
    stop_reason: str = ""
    """What an administrator had to say."""
    started_at: datetime | None = None
    completed_at: datetime | None = None
    error_code: str | None = None
    error_message: str | None = None
    final_result: dict[str, Any] | None = None
    receipt: dict[str, Any] | None = None
    shown: tuple[int, int] = (-1, -1)
    """Current step and percentage as last told."""
    is_joined: bool = False
    """What the join of the branches came to is on record."""
    warnings: list[dict[str, Any]] = field(default_factory=list)
    is_parked: bool = False
    parked_at: datetime | None = None
    wake_at: datetime | None = None
    people_seconds: float = 0.0
    """Spent parked, waiting for people; the execution's own time stands still meanwhile."""
    last_seq: int = 0

    @property
    def ended(self) -> int:
        return sum([step.status in FINAL_STEP_STATUSES for step in self.steps.values()])

    @property
    def is_anything_running(self) -> bool:
        return any(step.status is StepStatus.RUNNING for step in self.steps.values())

    @property
    def current_step(self) -> int:
        """Members that have ended, and one more while any runs."""
        return self.ended + (1 if self.is_anything_running else 0)

    @property
    def percent(self) -> int:
        return 100 * self.ended // len(self.steps) if self.steps else 0

    @property
    def awaits_people(self) -> bool:
        return any(step.approval for step in self.steps.values())

    def of(self, step: PlannedStep) -> StepProgress:
        return self.steps[step.step_id]

    def under_way(self, steps: Iterable[PlannedStep]) -> list[PlannedStep]:
        """Those that run or wait for their next attempt."""
        return [step for step in steps if self.of(step).status in UNDER_WAY]

    def begun(self, steps: Iterable[PlannedStep]) -> list[PlannedStep]:
        """Those under way, but for members that still wait for leave to start."""
        return [step for step in self.under_way(steps) if not self.of(step).awaits_leave]

    def in_places(self, steps: Iterable[PlannedStep]) -> list[PlannedStep]:
        """Those that count against how many may run at once; waiting for a person takes no place."""
        return [step for step in self.under_way(steps) if not self.of(step).approval]

    def not_begun(self, steps: Iterable[PlannedStep]) -> list[PlannedStep]:
        """Those whose agent was never called, and that have not ended."""
        return [step for step in steps if self.of(step).status is StepStatus.PENDING or self.of(step).awaits_leave]

    def pending(self, steps: Iterable[PlannedStep]) -> list[PlannedStep]:
        return [step for step in steps if self.of(step).status is StepStatus.PENDING]

    def completed(self, steps: Iterable[PlannedStep]) -> list[PlannedStep]:
        """Those whose result can be read, by order and place."""
        found = [step for step in steps if self.of(step).has_text]
        return sorted(found, key=lambda step: (step.order, step.place))


def nothing_yet(plan: Plan) -> Progress:
    """An execution before its first event."""
    return Progress(steps={step.step_id: StepProgress(step.step_id, step.place) for step in plan.steps})
