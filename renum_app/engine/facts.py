"""The facts of an execution, made in one place: an event's data, and the log line people read with it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from renum_app.agents.backend import AgentError, RunEnded
from renum_app.engine.budgets import Allowance
from renum_app.engine.plan import Plan, PlannedStep
from renum_app.engine.reducer import Fact
from renum_app.engine.strategies.decision import Skip
from renum_app.i18n import text
from renum_app.models.command import StopOrder
from renum_app.models.event import EventKind
from renum_app.models.execution import ExecutionStatus
from renum_app.models.step import StepStatus
from renum_app.models.values import iso

Data = dict[str, Any]


def line(code: str, *, level: str = "info", step: PlannedStep | None = None, **params: Any) -> Data:
    """A log line: an English sentence, and in `details` what a page needs to say it in another language."""
    if step:
        params = {"agent": step.name, **params}
    details = {"code": code, **({"step_id": step.step_id} if step else {}), **params}
    return {
        "level": level,
        "agent_id": step.agent.agent_id if step else None,
        "message": text(f"logs.{code}", "en", **{**params, **_in_words(params.get("reason"))}),
        "details": details,
    }


def logged(code: str, *, level: str = "info", step: PlannedStep | None = None, **params: Any) -> Fact:
    return EventKind.LOGGED, line(code, level=level, step=step, **params)


def error_of(error: AgentError, step: PlannedStep) -> Data:
    """An agent's failure for people: its code, an English sentence, and the sentence's key."""
    return error_data(error.code, f"agent_errors.{error.message}", **{"agent": step.name, **error.params})


def error_data(code: str, key: str, /, **params: Any) -> Data:
    shown = {name: value if isinstance(value, int | float) else str(value) for name, value in params.items()}
    return {"code": code, "message": _sentence(key, shown), "message_key": key, "params": shown}


def execution_started(plan: Plan) -> list[Fact]:
    return [
        (EventKind.EXECUTION_STARTED, {"status": ExecutionStatus.RUNNING.value}),
        logged("execution_started", team=plan.team_name, steps=len(plan.steps)),
    ]


def execution_recovered() -> Fact:
    return EventKind.EXECUTION_RECOVERED, line("execution_recovered", level="warning")


def stop_requested(status: ExecutionStatus, order: StopOrder) -> list[Fact]:
    """The order, and who gave it: the person, or an administrator who may say why."""
    data = {"status": status.value, "stopping": True, "ordered_by": order.ordered_by, "reason": order.reason}
    if order.ordered_by == "owner":
        note = logged("stop_requested", level="warning")
    elif order.reason:
        note = logged("stop_requested_by_admin_because", level="warning", why=order.reason)
    else:
        note = logged("stop_requested_by_admin", level="warning")
    return [(EventKind.STOP_REQUESTED, data), note]


def attempt_started(
    step: PlannedStep, attempt: int, *, is_fallback: bool, reads: list[str], allowed: Allowance | None = None
) -> list[Fact]:
    agent = step.fallback if is_fallback and step.fallback else step.agent
    data = _of(step, StepStatus.RUNNING, attempt=attempt, backend=agent.backend.value, model=agent.model, reads=reads)
    if allowed and allowed.tokens:
        data["reserved"] = {"tokens": allowed.tokens, "cost_usd": allowed.cost_usd}
    if is_fallback:
        data |= {"fallback": True, "run_by": agent.agent_id}
    return [(EventKind.ATTEMPT_STARTED, data), logged("attempt_started", step=step, attempt=attempt)]


def run_started(step: PlannedStep, attempt: int, identifiers: Mapping[str, str]) -> Fact:
    data = line("run_started", step=step, attempt=attempt)
    data["details"]["identifiers"] = dict(identifiers)
    return EventKind.RUN_STARTED, data


def text_streamed(step: PlannedStep, attempt: int, *, offset: int, delta: str) -> Fact:
    return EventKind.TEXT_STREAMED, {**named(step), "attempt": attempt, "offset": offset, "delta": delta}


def text_replaced(step: PlannedStep, attempt: int, *, text: str) -> Fact:
    return EventKind.TEXT_REPLACED, {**named(step), "attempt": attempt, "text": text}


def step_stalled(step: PlannedStep, attempt: int, *, seconds: float) -> list[Fact]:
    """Nothing has come from the agent for so long; it may still."""
    data = _of(step, StepStatus.RUNNING, attempt=attempt, reason="stalled", seconds=seconds)
    return [
        (EventKind.STEP_STALLED, data),
        logged("step_stalled", level="warning", step=step, seconds=round(seconds, 1)),
    ]


def step_revived(step: PlannedStep, attempt: int) -> list[Fact]:
    data = _of(step, StepStatus.RUNNING, attempt=attempt, reason=None)
    return [(EventKind.STEP_REVIVED, data), logged("step_revived", step=step)]


def attempt_interrupted(step: PlannedStep, attempt: int, *, unmeasured: bool) -> Fact:
    data = line("attempt_interrupted", level="warning", step=step, attempt=attempt, unmeasured=unmeasured)
    return EventKind.ATTEMPT_INTERRUPTED, data


def attempt_failed(step: PlannedStep, attempt: int, error: Data, *, will_retry: bool, unmeasured: bool) -> list[Fact]:
    """An attempt's failure, with the sentence of its reason."""
    data = {**named(step), "attempt": attempt, **error, "will_retry": will_retry, "unmeasured": unmeasured}
    why = error["message"]
    level = "warning" if will_retry else "error"
    return [
        (EventKind.ATTEMPT_FAILED, data),
        logged(
            "attempt_failed",
            level=level,
            step=step,
            attempt=attempt,
            why=why,
            why_key=error["message_key"],
            why_params=error["params"],
        ),
    ]


