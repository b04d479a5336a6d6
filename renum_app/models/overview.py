"""Figures of a person's executions, as the dashboard shows them."""

from __future__ import annotations

from pydantic import Field

from renum_app.models.values import Read


class PeriodRead(Read):
    """Figures of the executions created in one period."""

    executions: int
    completed: int
    ended: int
    cost_usd: float | None = Field(description="Known costs; null when none is known.")
    median_seconds: float | None


class DayRead(Read):
    """Executions created on one day, in UTC."""

    date: str = Field(description="YYYY-MM-DD.")
    completed: int
    failed: int
    others: int = Field(description="Stopped, running or queued.")


class PresentRead(Read):
    """What the frame of every page counts."""

    unfinished: int
    cost_usd: float | None = Field(description="Of the unfinished, as far as known; null when none is known.")
    needs_you: int
    unread: int


class OverviewRead(Read):
    """What the dashboard shows of a person's executions."""

    running: int
    waiting: int
    needs_you: int = Field(description="Approvals that wait for the person.")
    last_7_days: PeriodRead
    previous_7_days: PeriodRead
    days: list[DayRead] = Field(description="The last 14 days, the oldest first.")
