"""Failed sign-ins slow down further ones."""

from __future__ import annotations

from uuid import uuid4

import pytest

from renum_app.auth.remembered import RememberedSessions
from renum_app.auth.throttle import LONGEST_DELAY_SECONDS, PER_NETWORK, Throttle, network_of
from renum_app.auth.tickets import SECONDS, Tickets
from renum_app.errors import TooMany
from renum_app.models.user import CurrentUser


class Clock:
    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _waits(throttle: Throttle, email: str, ip: str) -> float:
    try:
        throttle.begin(email, ip)
    except TooMany as error:
        return error.retry_after
    return 0


def test_five_failures_are_free_and_then_each_doubles_the_wait(clock: Clock) -> None:
    throttle = Throttle(clock)
    assert [_waits(throttle, "ana@example.com", "198.51.100.1") for _ in range(5)] == [0] * 5
    waits = []
    for _ in range(13):
        waits.append(wait := _waits(throttle, "ANA@example.com", "198.51.100.1"))
        clock.now += wait
        throttle.begin("ana@example.com", f"203.0.{len(waits)}.1")  # from elsewhere: only the account counts
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, *[LONGEST_DELAY_SECONDS] * 3]


def test_a_right_password_frees_the_account_and_counts_against_nobody(clock: Clock) -> None:
    throttle = Throttle(clock)
    for _ in range(200):
        throttle.begin("ana@example.com", "198.51.100.1")
        throttle.succeeded("ana@example.com", "198.51.100.1")
        clock.now += 0.1
    assert _waits(throttle, "ana@example.com", "198.51.100.1") == 0


def test_one_network_may_fail_so_often_whatever_the_account(clock: Clock) -> None:
    throttle = Throttle(clock)
    for place in range(PER_NETWORK):
        throttle.begin(f"{place}@example.com", f"198.51.100.{place}")
        clock.now += 1
    assert _waits(throttle, "one-more@example.com", "198.51.100.200") > 200
    assert _waits(throttle, "one-more@example.com", "203.0.113.1") == 0
    clock.now += 300
    assert _waits(throttle, "one-more@example.com", "198.51.100.200") == 0


def test_all_together_may_try_so_often_in_a_second(clock: Clock) -> None:
    throttle = Throttle(clock)
    waits = [_waits(throttle, f"{place}@example.com", f"198.51.{place}.1") for place in range(25)]
    assert waits == [0] * 20 + [1] * 5


def test_one_machine_has_many_addresses_of_one_network() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1")
    assert network_of("198.51.100.1") == network_of("198.51.100.99") != network_of("198.51.101.1")
    assert network_of("testclient") == "testclient"


def test_a_ticket_works_once_for_its_execution_and_not_for_long(clock: Clock) -> None:
    tickets, execution_id = Tickets(clock), uuid4()
    ticket = tickets.issue("token", execution_id)
    assert tickets.redeem(ticket, uuid4()) is None
    assert tickets.redeem(ticket, execution_id) is None  # the wrong try used it up
    ticket = tickets.issue("token", execution_id)
    assert tickets.redeem(ticket, execution_id) == "token"
    assert tickets.redeem(ticket, execution_id) is None
    late = tickets.issue("token", execution_id)
    clock.now += SECONDS
    assert tickets.redeem(late, execution_id) is None


def test_an_ended_session_is_forgotten_under_every_key() -> None:
    remembered, session_id = RememberedSessions(), uuid4()
    user = CurrentUser(user_id=uuid4(), email="a@example.com", name="A", session_id=session_id)
    remembered.put("cookie", user)
    remembered.put("bearer", user)
    assert remembered.get("cookie") is user
    remembered.forget(session_id)
    assert remembered.get("cookie") is remembered.get("bearer") is None
