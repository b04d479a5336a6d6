"""Calendar months in UTC, and what clients read of one's spending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from pydantic import Field

from renum_app.models.values import Moment, Read


@dataclass(frozen=True, slots=True)
class Month:
    since: datetime
    until: datetime
    """The first moment of the next month."""

    @classmethod
    def of(cls, moment: datetime) -> Month:
        """The month a moment lies in."""
        first = moment.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        years, month = divmod(first.month, 12)
        return cls(since=first, until=first.replace(year=first.year + years, month=month + 1))

    def __contains__(self, moment: datetime) -> bool:
        return self.since <= moment < self.until

    @property
    def name(self) -> str:
        return f"{self.since:%Y-%m}"


class MonthRead(Read):
    """What a person's executions have spent this month; a step belongs to the month in which it started."""

    month: str = Field(description="`2026-01`, in UTC.")
    ends_at: Moment
    budget_usd: float | None
    spent_usd: float = Field(description="Measured, and held for calls nobody measured.")
    reserved_usd: float = Field(description="Worst case of the calls under way.")
    unknown_steps: int = Field(description="Steps whose cost nobody knows; they are not in `spent_usd`.")
