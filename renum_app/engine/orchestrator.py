"""TeamOrchestrator: drives one execution from where its log stands to its end."""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from renum_app.agents.backend import AgentError, AgentFailed, RunRequest, UnknownRun
from renum_app.engine import attempt as attempts
from renum_app.engine import facts, results
from renum_app.engine.attempt import Answer, Attempt
from renum_app.engine.budgets import allowance
from renum_app.engine.inputs import Letter, feed, letter
from renum_app.engine.means import Means
from renum_app.engine.plan import PlannedStep
from renum_app.engine.recorder import Journal, OwnershipLost
from renum_app.engine.reducer import Fact
from renum_app.engine.retries import MAX_INTERRUPTIONS, after_failure, may_have_spent
from renum_app.engine.stopping import Stopper
from renum_app.engine.strategies import decide
from renum_app.engine.strategies.decision import Outcome
from renum_app.models.agent import AgentSnapshot, Backend
from renum_app.models.execution import ExecutionStatus, StepStatus
from renum_app.models.values import utc_now

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Call:
    """An attempt under way."""

    attempt: Attempt
    task: asyncio.Task[Answer]


class TeamOrchestrator:
    """One execution's owner; everything it decides follows from the log, so that any other could go on."""

    def __init__(self, journal: Journal, means: Means, *, orders: Iterable[UUID] = ()) -> None:
        self._journal = journal
        self._plan = journal.plan
        self._progress = journal.progress
        self._means = means
        self._calls: dict[str, Call] = {}
        self._launching: list[Attempt] = []
        self._orders = list(orders)
        self._is_ordered = False
        self._happened = asyncio.Event()
        self._stopper = Stopper()
        self._shown = (-1, -1)

    def wake(self) -> None:
        """Look at the commands: somebody has left an order."""
        self._is_ordered = True
        self._happened.set()

    async def run(self) -> None:
        """Go on until the execution has its end.

        Raises:
            OwnershipLost: Another owner has it.
        """
        try:
            self._begin()
            while not self._progress.status.is_final:
                await self._turn()
        finally:
            await self._let_go()
        await self._stopper.finish()

    async def _turn(self) -> None:
        """One round: what has ended is recorded, what follows is decided, both are stored, then agents are called."""
        self._happened.clear()
        self._collect()
        await self._read_orders()
        if self._orders or self._progress.stopping:
            return await self._stop()
        if self._is_out_of_time():
            return await self._end_out_of_time()
        self._decide()
        if stored := self._journal.stored:
            await stored
        self._launch()
        if not self._progress.status.is_final:
            await self._next_happening()
        return None

    def _record(self, new: Iterable[Fact], *, handled: Iterable[UUID] = ()) -> None:
        self._means.recorder.record(self._journal, new, handled=list(handled))

    # Beginning and recovering

    def _begin(self) -> None:
        if self._progress.status is ExecutionStatus.PENDING:
            if not self._orders:
                self._record(facts.execution_started(self._plan))
            return
        self._record([facts.execution_recovered()])
        for step in self._plan.steps:
            if self._progress.of(step).status is StepStatus.RUNNING and not self._progress.stopping:
                self._take_up(step)

    def _take_up(self, step: PlannedStep) -> None:
        """Go on with a run that outlived the server, or run the step again."""
        own = self._progress.of(step)
        backend = self._means.backends.get(self._agent_of(step).backend)
        if backend and backend.capabilities.resumes_runs and own.identifiers:
            self._record([facts.logged("attempt_reattached", step=step, attempt=own.attempt)])
            self._launching.append(self._taken_up(step))
            return
        self._interrupt(step)

    def _interrupt(self, step: PlannedStep) -> None:
        own = self._progress.of(step)
        unmeasured = self._agent_of(step).backend is not Backend.REHEARSAL
        self._record([facts.attempt_interrupted(step, own.attempt, unmeasured=unmeasured)])
        if own.interruptions >= MAX_INTERRUPTIONS:
            error = facts.error_data("crash_loop", "agent_errors.crash_loop", agent=step.name, times=own.interruptions)
            self._record(facts.step_failed(step, own.attempt, error))

    # Deciding

    def _decide(self) -> None:
        """Record everything that may happen now; agents are called once it is stored."""
        self._start_due()
        while True:
            decision = decide(self._plan, self._journal.brief, self._progress)
            for skip in decision.skip:
                self._record(facts.step_skipped(self._plan.by_id[skip.step_id], skip))
            for step_id in decision.cut:
                self._cut(self._plan.by_id[step_id])
            refusal = self._start_all(decision.start)
            if refusal and not self._progress.under_way(self._plan.steps):
                return self._fail(refusal, reason="budget_exceeded")
            if decision.outcome:
                return self._end(decision.outcome)
            if not (decision.skip or decision.cut):
                return self._show_progress()

    def _start_due(self) -> None:
        """Next attempts whose time has come; one that no longer fits the budget fails its step."""
        now = utc_now()
        for step in self._plan.steps:
            own = self._progress.of(step)
            is_due = own.status is StepStatus.WAITING and (own.retry_at is None or own.retry_at <= now)
            if is_due and (refusal := self._start(step)):
                self._record(facts.step_failed(step, own.attempt, refusal))

    def _start_all(self, step_ids: tuple[str, ...]) -> facts.Data | None:
        """Start them in turn, up to the first that does not fit the budget; why it does not."""
        for step_id in step_ids:
            if refusal := self._start(self._plan.by_id[step_id]):
                return refusal
        return None

    def _start(self, step: PlannedStep) -> facts.Data | None:
        """Reserve the worst case and record the start, or say why it does not fit."""
        own, agent = self._progress.of(step), self._agent_of(step)
        fed = feed(self._plan, self._journal.brief, self._progress, step)
        sent = letter(self._plan, fed, step, instructions=agent.instructions, mark=secrets.token_hex(8))
        allowed = allowance(self._plan, self._progress, step, agent, sent)
        if refusal := allowed.refusal:
            key = f"agent_errors.{refusal.word}"
            return facts.error_data(refusal.code, key, agent=step.name, **refusal.params)
        reads = [section.origin for section in fed.sections]
        started = facts.attempt_started(
            step, own.attempt + 1, is_fallback=own.is_fallback, reads=reads, allowed=allowed
        )
        self._record(started)
        self._launching.append(self._attempt(step, sent, max_tokens=allowed.max_tokens))
        return None

    def _taken_up(self, step: PlannedStep) -> Attempt:
        """The attempt that another owner has started, to attach to it or to stop it."""
        fed = feed(self._plan, self._journal.brief, self._progress, step)
        instructions = self._agent_of(step).instructions
        sent = letter(self._plan, fed, step, instructions=instructions, mark=secrets.token_hex(8))
        return self._attempt(step, sent, max_tokens=step.max_tokens, attach=True)

    def _attempt(self, step: PlannedStep, sent: Letter, *, max_tokens: int | None, attach: bool = False) -> Attempt:
        own, agent, brief = self._progress.of(step), self._agent_of(step), self._journal.brief
        request = RunRequest(
            user_id=brief.user_id,
            execution_id=brief.execution_id,
            step_id=step.step_id,
            attempt=own.attempt,
            agent=agent,
            instructions=sent.instructions,
            input=sent.input,
            max_tokens=max_tokens,
            temperature=step.temperature,
        )
        return Attempt(
            step=step,
            request=request,
            backend=self._means.backends.get(agent.backend),
            timeout_seconds=step.timeout_seconds,
            max_bytes=self._means.settings.max_output_bytes,
            identifiers=dict(own.identifiers) if attach else None,
            streamed_chars=own.streamed_chars if attach else 0,
        )

    def _agent_of(self, step: PlannedStep) -> AgentSnapshot:
        own = self._progress.of(step)
        return step.fallback if own.is_fallback and step.fallback else step.agent

    def _launch(self) -> None:
        """Call the agents whose attempts are stored."""
        launching, self._launching = self._launching, []
        for attempt in launching:
            task = asyncio.create_task(attempts.run(attempt, self._means.recorder, self._journal))
            task.add_done_callback(lambda _: self._happened.set())
            self._calls[attempt.step.step_id] = Call(attempt, task)

    # Collecting

    def _collect(self) -> None:
        """Record how the calls that have ended did."""
        for step_id, call in list(self._calls.items()):
            if call.task.done():
                del self._calls[step_id]
                self._settle(call)

    def _settle(self, call: Call) -> None:
        error = asyncio.CancelledError() if call.task.cancelled() else call.task.exception()
        match error:
            case None:
                self._completed(call.attempt, call.task.result())
            case OwnershipLost():
                raise error
            case UnknownRun():
                self._interrupt(call.attempt.step)
            case AgentError():
                self._failed(call.attempt, error)
            case _:
                log.error("A backend broke", exc_info=error, extra={"action": "backend_broke"})
                self._failed(call.attempt, AgentFailed("backend_bug", kind=type(error).__name__))

    def _completed(self, attempt: Attempt, answer: Answer) -> None:
        step, number = attempt.step, attempt.request.attempt
        self._record(
            [
                *answer.rest,
                *facts.step_completed(
                    step,
                    number,
                    answer.ended,
                    output=answer.output,
                    cost_usd=self._means.cost_of(answer.ended),
                    seconds=answer.seconds,
                ),
            ]
        )
        if self._progress.of(step).writes.is_nonsense:
            self._record([facts.logged("renum_block_ignored", level="warning", step=step)])
        self._note_conflicts(step)

    def _failed(self, attempt: Attempt, error: AgentError) -> None:
        step, number = attempt.step, attempt.request.attempt
        shown = facts.error_of(error, step)
        again = after_failure(step, self._progress.of(step), error, jitter=random.random())  # noqa: S311 (no secret)
        unmeasured = may_have_spent(error, attempt.request.agent.backend)
        self._record(facts.attempt_failed(step, number, shown, will_retry=bool(again), unmeasured=unmeasured))
        if again is None:
            self._record(facts.step_failed(step, number, shown))
            self._note_conflicts(step)
            return
        self._record(
            facts.retry_scheduled(
                step,
                number + 1,
                at=utc_now() + timedelta(seconds=again.seconds),
                seconds=again.seconds,
                reason=again.reason,
                to_fallback=again.to_fallback,
            )
        )

    def _note_conflicts(self, step: PlannedStep) -> None:
        conflicts = results.write_conflicts(self._plan, self._progress, step)
        self._record([facts.logged("write_conflict", level="warning", **conflict) for conflict in conflicts])

    # Waiting

    async def _read_orders(self) -> None:
        if self._is_ordered:
            self._is_ordered = False
            self._orders += await self._means.orders(self._journal.execution_id)

    async def _next_happening(self) -> None:
        """Until a call ends, somebody wakes us, a retry is due or time is up."""
        moments = [own.retry_at for own in self._progress.steps.values() if own.retry_at]
        if deadline := self._deadline():
            moments.append(deadline)
        if not moments:
            await self._happened.wait()
            return
        try:
            async with asyncio.timeout(max(0.0, (min(moments) - utc_now()).total_seconds())):
                await self._happened.wait()
        except TimeoutError:
            return

    def _deadline(self) -> datetime | None:
        started, seconds = self._progress.started_at, self._plan.timeout_seconds
        return started + timedelta(seconds=seconds) if started and seconds else None

    def _is_out_of_time(self) -> bool:
        deadline = self._deadline()
        return deadline is not None and utc_now() >= deadline

    # Ending

    def _end(self, outcome: Outcome) -> None:
        if not outcome.succeeded:
            return self._fail(self._error_of(outcome), reason="earlier_failed")
        if not self._progress.completed(self._plan.steps):
            self._record([facts.logged("everything_skipped", level="warning")])
        self._show_progress()
        self._record(facts.execution_completed(results.final_result(self._plan, self._journal.brief, self._progress)))
        return None

    def _fail(self, error: facts.Data, *, reason: str) -> None:
        for step in self._progress.pending(self._plan.steps):
            self._record(facts.step_cancelled(step, 0, reason=reason))
        self._show_progress()
        self._record(facts.execution_failed(error))

    def _error_of(self, outcome: Outcome) -> facts.Data:
        failed = self._progress.steps[outcome.failed_step_id].error if outcome.failed_step_id else None
        if outcome.wanted is None and failed:
            return failed
        return facts.error_data(
            failed["code"] if failed else "agent_failed",
            "execution_errors.join_failed",
            successes=outcome.successes,
            needed=outcome.wanted,
            why=failed["message"] if failed else "",
        )

    def _show_progress(self) -> None:
        shown = (self._progress.current_step, self._progress.percent)
        if shown != self._shown:
            self._shown = shown
            total = len(self._progress.steps)
            self._record([facts.progress_made(current=shown[0], total=total, percent=shown[1])])

    async def _end_out_of_time(self) -> None:
        cut = await self._cancel_calls(list(self._calls.values()))
        for call in cut:
            self._stopper.begin(call.attempt, self._identifiers(call.attempt))
        for step in self._progress.under_way(self._plan.steps):
            own = self._progress.of(step)
            self._record(
                facts.step_cancelled(step, own.attempt, reason="timeout", unmeasured=self._is_unmeasured(step))
            )
        seconds = round(self._plan.timeout_seconds or 0, 1)
        self._fail(facts.error_data("timeout", "execution_errors.timeout", seconds=seconds), reason="timeout")
        if stored := self._journal.stored:
            await stored

    # Stopping

    def _cut(self, step: PlannedStep) -> None:
        """A branch whose result nobody needs any more: stop it upstream, without waiting for that."""
        if call := self._calls.pop(step.step_id, None):
            call.task.cancel()
            self._stopper.begin(call.attempt, self._identifiers(call.attempt), after=call.task)
        own = self._progress.of(step)
        unmeasured = own.attempt > 0 and self._is_unmeasured(step)
        self._record(facts.step_cancelled(step, own.attempt, reason="join_satisfied", unmeasured=unmeasured))

    async def _stop(self) -> None:
        """Cut what runs, tell the backends, and leave a receipt."""
        self._collect()
        if not self._progress.stopping:
            self._record(facts.stop_requested(), handled=self._orders)
        ended = [step_id for step_id, own in self._progress.steps.items() if own.status.is_final]
        running = [step for step in self._plan.steps if self._progress.of(step).status is StepStatus.RUNNING]
        open_attempts = [
            self._calls[step.step_id].attempt if step.step_id in self._calls else self._taken_up(step)
            for step in running
        ]
        self._launching.clear()
        await self._cancel_calls(list(self._calls.values()))
        for attempt in open_attempts:
            self._stopper.begin(attempt, self._identifiers(attempt))
        if stored := self._journal.stored:
            await stored
        unconfirmed = await self._stopper.finish()
        cut = [
            step
            for step in self._plan.steps
            if self._progress.of(step).status in {StepStatus.RUNNING, StepStatus.WAITING}
        ]
        spent = self._spent_after_stop(cut)
        for step in self._plan.steps:
            own = self._progress.of(step)
            if own.status.is_final:
                continue
            unmeasured = step in running and self._is_unmeasured(step)
            reason = "stopped" if step in cut else "not_started"
            self._record(facts.step_cancelled(step, own.attempt, reason=reason, unmeasured=unmeasured))
        for step_id in unconfirmed:
            self._record([facts.logged("stop_unconfirmed", level="warning", step=self._plan.by_id[step_id])])
        self._show_progress()
        note = results.receipt(
            self._progress, ended=ended, cut=[step.step_id for step in cut], spent=spent, unconfirmed=unconfirmed
        )
        self._record(facts.execution_cancelled(note))
        if stored := self._journal.stored:
            await stored

    def _spent_after_stop(self, cut: list[PlannedStep]) -> dict[str, float | int | None]:
        """Nothing where nothing was cut or all of it was free; otherwise nobody has counted it."""
        is_nothing = all(not self._is_unmeasured(step) for step in cut)
        return {"cost_usd": 0.0 if is_nothing else None, "tokens": 0 if not cut else None}

    def _is_unmeasured(self, step: PlannedStep) -> bool:
        return self._agent_of(step).backend is not Backend.REHEARSAL

    def _identifiers(self, attempt: Attempt) -> dict[str, str]:
        return dict(self._progress.of(attempt.step).identifiers)

    async def _cancel_calls(self, calls: list[Call]) -> list[Call]:
        """End these calls here; an agent that will not let go within a moment is left behind."""
        for call in calls:
            self._calls.pop(call.attempt.step.step_id, None)
            call.task.cancel()
        if calls:
            await asyncio.wait([call.task for call in calls], timeout=2)
        return calls

    async def _let_go(self) -> None:
        await self._cancel_calls(list(self._calls.values()))
