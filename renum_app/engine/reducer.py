"""The reducer: an execution is a fold over its events. Pure; unknown fields of newer events are ignored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from renum_app.engine.context import writes_in
from renum_app.engine.plan import Plan
from renum_app.engine.progress import Progress, StepProgress, nothing_yet
from renum_app.models.event import EventKind, StoredEvent
from renum_app.models.execution import ExecutionStatus
from renum_app.models.step import StepStatus

Data = dict[str, Any]

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
    elif change := _OF_STEP.get(event.kind):
        change(progress.steps[_step_id(event)], event.data, event.timestamp)


def step_id_of(event: StoredEvent) -> str | None:
    """The step whose row the event changes; events that travel as log lines carry it in `details`."""
    if event.kind not in _OF_STEP or event.kind is EventKind.TEXT_STREAMED:
        return None
    return _step_id(event)


def _step_id(event: StoredEvent) -> str:
    return event.data.get("step_id") or event.data["details"]["step_id"]


def _started(progress: Progress, data: Data, moment: datetime) -> None:
    progress.status = ExecutionStatus.RUNNING
    progress.started_at = moment


def _stop_requested(progress: Progress, data: Data, moment: datetime) -> None:
    progress.stopping = True
    progress.stop_requested_at = moment


def _ended(progress: Progress, data: Data, moment: datetime) -> None:
    progress.status = ExecutionStatus(data["status"])
    progress.stopping = False
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


def _attempt_started(step: StepProgress, data: Data, moment: datetime) -> None:
    step.status = StepStatus.RUNNING
    step.attempt = data["attempt"]
    step.started_at = step.started_at or moment
    step.identifiers, step.streamed_chars, step.retry_at, step.reason = {}, 0, None, None
    reserved = data.get("reserved") or {}
    step.reserved_tokens, step.reserved_usd = reserved.get("tokens", 0), reserved.get("cost_usd", 0.0)
    is_fallback = bool(data.get("fallback"))
    if is_fallback != step.is_fallback:
        step.is_fallback, step.failures = is_fallback, 0


def _run_started(step: StepProgress, data: Data, moment: datetime) -> None:
    step.identifiers = {**step.identifiers, **data["details"]["identifiers"]}


def _text_streamed(step: StepProgress, data: Data, moment: datetime) -> None:
    step.streamed_chars = data["offset"] + len(data["delta"])


def _text_replaced(step: StepProgress, data: Data, moment: datetime) -> None:
    step.streamed_chars = len(data["text"])


def _attempt_failed(step: StepProgress, data: Data, moment: datetime) -> None:
    step.failures += 1
    step.error = {key: data.get(key) for key in ("code", "message", "message_key", "params")}
    _release(step, is_unmeasured=bool(data.get("unmeasured")))


def _attempt_interrupted(step: StepProgress, data: Data, moment: datetime) -> None:
    step.interruptions += 1
    _release(step, is_unmeasured=bool(data["details"].get("unmeasured")))
    step.status = StepStatus.WAITING
    step.reason = "interrupted"


def _retry_scheduled(step: StepProgress, data: Data, moment: datetime) -> None:
    step.status = StepStatus.WAITING
    step.reason = data.get("reason")
    step.retry_at = datetime.fromisoformat(data["retry_at"])
    if data.get("fallback") and not step.is_fallback:
        step.is_fallback, step.failures = True, 0


def _output_recorded(step: StepProgress, data: Data, moment: datetime) -> None:
    step.output = data["output"]
    step.writes = writes_in(data["output"])
    step.input_tokens, step.output_tokens = data.get("input_tokens"), data.get("output_tokens")
    step.cost_usd, step.cost_basis = data.get("cost_usd"), data.get("cost_basis", "unknown")
    if step.tokens is None:
        step.held_tokens += step.reserved_tokens
    if step.cost_usd is None:
        step.held_usd += step.reserved_usd


def _step_ended(step: StepProgress, data: Data, moment: datetime) -> None:
    step.status = StepStatus(data["status"])
    step.completed_at = moment
    step.reason = data.get("reason")
    step.details = data.get("details", {})
    step.retry_at = None
    _release(step, is_unmeasured=bool(data.get("unmeasured")))
    if step.status is StepStatus.COMPLETED:
        step.error = None
    elif step.status is StepStatus.FAILED and data.get("error"):
        step.error = data["error"]


def _release(step: StepProgress, *, is_unmeasured: bool) -> None:
    """The call is over: what was reserved for it is free again, unless nobody knows what it used."""
    if is_unmeasured:
        step.unmeasured_attempts += 1
        step.held_tokens += step.reserved_tokens
        step.held_usd += step.reserved_usd
    step.reserved_tokens, step.reserved_usd = 0, 0.0


_OF_EXECUTION: dict[EventKind, Callable[[Progress, Data, datetime], None]] = {
    EventKind.EXECUTION_STARTED: _started,
    EventKind.STOP_REQUESTED: _stop_requested,
    EventKind.EXECUTION_COMPLETED: _ended,
    EventKind.EXECUTION_FAILED: _ended,
    EventKind.EXECUTION_CANCELLED: _ended,
    EventKind.RESULT_RECORDED: _result_recorded,
    EventKind.PROGRESS_MADE: _progress_made,
    EventKind.LOGGED: _logged,
}

_OF_STEP: dict[EventKind, Callable[[StepProgress, Data, datetime], None]] = {
    EventKind.ATTEMPT_STARTED: _attempt_started,
    EventKind.RUN_STARTED: _run_started,
    EventKind.TEXT_STREAMED: _text_streamed,
    EventKind.TEXT_REPLACED: _text_replaced,
    EventKind.ATTEMPT_FAILED: _attempt_failed,
    EventKind.ATTEMPT_INTERRUPTED: _attempt_interrupted,
    EventKind.RETRY_SCHEDULED: _retry_scheduled,
    EventKind.OUTPUT_RECORDED: _output_recorded,
    EventKind.STEP_COMPLETED: _step_ended,
    EventKind.STEP_FAILED: _step_ended,
    EventKind.STEP_SKIPPED: _step_ended,
    EventKind.STEP_CANCELLED: _step_ended,
}
