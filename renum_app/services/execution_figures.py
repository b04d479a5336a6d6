"""The dashboard's figures, computed from the rows of two weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date as date_type
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from renum_app.models.execution import ExecutionStatus
from renum_app.models.overview import DayRead, OverviewRead, PeriodRead

PERIOD = timedelta(days=7)


def overview_of(unfinished: Mapping[str, int], rows: Sequence[Any], *, needs_you: int, now: datetime) -> OverviewRead:
    """What runs and waits now, and this period beside the one before."""
    return OverviewRead(
        running=unfinished.get(ExecutionStatus.RUNNING.value, 0),
        waiting=unfinished.get(ExecutionStatus.PENDING.value, 0),
        needs_you=needs_you,
        last_7_days=_period([row for row in rows if row.created_at >= now - PERIOD]),
        previous_7_days=_period([row for row in rows if row.created_at < now - PERIOD]),
        days=_days(rows, now),
    )


def _days(rows: Sequence[Any], now: datetime) -> list[DayRead]:
    """Both periods by day, days without executions included."""
    counts = Counter((row.created_at.date(), row.status) for row in rows)
    last = now.date()
    dates = [last - timedelta(days=back) for back in reversed(range(2 * PERIOD.days))]
    return [_day(date, {status: counts[date, status.value] for status in ExecutionStatus}) for date in dates]


def _day(date: date_type, counts: Mapping[ExecutionStatus, int]) -> DayRead:
    completed, failed = counts[ExecutionStatus.COMPLETED], counts[ExecutionStatus.FAILED]
    others = sum(counts.values()) - completed - failed
    return DayRead(date=date.isoformat(), completed=completed, failed=failed, others=others)


def _period(rows: Sequence[Any]) -> PeriodRead:
    ended = [row for row in rows if ExecutionStatus(row.status).is_final]
    completed = [row for row in ended if row.status == ExecutionStatus.COMPLETED.value]
    costs = [cost for row in rows if (cost := row.cost_metrics.get("known_cost_usd")) is not None]
    seconds = [(row.completed_at - row.started_at).total_seconds() for row in completed if row.started_at]
    return PeriodRead(
        executions=len(rows),
        completed=len(completed),
        ended=len(ended),
        cost_usd=round(sum(costs), 6) if costs else None,
        median_seconds=round(median(seconds), 3) if seconds else None,
    )
