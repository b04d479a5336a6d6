"""Settling a call that has ended: its result on record, and what follows from it."""

from __future__ import annotations

import asyncio
import logging
import random
from datetime import datetime, timedelta
from uuid import uuid4

from renum_app.agents.backend import AgentError, AgentFailed, InputNeeded, UnknownRun
from renum_app.engine import approval_facts, facts, gates, results
from renum_app.engine.attempt import Answer, Attempt
from renum_app.engine.calls import Call
from renum_app.engine.costs import measured_cost
from renum_app.engine.means import Means
from renum_app.engine.plan import PlannedStep
from renum_app.engine.preparing import agent_of
from renum_app.engine.recorder import Journal, OwnershipLost
from renum_app.engine.retries import MAX_INTERRUPTIONS, Again, after_failure, may_have_spent
from renum_app.models.agent import Backend
from renum_app.models.approval import ApprovalMoment

log = logging.getLogger(__name__)


def settle(journal: Journal, means: Means, call: Call) -> None:
    """Record how a call did.

    Raises:
        OwnershipLost: It found out that the execution has another owner.
    """
    error = asyncio.CancelledError() if call.task.cancelled() else call.task.exception()
    match error:
        case None:
            _completed(journal, means, call.attempt, call.task.result())
        case OwnershipLost():
            raise error
        case UnknownRun():
            interrupted(journal, call.attempt.step)
        case InputNeeded():
            _asked(journal, means, call.attempt, error)
        case AgentError():
            _failed(journal, means, call.attempt, error)
        case _:
            log.error("A backend broke", exc_info=error, extra={"action": "backend_broke"})
            _failed(journal, means, call.attempt, AgentFailed("backend_bug", kind=type(error).__name__))


def interrupted(journal: Journal, step: PlannedStep) -> None:
    """The server ended in the middle of an attempt: it runs again, but not for ever."""
    own = journal.progress.of(step)
    journal.record([facts.attempt_interrupted(step, own.attempt, unmeasured=is_metered(journal, step))])
    if own.interruptions >= MAX_INTERRUPTIONS:
        error = facts.error_data("crash_loop", "agent_errors.crash_loop", agent=step.name, times=own.interruptions)
        journal.record(facts.step_failed(step, own.attempt, error))
        note_conflicts(journal, step)


def note_conflicts(journal: Journal, step: PlannedStep) -> None:
    """Tell the keys that several members wrote, when `step` was the last of them to end."""
    for conflict in results.write_conflicts(journal.plan, journal.progress, step):
        journal.record([facts.logged("write_conflict", level="warning", **conflict)])


def is_metered(journal: Journal, step: PlannedStep) -> bool:
    """Whether a call of the step that nobody measured may have cost something."""
    return agent_of(journal, step).backend is not Backend.REHEARSAL


def _completed(journal: Journal, means: Means, attempt: Attempt, answer: Answer) -> None:
    step, number, ended = attempt.step, attempt.request.attempt, answer.ended
    cost = measured_cost(attempt.request.agent, ended)
    cost_usd = None if cost is None else float(cost)
    if step.requires_approval == "after":
        used = facts.used_by(ended, cost_usd=cost_usd)
        recorded = facts.output_recorded(step, number, output=answer.output, used=used)
        asked = approval_facts.requested(
            step,
            number,
            approval_id=uuid4(),
            moment=ApprovalMoment.AFTER,
            text=answer.output,
            now=means.clock(),
            call=facts.call_of(ended, seconds=answer.seconds),
        )
        journal.record([*answer.rest, recorded, *asked])
        return
    done = facts.step_completed(step, number, ended, output=answer.output, cost_usd=cost_usd, seconds=answer.seconds)
    journal.record([*answer.rest, *done])
    note_writes(journal, step)


def _asked(journal: Journal, means: Means, attempt: Attempt, error: InputNeeded) -> None:
    """The agent waits for an answer, for as long as it takes."""
    asked = approval_facts.requested(
        attempt.step,
        attempt.request.attempt,
        approval_id=uuid4(),
        moment=ApprovalMoment.INPUT,
        text=error.question,
        now=means.clock(),
    )
    journal.record(asked)


def note_writes(journal: Journal, step: PlannedStep) -> None:
    """Warn of what a completed step wrote in vain, or at the same time as another."""
    if journal.progress.of(step).writes.is_nonsense:
        journal.record([facts.logged("renum_block_ignored", level="warning", step=step)])
    note_conflicts(journal, step)


def _failed(journal: Journal, means: Means, attempt: Attempt, error: AgentError) -> None:
    step, number = attempt.step, attempt.request.attempt
    shown = facts.error_of(error, step)
    again = after_failure(step, journal.progress.of(step), error, jitter=random.random())  # noqa: S311 (no secret)
    has_spoken = journal.progress.of(step).streamed_chars > 0
    unmeasured = may_have_spent(error, attempt.request.agent.backend, has_spoken=has_spoken)
    journal.record(facts.attempt_failed(step, number, shown, will_retry=bool(again), unmeasured=unmeasured))
    why = gates.retried(step, journal.progress.of(step), error, again)
    if again:
        journal.record([*_scheduled(step, number + 1, again, now=means.clock()), why])
        return
    journal.record([why, *facts.step_failed(step, number, shown)])
    note_conflicts(journal, step)


def _scheduled(step: PlannedStep, number: int, again: Again, *, now: datetime) -> list[facts.Fact]:
    return facts.retry_scheduled(
        step,
        number,
        at=now + timedelta(seconds=again.seconds),
        seconds=again.seconds,
        reason=again.reason,
        to_fallback=again.to_fallback,
    )
