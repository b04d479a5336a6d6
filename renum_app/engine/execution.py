"""ExecutionEngine: takes executions up from their log and sees that each comes to its end."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from functools import lru_cache
from uuid import UUID

from pydantic_core import to_json

from renum_app.engine import ending, facts
from renum_app.engine.claiming import Claiming
from renum_app.engine.means import Means
from renum_app.engine.orchestrator import TeamOrchestrator
from renum_app.engine.plan import Brief, Plan
from renum_app.engine.recorder import EventsRefused, Journal, OwnershipLost, Recorder
from renum_app.engine.reducer import progress_of
from renum_app.engine.rows import execution_values
from renum_app.models.command import Order
from renum_app.repositories.claims import Claim

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ExecutionEngine:
    """Whoever calls `advance` owns the execution from then on; the last caller wins."""

    means: Means
    _owned: dict[UUID, TeamOrchestrator] = field(default_factory=dict)
    _claiming: Claiming = field(default_factory=Claiming)

    async def advance(self, execution_id: UUID) -> None:
        """Go on with an execution from where its log stands, until it ends or is somebody else's.

        Raises:
            NotStored: The database could not be asked; try again.
            EventsRefused: What happened cannot be stored; it goes on from what is.
        """
        claimed = await self._claim(execution_id)
        if claimed is None:
            return
        journal, orders = claimed
        orchestrator = TeamOrchestrator(journal, self.means, orders=orders)
        self._owned[execution_id] = orchestrator
        try:
            await orchestrator.run()
        except EventsRefused:
            raise
        except OwnershipLost:
            log.info("Let go of an execution", extra={"action": "ownership_lost", "execution_id": str(execution_id)})
        finally:
            if self._owned.get(execution_id) is orchestrator:  # a later caller may own it by now
                del self._owned[execution_id]

    async def give_up(self, execution_id: UUID, *, times: int) -> None:
        """End an execution that the engine itself cannot carry on."""
        claimed = await self._claim(execution_id)
        if claimed is None:
            return
        journal, _ = claimed
        for step in journal.plan.steps:
            if not journal.progress.of(step).status.is_final:
                ending.cancel(journal, step, reason="crash_loop")
        error = facts.error_data("crash_loop", "execution_errors.crash_loop", times=times)
        await journal.record(facts.execution_failed(error))

    def wake(self, execution_id: UUID) -> bool:
        """Let the owner look at its commands; False when this engine is not the owner."""
        if orchestrator := self._owned.get(execution_id):
            orchestrator.wake()
        return orchestrator is not None

    async def _claim(self, execution_id: UUID) -> tuple[Journal, list[Order]] | None:
        """The journal of an execution that is ours from now on, and the orders that wait."""
        claim = await self._claiming.take_up(execution_id)
        return (_journal(claim, self.means.recorder), claim.orders) if claim else None


@lru_cache(maxsize=256)
def _plan(document: bytes) -> Plan:
    """Executions of the same version of a team share its plan, which is most of what each would hold in memory."""
    return Plan.model_validate_json(document)


def _journal(claim: Claim, recorder: Recorder) -> Journal:
    plan = _plan(to_json(claim.plan))
    progress = progress_of(plan, claim.events)
    progress.last_seq = claim.last_seq
    return Journal(
        recorder=recorder,
        plan=plan,
        brief=Brief(
            execution_id=claim.execution_id,
            user_id=claim.user_id,
            prompt=claim.prompt,
            variables=claim.variables,
            monthly_budget_usd=claim.monthly_budget_usd,
        ),
        epoch=claim.epoch,
        progress=progress,
        stored_seq=claim.last_seq,
        row=execution_values(plan, progress),
    )
