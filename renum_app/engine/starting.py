"""Starting steps: attempts on record before their agents are called, and those that outlived the server taken up."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from renum_app.engine import approvals, facts, gates, preparing, settling
from renum_app.engine.attempt import Attempt
from renum_app.engine.means import Means
from renum_app.engine.plan import PlannedStep
from renum_app.engine.recorder import Journal
from renum_app.engine.retries import SUSPICIOUS_INTERRUPTIONS
from renum_app.engine.strategies.ordered import needs_leave
from renum_app.models.step import StepStatus


class Starter:
    """The attempts of one execution that are recorded and not launched yet."""

    def __init__(self, journal: Journal, means: Means, *, when_free: Callable[[], None]) -> None:
        self._journal = journal
        self._means = means
        self._when_free = when_free
        self._launching: list[Attempt] = []
        self.looked_at: datetime | None = None
        """When it was last looked which attempts are due."""

    async def start(self, step_ids: Iterable[str]) -> facts.Data | None:
        """Start them in turn, up to the first that does not fit the budget; why it does not."""
        for step_id in step_ids:
            if refusal := await self._start(self._journal.plan.by_id[step_id]):
                return refusal
        return None

    async def start_due(self) -> None:
        """Next attempts whose time has come.

        One that does not fit the budget waits for what others under way may give back; when none is, its step fails.
        """
        self.looked_at = now = self._means.clock()
        for step in self._journal.plan.steps:
            own = self._journal.progress.of(step)
            is_due = own.status is StepStatus.WAITING and not own.approval and (not own.retry_at or own.retry_at <= now)
            if is_due and needs_leave(self._journal.progress, step):
                approvals.ask_before(self._journal, self._means, step)
            elif is_due and self._is_above_suspicion(step) and (refusal := await self._start(step)):
                if self._journal.progress.is_anything_running:
                    continue
                self._journal.record([gates.refused(refusal), *facts.step_failed(step, own.attempt, refusal)])
                settling.note_conflicts(self._journal, step)

    def take_up(self, step: PlannedStep) -> None:
        """Go on with a run that outlived the server, or run the step again."""
        own = self._journal.progress.of(step)
        backend = self._means.backends.get(preparing.agent_of(self._journal, step).backend)
        if backend and backend.capabilities.resumes_runs and own.identifiers:
            self._journal.record([facts.logged("attempt_reattached", step=step, attempt=own.attempt)])
            self._launching.append(preparing.taken_up(self._journal, self._means, step))
        else:
            settling.interrupted(self._journal, step)

    def launching(self) -> list[Attempt]:
        """Those to launch now that they are stored."""
        launching, self._launching = self._launching, []
        return launching

    def ended(self, *step_ids: str) -> None:
        """Nothing of these steps runs any more."""
        for step_id in step_ids:
            self._means.quarantine.leave((self._journal.execution_id, step_id))

    async def _start(self, step: PlannedStep) -> facts.Data | None:
        started = await preparing.started(self._journal, self._means, step)
        if not isinstance(started, Attempt):
            return started
        self._launching.append(started)
        return None

    def _is_above_suspicion(self, step: PlannedStep) -> bool:
        """Or alone among those that are not."""
        if self._journal.progress.of(step).interruptions < SUSPICIOUS_INTERRUPTIONS:
            return True
        suspect = (self._journal.execution_id, step.step_id)
        return self._means.quarantine.admits(suspect, when_free=self._when_free)
