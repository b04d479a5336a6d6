"""Calendar months in UTC."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renum_app.models.month import Month


@pytest.mark.parametrize(
    ("moment", "name", "until"),
    [
        (datetime(2026, 11, 22, tzinfo=UTC), "2026-11", datetime(2026, 12, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), "2026-12", datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2028, 2, 29, 12, tzinfo=UTC), "2028-02", datetime(2028, 3, 1, tzinfo=UTC)),
        (datetime(2026, 12, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2026-11", datetime(2026, 12, 1, tzinfo=UTC)),
    ],
)
def test_a_month_is_that_of_utc(moment: datetime, name: str, until: datetime) -> None:
    month = Month.of(moment)
    assert (month.name, month.until) == (name, until)
    assert moment in month


@given(st.timedeltas(timedelta(), timedelta(days=2_000_000)))
def test_months_follow_each_other_without_a_gap(since_1970: timedelta) -> None:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + since_1970
    month = Month.of(moment)
    following = Month.of(month.until)
    assert moment in month
    assert moment not in following
    assert following.since == month.until
    assert Month.of(month.until - timedelta(microseconds=1)) == month