def retry_scheduled(
    step: PlannedStep, attempt: int, *, at: datetime, seconds: float, reason: str, to_fallback: bool
) -> list[Fact]:
    """The next attempt and its time; by the fallback agent if the turn goes to it."""
    data = _of(step, StepStatus.WAITING, attempt=attempt, reason=reason, seconds=seconds, retry_at=iso(at))
    is_to_fallback = to_fallback and step.fallback is not None
    return [(EventKind.RETRY_SCHEDULED, {**data, "fallback": True} if is_to_fallback else data)]


def step_completed(
    step: PlannedStep, attempt: int, ended: RunEnded, *, output: str, cost_usd: float | None, seconds: float
) -> list[Fact]:
    """The output and what it took; both in one commit, so that a finished step is never called again."""
    used = used_by(ended, cost_usd=cost_usd)
    end = call_of(ended, seconds=seconds)
    return [output_recorded(step, attempt, output=output, used=used), *step_done(step, attempt, used=used, end=end)]


def call_of(ended: RunEnded, *, seconds: float) -> Data:
    """How long a call took, of what model, why it ended, and what the backend's own ledger says, where it has one."""
    billed = {} if ended.billed_usd is None else {"billed_usd": ended.billed_usd}
    return {"seconds": round(seconds, 3), "model": ended.model, "finish_reason": ended.finish_reason, **billed}


def used_by(ended: RunEnded, *, cost_usd: float | None) -> Data:
    """What a call used, as its backend measured it."""
    return {
        "input_tokens": ended.usage.input_tokens,
        "output_tokens": ended.usage.output_tokens,
        "tokens": ended.usage.total,
        "cost_usd": cost_usd,
        "cost_basis": "unknown" if cost_usd is None else "measured",
    }


def output_recorded(step: PlannedStep, attempt: int, *, output: str, used: Data, is_edited: bool = False) -> Fact:
    """A step's output; a person's edit takes the place of the agent's, which stays in the log."""
    data = {**named(step), "attempt": attempt, "output": output, **used}
    return EventKind.OUTPUT_RECORDED, {**data, "edited": True} if is_edited else data


def step_done(step: PlannedStep, attempt: int, *, used: Data, end: Data) -> list[Fact]:
    """The end of a step whose output is recorded.

    Args:
        end: Of the call: seconds, model, finish_reason.
    """
    return [
        (EventKind.STEP_COMPLETED, {**_of(step, StepStatus.COMPLETED, attempt=attempt), **used, **end}),
        logged("step_completed", step=step, attempt=attempt, seconds=round(end["seconds"], 1)),
    ]


