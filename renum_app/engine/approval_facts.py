"""The facts of waiting: for a person's decision, and parked meanwhile. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from renum_app.engine import facts
from renum_app.engine.facts import Data
from renum_app.engine.plan import PlannedStep
from renum_app.engine.reducer import Fact
from renum_app.models.approval import ApprovalMoment, Verdict
from renum_app.models.event import EventKind
from renum_app.models.execution import ExecutionStatus
from renum_app.models.step import StepStatus
from renum_app.models.values import iso

REJECTED = "approval_rejected"


def requested(
    step: PlannedStep,
    attempt: int,
    *,
    approval_id: UUID,
    moment: ApprovalMoment,
    text: str,
    now: datetime,
    call: Data | None = None,
) -> list[Fact]:
    """The step waits for a person.

    Args:
        text: The input its agent would be sent, the output it gave, or what it asks.
        call: Of an output: seconds, model and finish reason of the call that gave it.
    """
    seconds = None if moment is ApprovalMoment.INPUT else step.approval.deadline_seconds
    data = {
        **facts.named(step),
        "status": StepStatus.WAITING.value,
        "attempt": attempt,
        "reason": "approval",
        "approval_id": str(approval_id),
        "moment": moment.value,
        "text": text,
        "deadline": iso(now + timedelta(seconds=seconds)) if seconds else None,
        "on_deadline": step.approval.on_deadline,
    }
    if call:
        data["call"] = call
    return [(EventKind.APPROVAL_REQUESTED, data), facts.logged(f"approval_requested_{moment.value}", step=step)]


def decided(
    step: PlannedStep,
    *,
    approval_id: str,
    verdict: Verdict,
    by: str,
    edited: str | None,
    why: str | None,
    is_answer: bool = False,
) -> Fact:
    """What was decided, and by whom: `person` or `deadline`.

    Args:
        is_answer: `edited` answers the agent's question.
    """
    outcome = "approved" if verdict is Verdict.APPROVE else "rejected"
    params: Data = {"gate": "approval", "outcome": outcome}
    params |= {"approval_id": approval_id, "decision": verdict.value, "by": by}
    if edited is not None:
        params["text"] = edited
    if why:
        params["why"] = why
    code = "input_answered" if is_answer else _code(verdict, by=by, edited=edited, why=why)
    level = "info" if verdict is Verdict.APPROVE else "warning"
    return EventKind.APPROVAL_DECIDED, facts.line(code, level=level, step=step, **params)


def rejection(step: PlannedStep, *, by: str, why: str | None) -> Data:
    """The error of a step that nobody let pass."""
    if by == "deadline":
        return facts.error_data(REJECTED, "agent_errors.approval_expired", agent=step.name)
    if not why:
        return facts.error_data(REJECTED, "agent_errors.approval_rejected", agent=step.name)
    return facts.error_data(REJECTED, "agent_errors.approval_rejected_because", agent=step.name, why=why)


def parked(*, waiting_for: str | None, wake_at: datetime | None) -> Fact:
    """Nothing runs: the execution lets go of its place until a decision comes, or the moment."""
    return EventKind.EXECUTION_PARKED, {
        "status": ExecutionStatus.RUNNING.value,
        "waiting_for": waiting_for,
        "wake_at": iso(wake_at) if wake_at else None,
    }


def unparked() -> Fact:
    data: dict[str, Any] = {"status": ExecutionStatus.RUNNING.value, "waiting_for": None}
    return EventKind.EXECUTION_UNPARKED, data


def _code(verdict: Verdict, *, by: str, edited: str | None, why: str | None) -> str:
    if by == "deadline":
        return "approval_granted_by_deadline" if verdict is Verdict.APPROVE else "approval_expired"
    if verdict is Verdict.APPROVE:
        return "approval_granted" if edited is None else "approval_granted_edited"
    return "approval_rejected_because" if why else "approval_rejected"
