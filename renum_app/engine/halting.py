"""Halting: runs that are cut short, because of an order, the time, or a join that has what it wants."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from renum_app.engine import ending, facts, preparing, settling
from renum_app.engine.calls import Call, Calls
from renum_app.engine.means import Means
from renum_app.engine.plan import PlannedStep
from renum_app.engine.recorder import Journal
from renum_app.engine.stopping import Stopper
from renum_app.models.command import Order
from renum_app.models.step import StepStatus


class Halting:
    """Ends calls here and tells their backends."""

    def __init__(self, journal: Journal, means: Means, calls: Calls, *, on_end: Callable[[], None]) -> None:
        self._journal = journal
        self._means = means
        self._calls = calls
        self._stopper = Stopper(on_end=on_end)

    @property
    def is_idle(self) -> bool:
        """Whether no backend is being told anything."""
        return self._stopper.is_idle

    async def finish(self) -> None:
        """Wait until every backend has been told."""
        await self._stopper.finish()

    def leave(self, call: Call) -> None:
        """A run that was given up here goes on at its backend unless that is told."""
        identifiers = self._journal.progress.of(call.attempt.step).identifiers
        if call.was_given_up and identifiers:
            self._stopper.begin(call.attempt, identifiers)

    def cut(self, step: PlannedStep) -> None:
        """A branch whose result nobody needs any more: stop it upstream, without waiting for that."""
        if call := self._calls.cut(step.step_id):
            self._stopper.begin(call.attempt, self._journal.progress.of(step).identifiers, after=call.task)
        ending.cancel(self._journal, step, reason="join_satisfied")
        settling.note_conflicts(self._journal, step)

    async def stop(self, orders: Sequence[Order]) -> None:
        """Cut what runs, tell the backends, and leave a receipt."""
        progress, steps = self._journal.progress, self._journal.plan.steps
        if not progress.stopping:
            told = facts.stop_requested(progress.status, orders[0].stop)
            self._journal.record(told, handled=[order.command_id for order in orders])
        ended = [step_id for step_id, own in progress.steps.items() if own.status.is_final]
        under_way = [
            self._calls.attempt_of(step.step_id) or preparing.taken_up(self._journal, self._means, step)
            for step in steps
            if progress.of(step).status is StepStatus.RUNNING
        ]
        await self._calls.cut_all()
        for attempt in under_way:
            self._stopper.begin(attempt, progress.of(attempt.step).identifiers)
        await self._journal.is_stored()
        ending.stopped(self._journal, ended=ended, unconfirmed=await self._stopper.finish())

    async def time_out(self) -> None:
        """The execution's time is used up."""
        for call in await self._calls.cut_all():
            self._stopper.begin(call.attempt, self._journal.progress.of(call.attempt.step).identifiers)
        ending.fail_out_of_time(self._journal)
