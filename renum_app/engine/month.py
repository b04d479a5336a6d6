"""Month budgets: a call's worst case is reserved against the person's and the team's month before it is made.

Whether a month cap applies to an execution is settled when the engine takes it up, so that executions without one
pay nothing. While one applies, both caps are read anew before every call: a changed cap counts from the next step on.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from decimal import Decimal

from renum_app.engine.budgets import MonthCap, Refusal, cost_used, dollars
from renum_app.engine.means import Means
from renum_app.engine.plan import PlannedStep
from renum_app.engine.recorder import Journal, OwnershipLost
from renum_app.models.month import Month
from renum_app.repositories import spending
from renum_app.repositories.commits import NotStored
from renum_app.repositories.spending import Ledger, Wanted

log = logging.getLogger(__name__)

_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.05, 5.0


def applies(journal: Journal) -> bool:
    """Whether the person or the team has a month cap, as far as was known when the execution was taken up."""
    return journal.plan.monthly_budget_usd is not None or journal.brief.monthly_budget_usd is not None


async def reserve(journal: Journal, means: Means, step: PlannedStep, cost_usd: float) -> tuple[MonthCap, ...] | Refusal:
    """Reserve a call's worst case where every process sees it at once: the caps it fits, or the one it does not.

    Raises:
        OwnershipLost: The execution has another owner.
    """
    await journal.is_stored()  # what the step's row still waits to be told would wipe the reservation off it
    started_at = journal.progress.of(step).started_at or means.clock()
    month = Month.of(started_at)
    wanted = Wanted(
        execution_id=journal.execution_id,
        epoch=journal.epoch,
        step_id=step.step_id,
        cost_usd=cost_usd,
        started_at=started_at,
        month=month,
    )
    own = cost_used(
        other for other in journal.progress.steps.values() if other.started_at and other.started_at in month
    )
    needed = _Needed(own=own, worst=Decimal(str(cost_usd)), month=month)
    ledger = await _asked(wanted, needed)
    if ledger is None:
        raise OwnershipLost
    return needed.refusal(ledger) or needed.caps(ledger)


@dataclass(frozen=True, slots=True)
class _Needed:
    """A step's claim on its month, beside what its own execution has used; rows may lag behind the latter."""

    own: Decimal
    worst: Decimal
    month: Month

    def caps(self, ledger: Ledger) -> tuple[MonthCap, ...]:
        team, person = ledger.team_cap_usd, ledger.person_cap_usd
        caps = [MonthCap("team", Decimal(str(team)), ledger.team_usd + self.own)] if team is not None else []
        if person is not None:
            caps.append(MonthCap("person", Decimal(str(person)), ledger.person_usd + self.own))
        return tuple(caps)

    def refusal(self, ledger: Ledger) -> Refusal | None:
        """The first cap it does not fit."""
        for cap in self.caps(ledger):
            if cap.spent_usd + self.worst > cap.cap_usd:
                return Refusal("budget_exceeded", f"budget_{cap.of}_month", self._told(cap))
        return None

    def _told(self, cap: MonthCap) -> dict[str, float | str]:
        return {
            "spent": dollars(cap.spent_usd),
            "cap": dollars(cap.cap_usd),
            "left": dollars(max(cap.cap_usd - cap.spent_usd, Decimal())),
            "needed": dollars(self.worst),
            "until": f"{self.month.until:%Y-%m-%d}",
        }


async def _asked(wanted: Wanted, needed: _Needed) -> Ledger | None:
    """The answer of the database, however long that is busy: no call is made without it."""
    pause = _PAUSE_SECONDS
    while True:
        try:
            return await spending.reserve(wanted, fits=lambda ledger: needed.refusal(ledger) is None)
        except NotStored:
            log.exception("A month could not be read; trying again", extra={"action": "month_not_read"})
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)
