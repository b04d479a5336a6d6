"""Passwords changed, and guessed at."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path

import httpx
import pytest

from renum_app import runtime
from renum_app.auth import passwords
from renum_app.auth.throttle import Throttle
from renum_app.database import reading
from renum_app.errors import Unauthenticated
from renum_app.repositories import users
from renum_app.services import sessions
from tests import factories
from tests.factories import PASSWORD
from tests.integration.accounts import NEW, browser, code_of, form, login, signed_in, word


async def _me(http: httpx.AsyncClient, token: str) -> int:
    return (await http.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"})).status_code


async def test_a_changed_password_ends_every_other_session_and_refresh_token(http: httpx.AsyncClient) -> None:
    user = await factories.person()
    cookie = await browser(http, user)
    elsewhere = (await login(http, user)).json()
    me = await signed_in(http, user)
    changed = await me.post("/auth/password", {"current_password": PASSWORD, "new_password": NEW})
    assert changed.status_code == 204, changed.text

    assert (await me.get("/auth/me")).status_code == 200
    assert await _me(http, elsewhere["access_token"]) == 401
    again = await http.post("/api/v1/auth/refresh", json={"refresh_token": elsewhere["refresh_token"]})
    assert again.status_code == 401
    with pytest.raises(Unauthenticated):
        await sessions.user_of_cookie(cookie)
    assert (await login(http, user)).status_code == 401
    assert (await login(http, user, NEW)).status_code == 200


async def test_the_browser_that_changes_it_stays_signed_in_under_another_cookie(http: httpx.AsyncClient) -> None:
    user = await factories.person()
    before = await browser(http, user)
    answer = await form(http, "password", current_password=PASSWORD, new_password=NEW)
    assert answer.headers["location"] == "/settings/security?notice=password_changed"
    after = http.cookies["renum_session"]
    assert after != before
    assert (await sessions.user_of_cookie(after)).user_id == user.user_id
    with pytest.raises(Unauthenticated):
        await sessions.user_of_cookie(before)


@pytest.mark.parametrize(
    ("current", "new", "field", "code"),
    [
        ("some other passphrase", NEW, "current_password", "wrong_password"),
        (PASSWORD, PASSWORD, "new_password", "same_password"),
        (PASSWORD, "short", "new_password", "password_length"),
        (PASSWORD, "password123456", "new_password", "password_common"),
        (PASSWORD, "localhost1234", "new_password", "password_context"),
    ],
)
async def test_what_is_no_change_of_a_password(
    http: httpx.AsyncClient, current: str, new: str, field: str, code: str
) -> None:
    me = await signed_in(http, await factories.person())
    answer = await me.post("/auth/password", {"current_password": current, "new_password": new})
    problem = answer.json()["error"]["details"]["fields"][0]
    assert (answer.status_code, problem["field"], problem["code"]) == (422, field, code)
    await browser(http, me.user)
    assert word(await form(http, "password", current_password=current, new_password=new)) == code


async def test_guesses_at_the_present_password_are_slowed_down_and_the_session_goes_on(
    http: httpx.AsyncClient,
) -> None:
    me = await signed_in(http, await factories.person())
    body = {"current_password": "some other passphrase", "new_password": NEW}
    runtime.current().sign_ins = Throttle(clock=lambda: 0.0)
    statuses = [(await me.post("/auth/password", body)).status_code for _ in range(7)]
    assert statuses == [422] * 5 + [429] * 2
    assert (await me.get("/auth/me")).status_code == 200
    assert (await login(http, me.user)).status_code == 200


async def test_the_demo_has_no_password_to_change(http: httpx.AsyncClient) -> None:
    await form(http, "demo")
    assert word(await form(http, "password", current_password="!", new_password=NEW)) == "not_for_the_demo"


async def test_a_thousand_wrong_passwords_cost_little_open_nothing_and_lock_no_session_out(
    sqlite_http: httpx.AsyncClient,
) -> None:
    http = sqlite_http
    user = await factories.person()
    me = await signed_in(http, user)
    statuses = [(await login(http, user, f"wrong password {n}")).status_code for n in range(1_000)]
    assert statuses[:5] == [401] * 5
    assert set(statuses[5:]) <= {401, 429}
    # Each further try may cost an argon2 hash at most when its delay is over.
    assert statuses.count(401) <= 15
    assert (await me.get("/auth/me")).status_code == 200


async def test_a_password_is_hashed_again_when_the_parameters_have_changed(http: httpx.AsyncClient) -> None:
    from pwdlib import PasswordHash
    from pwdlib.hashers.argon2 import Argon2Hasher

    cheap = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8_192, parallelism=1),)).hash(PASSWORD)
    user = await factories.user(password_hash=cheap)
    assert (await login(http, user)).status_code == 200
    async with reading() as session:
        row = await users.by_id(session, user.user_id)
    assert row is not None
    assert row.password_hash != cheap
    assert "m=65536,t=3" in row.password_hash
    assert (await login(http, user)).status_code == 200


@pytest.mark.alone
async def test_somebody_unknown_waits_as_long_as_somebody_known() -> None:
    known = factories.password_hash()
    await passwords.verified("warm up", None)
    times: dict[str | None, list[float]] = {known: [], None: []}
    # The fastest of each, because what else the machine does only makes one slower; more tries come closer.
    for tries in range(50):
        for password_hash, taken in times.items():
            started = time.perf_counter()
            await passwords.verified("some other passphrase", password_hash)
            taken.append(time.perf_counter() - started)
        if tries >= 7 and _differing(times.values()) < 0.1:
            break
    assert _differing(times.values()) < 0.1


def _differing(times: Iterable[list[float]]) -> float:
    fastest = [min(taken) for taken in times]
    return max(fastest) / min(fastest) - 1


@pytest.mark.alone
async def test_fifty_sign_ins_at_once_cost_two_hashes_of_memory_and_the_rest_are_told_to_wait(
    sqlite_http: httpx.AsyncClient,
) -> None:
    http = sqlite_http
    ana = await signed_in(http, await factories.user())
    runtime.current().sign_ins = Throttle(clock=iter(range(0, 10**9, 60)).__next__)  # each in a minute of its own
    people = [await factories.person() for _ in range(50)]
    before, peak = _resident_mib(), 0.0
    logins = [asyncio.create_task(login(http, person)) for person in people]
    others: list[float] = []
    while not all(each.done() for each in logins):
        started = time.perf_counter()
        assert (await ana.get("/auth/me")).status_code == 200
        others.append(time.perf_counter() - started)
        peak = max(peak, _resident_mib())
        await asyncio.sleep(0.01)
    answers = [each.result() for each in logins]
    refused = [answer for answer in answers if answer.status_code == 503]
    assert {answer.status_code for answer in answers} == {200, 503}
    assert all(code_of(answer) == "too_many_sign_ins_at_once" and answer.headers["Retry-After"] for answer in refused)
    assert len(answers) - len(refused) >= 20
    assert peak - before < 250
    assert len(others) >= 10  # others were served all the while


def _resident_mib() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4 / 1024
