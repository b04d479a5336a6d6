"""What each event makes of the step it is about; the step's half of the reducer. Pure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import Any

from renum_app.engine.context import writes_in
from renum_app.engine.progress import OpenApproval, StepProgress, mark_of
from renum_app.models.approval import ApprovalMoment, Verdict
from renum_app.models.event import EventKind
from renum_app.models.step import StepStatus

Data = dict[str, Any]


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
        step.reply_to, step.reply = None, None


def _run_started(step: StepProgress, data: Data, moment: datetime) -> None:
    step.identifiers = {**step.identifiers, **data["details"]["identifiers"]}


def _text_streamed(step: StepProgress, data: Data, moment: datetime) -> None:
    step.streamed_chars = data["offset"] + len(data["delta"])


def _text_replaced(step: StepProgress, data: Data, moment: datetime) -> None:
    step.streamed_chars = len(data["text"])


def _stalled(step: StepProgress, data: Data, moment: datetime) -> None:
    step.is_stalled, step.reason = True, "stalled"


def _revived(step: StepProgress, data: Data, moment: datetime) -> None:
    step.is_stalled, step.reason = False, None


def _approval_requested(step: StepProgress, data: Data, moment: datetime) -> None:
    deadline = data.get("deadline")
    step.status, step.reason, step.retry_at = StepStatus.WAITING, "approval", None
    step.approval = OpenApproval(
        approval_id=data["approval_id"],
        moment=ApprovalMoment(data["moment"]),
        text=data["text"],
        deadline=datetime.fromisoformat(deadline) if deadline else None,
        on_deadline=Verdict(data.get("on_deadline", Verdict.REJECT)),
        call=data.get("call", {}),
    )
    if step.approval.moment is ApprovalMoment.INPUT:
        step.reply_to, step.reply = dict(step.identifiers), None
    _release(step, is_unmeasured=False)


def _approval_decided(step: StepProgress, data: Data, moment: datetime) -> None:
    told, asked = data["details"], step.approval
    step.approval, step.reason = None, None
    if not asked or told["decision"] != Verdict.APPROVE:
        return
    if asked.moment is ApprovalMoment.INPUT:
        step.reply = told.get("text", "")
    elif asked.moment is ApprovalMoment.BEFORE:
        step.status, step.is_approved = StepStatus.PENDING, True
        step.given_input, step.mark = told.get("text", asked.text), mark_of(asked.approval_id)


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
        step.reply_to, step.reply = None, None


def _output_recorded(step: StepProgress, data: Data, moment: datetime) -> None:
    step.output = data["output"]
    step.writes = writes_in(data["output"])
    if data.get("input_tokens") is None and data.get("output_tokens") is None:
        step.held_tokens += step.reserved_tokens
    if data.get("cost_usd") is None:
        step.held_usd += step.reserved_usd
    if step.answered_attempt in (None, data["attempt"]):
        step.input_tokens, step.output_tokens = data.get("input_tokens"), data.get("output_tokens")
        step.cost_usd, step.cost_basis = data.get("cost_usd"), data.get("cost_basis", "unknown")
    else:
        _add_usage(step, data)
    step.answered_attempt = data["attempt"]


def _add_usage(step: StepProgress, data: Data) -> None:
    """An earlier output of the step was rejected; it was paid for all the same."""
    for name in ("input_tokens", "output_tokens"):
        counts = [count for count in (getattr(step, name), data.get(name)) if count is not None]
        setattr(step, name, sum(counts) if counts else None)
    before, now = step.cost_usd, data.get("cost_usd")
    if before is not None and now is not None:
        step.cost_usd = float(Decimal(str(before)) + Decimal(str(now)))
    else:
        step.held_usd += before or now or 0.0
        step.cost_usd, step.cost_basis = None, "unknown"


def _reused(step: StepProgress, data: Data, moment: datetime) -> None:
    saved = data.get("saved") or {}
    step.is_reused = True
    step.saved_cost_usd, step.saved_tokens = saved.get("cost_usd"), saved.get("tokens") or 0
    _step_ended(step, data, moment)


def _step_ended(step: StepProgress, data: Data, moment: datetime) -> None:
    step.status = StepStatus(data["status"])
    step.completed_at = moment
    step.reason = data.get("reason")
    step.details = data.get("details", {})
    step.retry_at, step.approval = None, None
    _release(step, is_unmeasured=bool(data.get("unmeasured")))
    if step.status is StepStatus.COMPLETED:
        step.error = None
    elif step.status is StepStatus.FAILED and data.get("error"):
        step.error = data["error"]


def _release(step: StepProgress, *, is_unmeasured: bool) -> None:
    """The call is over: what was reserved for it is free again, unless nobody knows what it used."""
    step.is_stalled = False
    if is_unmeasured:
        step.unmeasured_attempts += 1
        step.held_tokens += step.reserved_tokens
        step.held_usd += step.reserved_usd
    step.reserved_tokens, step.reserved_usd = 0, 0.0


CHANGES: dict[EventKind, Callable[[StepProgress, Data, datetime], None]] = {
    EventKind.ATTEMPT_STARTED: _attempt_started,
    EventKind.RUN_STARTED: _run_started,
    EventKind.TEXT_STREAMED: _text_streamed,
    EventKind.TEXT_REPLACED: _text_replaced,
    EventKind.ATTEMPT_FAILED: _attempt_failed,
    EventKind.ATTEMPT_INTERRUPTED: _attempt_interrupted,
    EventKind.RETRY_SCHEDULED: _retry_scheduled,
    EventKind.STEP_STALLED: _stalled,
    EventKind.STEP_REVIVED: _revived,
    EventKind.APPROVAL_REQUESTED: _approval_requested,
    EventKind.APPROVAL_DECIDED: _approval_decided,
    EventKind.OUTPUT_RECORDED: _output_recorded,
    EventKind.STEP_COMPLETED: _step_ended,
    EventKind.STEP_FAILED: _step_ended,
    EventKind.STEP_SKIPPED: _step_ended,
    EventKind.STEP_CANCELLED: _step_ended,
    EventKind.STEP_REUSED: _reused,
}