def step_failed(step: PlannedStep, attempt: int, error: Data) -> list[Fact]:
    data = _of(step, StepStatus.FAILED, attempt=attempt, reason=error["code"], error=error)
    return [(EventKind.STEP_FAILED, data), logged("step_failed", level="error", step=step, reason=error["code"])]


def step_skipped(step: PlannedStep, skip: Skip) -> list[Fact]:
    data = _of(step, StepStatus.SKIPPED, attempt=0, reason=skip.reason, details=skip.details)
    return [(EventKind.STEP_SKIPPED, data), logged("step_skipped", step=step, reason=skip.reason, seen=skip.details)]


def step_cancelled(
    step: PlannedStep, attempt: int, *, reason: str, unmeasured: bool = False, approval_id: str | None = None
) -> list[Fact]:
    """A step that will have no result.

    Args:
        approval_id: Of the approval that nobody needs to decide any more.
    """
    data = _of(step, StepStatus.CANCELLED, attempt=attempt, reason=reason, unmeasured=unmeasured)
    if approval_id:
        data["approval_id"] = approval_id
    return [(EventKind.STEP_CANCELLED, data), logged("step_cancelled", step=step, reason=reason)]


def step_reused(
    step: PlannedStep, *, output: str, origin: UUID, saved_cost_usd: float | None, saved_tokens: int, is_given: bool
) -> list[Fact]:
    """A result taken over from another execution, or given by a person; nothing is called and nothing is spent.

    Args:
        origin: The execution it comes from.
        saved_cost_usd: What it had cost there in USD; None where nobody knows.
        is_given: A person wrote it in the agent's place.
    """
    reason = "given" if is_given else "reused"
    free = {"input_tokens": 0, "output_tokens": 0, "tokens": 0, "cost_usd": 0.0, "cost_basis": "reused"}
    saved = {"cost_usd": saved_cost_usd, "tokens": saved_tokens}
    end = {"reason": reason, "origin": str(origin), "saved": saved}
    return [
        (EventKind.OUTPUT_RECORDED, {**named(step), "attempt": 0, "output": output, **free}),
        (EventKind.STEP_REUSED, {**_of(step, StepStatus.COMPLETED, attempt=0), **end}),
        logged("step_reused", step=step, reason=reason),
    ]


def progress_made(*, current: int, total: int, percent: int) -> Fact:
    return EventKind.PROGRESS_MADE, {"current_step": current, "total_steps": total, "progress": percent}


def execution_completed(final_result: Data) -> list[Fact]:
    return [
        (EventKind.RESULT_RECORDED, {"final_result": final_result}),
        logged("execution_completed"),
        (EventKind.EXECUTION_COMPLETED, {"status": ExecutionStatus.COMPLETED.value}),
    ]


def execution_failed(error: Data) -> list[Fact]:
    status = {
        "status": ExecutionStatus.FAILED.value,
        "error_code": error["code"],
        "error_message": error["message"],
        "message_key": error["message_key"],
        "params": error["params"],
    }
    why = {"why": error["message"], "why_key": error["message_key"], "why_params": error["params"]}
    return [logged("execution_failed", level="error", **why), (EventKind.EXECUTION_FAILED, status)]


def execution_cancelled(receipt: Data) -> list[Fact]:
    return [
        logged("execution_cancelled", level="warning"),
        (EventKind.EXECUTION_CANCELLED, {"status": ExecutionStatus.CANCELLED.value, "receipt": receipt}),
    ]


def named(step: PlannedStep) -> Data:
    return {"agent_id": step.agent.agent_id, "step_id": step.step_id}


def _of(step: PlannedStep, status: StepStatus, **more: Any) -> Data:
    return {**named(step), "status": status.value, **more}


def _in_words(reason: str | None) -> Data:
    """The phrase that a page says for a reason's stable word."""
    return {"reason": _sentence(f"executions.reason.{reason}", {})} if reason else {}


def _sentence(key: str, params: Data) -> str:
    try:
        return text(key, "en", **params)
    except KeyError:  # a backend may fail with a word that no catalogue has; the word still says something
        return f"{params.get('agent', '')}: {key.rpartition('.')[2].replace('_', ' ')}".strip(": ")
