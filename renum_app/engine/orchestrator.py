"""TeamOrchestrator: drives one execution from where its log stands to its end, or to where it parks."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from itertools import takewhile

from renum_app.engine import approval_facts, approvals, ending, facts, gates, settling, timing
from renum_app.engine.calls import Calls
from renum_app.engine.halting import Halting
from renum_app.engine.means import Means
from renum_app.engine.recorder import Journal
from renum_app.engine.rows import waiting_for
from renum_app.engine.starting import Starter
from renum_app.engine.strategies import decide, parallel
from renum_app.models.command import CommandKind, Order
from renum_app.models.execution import ExecutionStatus
from renum_app.models.step import StepStatus


class TeamOrchestrator:
    """One execution's owner; everything it decides follows from the log, so that any other could go on."""

    def __init__(self, journal: Journal, means: Means, *, orders: Iterable[Order] = ()) -> None:
        self._journal = journal
        self._plan = journal.plan
        self._progress = journal.progress
        self._means = means
        self._happened = asyncio.Event()
        self._calls = Calls(journal, self._happened.set)
        self._starter = Starter(journal, means, when_free=self._happened.set)
        self._orders = list(orders)
        self._is_ordered = False
        self._halting = Halting(journal, means, self._calls, on_end=self._happened.set)

    def wake(self) -> None:
        """Look at the commands: somebody has left an order."""
        self._is_ordered = True
        self._happened.set()

    async def run(self) -> None:
        """Go on until the execution has its end, or parks.

        Raises:
            OwnershipLost: Another owner has it.
        """
        try:
            self._begin()
            while not (self._progress.status.is_final or self._progress.is_parked):
                await self._turn()
        finally:
            await self._calls.cut_all()
            self._starter.ended(*self._progress.steps)
        await self._halting.finish()

    async def _turn(self) -> None:
        """One round: what has ended is recorded, what follows is decided, both are stored, then agents are called."""
        self._happened.clear()
        self._collect()
        await self._hear()
        if self._orders or self._progress.stopping:
            self._collect()
            self._starter.launching()
            await self._halting.stop(self._orders)
        elif timing.is_out_of_time(self._plan, self._progress, self._means.clock()):
            await self._halting.time_out()
        else:
            await self._decide()
        await self._journal.is_stored()
        self._calls.launch(self._starter.launching())
        if self._progress.status.is_final:
            return
        if timing.may_park(self._progress, self._means.clock()) and self._is_quiet:
            await self._park()
        else:
            await self._next_happening()

    def _begin(self) -> None:
        if self._progress.status is ExecutionStatus.PENDING:
            if not self._orders:
                self._journal.record(facts.execution_started(self._plan))
        elif self._progress.is_parked:
            if self._orders or timing.is_awake(self._progress, self._means.clock()):
                self._journal.record([approval_facts.unparked()])
        else:
            self._journal.record([facts.execution_recovered()])
            for step in self._plan.steps:
                if self._progress.of(step).status is StepStatus.RUNNING and not self._progress.stopping:
                    self._starter.take_up(step)

    def _collect(self) -> None:
        for call in self._calls.ended():
            self._halting.leave(call)
            settling.settle(self._journal, self._means, call)
            self._starter.ended(call.step_id)

    async def _hear(self) -> None:
        """Carry out decisions; an order to stop stays, and nothing that came after it counts."""
        now = self._means.clock()
        if self._is_ordered or approvals.is_any_due(self._journal, now):
            self._is_ordered = False
            self._orders += await self._means.orders(self._journal.execution_id)
        if not self._progress.stopping:
            decisions = takewhile(lambda order: order.kind is CommandKind.DECIDE, self._orders)
            approvals.fold(self._journal, decisions, now=now)
        self._orders = [order for order in self._orders if order.kind is CommandKind.STOP]

    async def _decide(self) -> None:
        """Record everything that may happen now; agents are called once it is stored."""
        await self._starter.start_due()
        while True:
            ended = self._progress.ended
            if why := parallel.newly_joined(self._plan, self._progress):
                self._journal.record([gates.joined(why)])
            decision = decide(self._plan, self._journal.brief, self._progress)
            for skip in decision.skip:
                step = self._plan.by_id[skip.step_id]
                self._journal.record(facts.step_skipped(step, skip))
                settling.note_conflicts(self._journal, step)
            for step_id in decision.cut:
                self._halting.cut(self._plan.by_id[step_id])
            for step_id in decision.ask:
                approvals.ask_before(self._journal, self._means, self._plan.by_id[step_id])
            refusal = await self._starter.start(decision.start)
            if refusal and not self._progress.begun(self._plan.steps):
                self._journal.record([gates.refused(refusal)])
                return ending.fail(self._journal, refusal, reason="budget_exceeded")
            if decision.outcome:
                return ending.end(self._journal, decision.outcome)
            if self._progress.ended == ended:
                return ending.show_progress(self._journal)

    @property
    def _is_quiet(self) -> bool:
        return self._halting.is_idle and not self._happened.is_set()

    async def _park(self) -> None:
        """Let go of everything; whoever takes the execution up goes on from its log."""
        wake_at = timing.wake_at(self._plan, self._progress)
        self._journal.record([approval_facts.parked(waiting_for=waiting_for(self._progress), wake_at=wake_at)])
        await self._journal.is_stored()
        if self._is_ordered:
            self._journal.record([approval_facts.unparked()])

    async def _next_happening(self) -> None:
        """Until a call ends, somebody wakes us, or something is due."""
        moment = timing.next_moment(self._plan, self._progress, after=self._starter.looked_at)
        if moment is None:
            await self._happened.wait()
            return
        try:
            async with asyncio.timeout(max(0.0, (moment - self._means.clock()).total_seconds())):
                await self._happened.wait()
        except TimeoutError:
            return
