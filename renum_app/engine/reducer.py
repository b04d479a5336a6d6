"""The reducer: an execution is a fold over its events. Pure; unknown fields of newer events are ignored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from renum_app.engine.plan import Plan
from renum_app.engine.progress import Progress, nothing_yet
from renum_app.engine.step_reducer import CHANGES, Data
from renum_app.models.event import EventKind, StoredEvent
from renum_app.models.execution import ExecutionStatus

Fact = tuple[EventKind, Data]
"""An event before it has a place in the log."""


def progress_of(plan: Plan, events: Iterable[StoredEvent]) -> Progress:
    """What the rows of the execution must show after these events."""
    progress = nothing_yet(plan)
    for event in events:
        fold(progress, event)
    return progress


def fold(progress: Progress, event: StoredEvent) -> None:
    """Bring `progress` up to the event, in place: its owner holds the only reference."""
    progress.last_seq = event.seq
    if change := _OF_EXECUTION.get(event.kind):
        change(progress, event.data, event.timestamp)
    elif change := CHANGES.get(event.kind):
        change(progress.steps[_step_id(event)], event.data, event.timestamp)


def step_id_of(event: StoredEvent) -> str | None:
    """The step whose row the event changes; events that travel as log lines carry it in `details`."""
    if event.kind not in CHANGES or event.kind is EventKind.TEXT_STREAMED:
        return None
    return _step_id(event)


def _step_id(event: StoredEvent) -> str:
    return event.data.get("step_id") or event.data["details"]["step_id"]


def _started(progress: Progress, data: Data, moment: datetime) -> None:
    progress.status = ExecutionStatus.RUNNING
    progress.started_at = moment


def _parked(progress: Progress, data: Data, moment: datetime) -> None:
    wake_at = data.get("wake_at")
    progress.is_parked, progress.parked_at = True, moment
    progress.wake_at = datetime.fromisoformat(wake_at) if wake_at else None


def _unparked(progress: Progress, data: Data, moment: datetime) -> None:
    if progress.parked_at and progress.awaits_people:
        progress.people_seconds += max(0.0, (moment - progress.parked_at).total_seconds())
    progress.is_parked, progress.parked_at, progress.wake_at = False, None, None


def _stop_requested(progress: Progress, data: Data, moment: datetime) -> None:
    progress.stopping = True
    progress.stop_requested_at = moment
    progress.stop_ordered_by, progress.stop_reason = data.get("ordered_by", "owner"), data.get("reason", "")


def _ended(progress: Progress, data: Data, moment: datetime) -> None:
    progress.status = ExecutionStatus(data["status"])
    progress.stopping = False
    progress.is_parked, progress.parked_at, progress.wake_at = False, None, None
    progress.completed_at = moment
    progress.error_code = data.get("error_code")
    progress.error_message = data.get("error_message")
    progress.receipt = data.get("receipt")


def _result_recorded(progress: Progress, data: Data, moment: datetime) -> None:
    progress.final_result = data["final_result"]


def _progress_made(progress: Progress, data: Data, moment: datetime) -> None:
    progress.shown = (data["current_step"], data["progress"])


def _logged(progress: Progress, data: Data, moment: datetime) -> None:
    if data["level"] == "warning":
        progress.warnings.append({"message": data["message"], **data.get("details", {})})


def _gate_passed(progress: Progress, data: Data, moment: datetime) -> None:
    progress.is_joined = progress.is_joined or data["details"]["gate"] == "join"
    _logged(progress, data, moment)


_OF_EXECUTION: dict[EventKind, Callable[[Progress, Data, datetime], None]] = {
    EventKind.EXECUTION_STARTED: _started,
    EventKind.EXECUTION_PARKED: _parked,
    EventKind.EXECUTION_UNPARKED: _unparked,
    EventKind.STOP_REQUESTED: _stop_requested,
    EventKind.EXECUTION_COMPLETED: _ended,
    EventKind.EXECUTION_FAILED: _ended,
    EventKind.EXECUTION_CANCELLED: _ended,
    EventKind.RESULT_RECORDED: _result_recorded,
    EventKind.PROGRESS_MADE: _progress_made,
    EventKind.LOGGED: _logged,
    EventKind.GATE_PASSED: _gate_passed,
}
