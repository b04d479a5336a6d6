"""Pulse: whether an attempt's agent gives signs of life; told once when it does not, and once when it does again."""

from __future__ import annotations

import asyncio

from renum_app.engine import facts
from renum_app.engine.plan import PlannedStep
from renum_app.engine.recorder import Journal, OwnershipLost
from renum_app.engine.reducer import Fact


class Pulse:
    """Costs one timer an attempt, and a look at the clock for every sign of life."""

    def __init__(self, journal: Journal, step: PlannedStep, *, attempt: int, seconds: float) -> None:
        self._journal = journal
        self._step = step
        self._own = journal.progress.of(step)
        self._attempt = attempt
        self._seconds = seconds
        self._loop = asyncio.get_running_loop()
        self._last = self._loop.time()
        self._timer: asyncio.TimerHandle | None = self._loop.call_later(seconds, self._look)

    def beat(self) -> None:
        """Something has come."""
        self._last = self._loop.time()
        if self._own.is_stalled:
            self._record(facts.step_revived(self._step, self._attempt))
            self._watch(self._seconds)

    def stop(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        left = self._last + self._seconds - self._loop.time()
        if left > 0:
            self._watch(left)
        elif not self._own.is_stalled:
            self._record(facts.step_stalled(self._step, self._attempt, seconds=self._seconds))

    def _watch(self, seconds: float) -> None:
        self.stop()
        self._timer = self._loop.call_later(seconds, self._look)

    def _record(self, told: list[Fact]) -> None:
        try:
            self._journal.record(told)
        except OwnershipLost:
            return  # the orchestrator learns it from its own next record
