"""What a person can know about what their executions have used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from renum_app.database import reading
from renum_app.errors import FieldProblem, Invalid
from renum_app.models.usage import UsageGroup, UsageRead
from renum_app.models.user import CurrentUser
from renum_app.models.values import utc_now
from renum_app.repositories import usage

USUAL, LONGEST = timedelta(days=30), timedelta(days=366)


async def read(
    user: CurrentUser, *, group_by: UsageGroup, since: datetime | None = None, until: datetime | None = None
) -> UsageRead:
    """Steps begun in a time, by default the last thirty days, in groups.

    Raises:
        Invalid: The time ends before it begins, or is longer than a year.
    """
    end = _in_utc(until) or utc_now()
    start = _in_utc(since) or end - USUAL
    if not timedelta(0) < end - start <= LONGEST:
        raise Invalid([FieldProblem("from", "time_span", {"days": LONGEST.days})])
    async with reading() as session:
        items = await usage.rows(session, user.user_id, group_by=group_by, since=start, until=end)
    cost = sum(item.cost_usd or 0.0 for item in items)
    return UsageRead(since=start, until=end, group_by=group_by, items=items, cost_usd=cost)


def _in_utc(moment: datetime | None) -> datetime | None:
    """A moment without a zone is UTC's.

    Raises:
        Invalid: It lies outside of what UTC can say.
    """
    if moment is None:
        return None
    try:
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        _ = aware - USUAL  # the beginning it would have by default must be sayable too
    except OverflowError:
        raise Invalid([FieldProblem("from", "time_span", {"days": LONGEST.days})]) from None
    return aware
