"""TeamOrchestrator: drives one execution from where its log stands to its end."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from renum_app.engine import ending, facts, preparing, settling
from renum_app.engine.attempt import Attempt
from renum_app.engine.calls import Calls
from renum_app.engine.means import Means
from renum_app.engine.plan import PlannedStep
from renum_app.engine.recorder import Journal
from renum_app.engine.retries import SUSPICIOUS_INTERRUPTIONS
from renum_app.engine.stopping import Stopper
from renum_app.engine.strategies import decide
from renum_app.models.execution import ExecutionStatus
from renum_app.models.step import StepStatus


class TeamOrchestrator:
    """One execution's owner; everything it decides follows from the log, so that any other could go on."""

    def __init__(self, journal: Journal, means: Means, *, orders: Iterable[UUID] = ()) -> None:
        self._journal = journal
        self._plan = journal.plan
        self._progress = journal.progress
        self._means = means
        self._happened = asyncio.Event()
        self._calls = Calls(journal, self._happened.set)
        self._launching: list[Attempt] = []
        self._orders = list(orders)
        self._is_ordered = False
        self._stopper = Stopper()

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
            await self._calls.cut_all()
            self._leave_quarantine(*self._progress.steps)
        await self._stopper.finish()

    async def _turn(self) -> None:
        """One round: what has ended is recorded, what follows is decided, both are stored, then agents are called."""
        self._happened.clear()
        self._collect()
        await self._read_orders()
        if self._orders or self._progress.stopping:
            await self._stop()
        elif self._is_out_of_time():
            await self._end_out_of_time()
        else:
            await self._decide()
        await self._journal.is_stored()
        self._calls.launch(self._launching)
        self._launching = []
        if not self._progress.status.is_final:
            await self._next_happening()

    def _begin(self) -> None:
        if self._progress.status is ExecutionStatus.PENDING:
            if not self._orders:
                self._journal.record(facts.execution_started(self._plan))
            return
        self._journal.record([facts.execution_recovered()])
        for step in self._plan.steps:
            if self._progress.of(step).status is StepStatus.RUNNING and not self._progress.stopping:
                self._take_up(step)

    def _take_up(self, step: PlannedStep) -> None:
        """Go on with a run that outlived the server, or run the step again."""
        own = self._progress.of(step)
        backend = self._means.backends.get(preparing.agent_of(self._journal, step).backend)
        if backend and backend.capabilities.resumes_runs and own.identifiers:
            self._journal.record([facts.logged("attempt_reattached", step=step, attempt=own.attempt)])
            self._launching.append(preparing.taken_up(self._journal, self._means, step))
        else:
            settling.interrupted(self._journal, step)

    def _collect(self) -> None:
        for call in self._calls.ended():
            settling.settle(self._journal, self._means, call)
            self._leave_quarantine(call.step_id)

    def _leave_quarantine(self, *step_ids: str) -> None:
        for step_id in step_ids:
            self._means.quarantine.leave((self._journal.execution_id, step_id))

    async def _decide(self) -> None:
        """Record everything that may happen now; agents are called once it is stored."""
        await self._start_due()
        while True:
            ended = self._progress.ended
            decision = decide(self._plan, self._journal.brief, self._progress)
            for skip in decision.skip:
                step = self._plan.by_id[skip.step_id]
                self._journal.record(facts.step_skipped(step, skip))
                settling.note_conflicts(self._journal, step)
            for step_id in decision.cut:
                self._cut(self._plan.by_id[step_id])
            refusal = await self._start_all(decision.start)
            if refusal and not self._progress.under_way(self._plan.steps):
                return ending.fail(self._journal, refusal, reason="budget_exceeded")
            if decision.outcome:
                return ending.end(self._journal, decision.outcome)
            if self._progress.ended == ended:
                return ending.show_progress(self._journal)

    async def _start_due(self) -> None:
        """Next attempts whose time has come; one that no longer fits the budget fails its step."""
        now = self._means.clock()
        for step in self._plan.steps:
            own = self._progress.of(step)
            is_due = own.status is StepStatus.WAITING and (own.retry_at is None or own.retry_at <= now)
            if is_due and self._is_above_suspicion(step) and (refusal := await self._start(step)):
                self._journal.record(facts.step_failed(step, own.attempt, refusal))
                settling.note_conflicts(self._journal, step)

    def _is_above_suspicion(self, step: PlannedStep) -> bool:
        """Or alone among those that are not."""
        if self._progress.of(step).interruptions < SUSPICIOUS_INTERRUPTIONS:
            return True
        suspect = (self._journal.execution_id, step.step_id)
        return self._means.quarantine.admits(suspect, when_free=self._happened.set)

    async def _start_all(self, step_ids: tuple[str, ...]) -> facts.Data | None:
        """Start them in turn, up to the first that does not fit the budget; why it does not."""
        for step_id in step_ids:
            if refusal := await self._start(self._plan.by_id[step_id]):
                return refusal
        return None

    async def _start(self, step: PlannedStep) -> facts.Data | None:
        started = await preparing.started(self._journal, self._means, step)
        if not isinstance(started, Attempt):
            return started
        self._launching.append(started)
        return None

    def _cut(self, step: PlannedStep) -> None:
        """A branch whose result nobody needs any more: stop it upstream, without waiting for that."""
        if call := self._calls.cut(step.step_id):
            self._stopper.begin(call.attempt, self._progress.of(step).identifiers, after=call.task)
        ending.cancel(self._journal, step, reason="join_satisfied")
        settling.note_conflicts(self._journal, step)

    async def _stop(self) -> None:
        """Cut what runs, tell the backends, and leave a receipt."""
        self._collect()
        if not self._progress.stopping:
            self._journal.record(facts.stop_requested(self._progress.status), handled=self._orders)
        ended = [step_id for step_id, own in self._progress.steps.items() if own.status.is_final]
        running = [step for step in self._plan.steps if self._progress.of(step).status is StepStatus.RUNNING]
        under_way = [
            self._calls.attempt_of(step.step_id) or preparing.taken_up(self._journal, self._means, step)
            for step in running
        ]
        self._launching.clear()
        await self._calls.cut_all()
        for attempt in under_way:
            self._stopper.begin(attempt, self._progress.of(attempt.step).identifiers)
        await self._journal.is_stored()
        ending.stopped(self._journal, ended=ended, unconfirmed=await self._stopper.finish())

    async def _end_out_of_time(self) -> None:
        for call in await self._calls.cut_all():
            self._stopper.begin(call.attempt, self._progress.of(call.attempt.step).identifiers)
        ending.fail_out_of_time(self._journal)

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
            async with asyncio.timeout(max(0.0, (min(moments) - self._means.clock()).total_seconds())):
                await self._happened.wait()
        except TimeoutError:
            return

    def _deadline(self) -> datetime | None:
        started, seconds = self._progress.started_at, self._plan.timeout_seconds
        return started + timedelta(seconds=seconds) if started and seconds else None

    def _is_out_of_time(self) -> bool:
        deadline = self._deadline()
        return deadline is not None and self._means.clock() >= deadline
