"""The second step of the sign-in."""

from __future__ import annotations

import time
from typing import Any

import httpx
import pytest
from pyotp.totp import TOTP

from renum_app import runtime
from renum_app.auth import one_time_codes, tokens
from renum_app.auth.throttle import Throttle
from renum_app.database import reading
from renum_app.errors import Unauthenticated
from renum_app.models.account import Authenticator, RecoveryCode
from renum_app.models.user import CurrentUser
from renum_app.services import admin, sessions
from tests import factories
from tests.factories import PASSWORD
from tests.integration.accounts import PAGE, browser, code_of, form, login, signed_in, word
from tests.integration.people import Person


async def _on(me: Person) -> tuple[TOTP, list[str]]:
    """The authenticator and the recovery codes of somebody who has just turned the second step on."""
    secret = (await me.post("/auth/two-steps", {"password": PASSWORD})).json()["secret"]
    app = TOTP(secret)
    confirmed = await me.post("/auth/two-steps/confirm", {"code": app.at(int(time.time()) - 30)})
    assert confirmed.status_code == 200, confirmed.text
    return app, confirmed.json()["recovery_codes"]


async def _person(http: httpx.AsyncClient) -> tuple[Person, TOTP, list[str]]:
    me = await signed_in(http, await factories.person())
    return me, *(await _on(me))


async def test_it_is_turned_on_by_a_first_code_and_asked_for_after_the_password(http: httpx.AsyncClient) -> None:
    me = await signed_in(http, await factories.person())
    begun = (await me.post("/auth/two-steps", {"password": PASSWORD})).json()
    assert begun["uri"].startswith("otpauth://totp/Renum:")
    assert begun["secret"] in begun["uri"]
    assert begun["picture"].startswith("<svg")
    assert (await login(http, me.user)).status_code == 200  # nothing has changed yet

    wrong = await me.post("/auth/two-steps/confirm", {"code": "000000"})
    assert wrong.json()["error"]["details"]["fields"][0]["code"] == "wrong_code"
    app = TOTP(begun["secret"])
    recovery = (await me.post("/auth/two-steps/confirm", {"code": app.at(int(time.time()) - 30)})).json()
    assert len(set(recovery["recovery_codes"])) == 10
    assert (await me.get("/auth/two-steps")).json() == {"is_on": True, "recovery_codes": 10, "is_required": False}

    refused = await login(http, me.user)
    assert (refused.status_code, code_of(refused)) == (401, "second_step_required")
    assert (await login(http, me.user, "some other passphrase", code=app.now())).status_code == 401
    assert (await login(http, me.user, code=app.now())).status_code == 200


async def test_turning_it_on_ends_the_other_sessions(http: httpx.AsyncClient) -> None:
    user = await factories.person()
    other, me = await signed_in(http, user), await signed_in(http, user)
    await _on(me)
    assert (await other.get("/auth/me")).status_code == 401
    assert (await me.get("/auth/me")).status_code == 200


async def test_in_a_browser_there_is_no_session_before_the_code(http: httpx.AsyncClient) -> None:
    me, app, _ = await _person(http)
    http.cookies.clear()
    first = await form(http, "login", email=me.user.email, password=PASSWORD, next="/teams")
    assert first.headers["location"] == "/login/code?next=%2Fteams"
    assert "renum_session" not in http.cookies
    step = http.cookies["renum_first_step"]
    assert "HttpOnly" in first.headers["set-cookie"]
    with pytest.raises(Unauthenticated):
        await sessions.user_of_cookie(step)
    with pytest.raises(Unauthenticated):
        await sessions.user_of_bearer(step)

    wrong = await form(http, "login/code", code="000000", next="/teams")
    assert wrong.headers["location"] == "/login/code?error=wrong_code&next=%2Fteams"
    right = await form(http, "login/code", code=f" {app.now()[:3]} {app.now()[3:]} ", next="/teams")
    assert right.headers["location"] == "/teams"
    assert (await sessions.user_of_cookie(http.cookies["renum_session"])).user_id == me.user.user_id
    assert "renum_first_step" not in http.cookies


async def test_a_code_is_taken_once_and_so_is_an_earlier_one(http: httpx.AsyncClient) -> None:
    me, app, _ = await _person(http)
    code = app.now()
    assert (await login(http, me.user, code=code)).status_code == 200
    used = await login(http, me.user, code=code)
    assert (used.status_code, code_of(used)) == (401, "wrong_code")
    assert (await login(http, me.user, code=app.at(int(time.time()) - 30))).status_code == 401


async def test_a_recovery_code_stands_in_once_however_it_is_typed(http: httpx.AsyncClient) -> None:
    me, _, recovery = await _person(http)
    assert (await login(http, me.user, code=recovery[0].upper().replace("-", " "))).status_code == 200
    assert (await login(http, me.user, code=recovery[0])).status_code == 401
    assert (await me.get("/auth/two-steps")).json()["recovery_codes"] == 9

    renewed = (await me.post("/auth/two-steps/codes", {"password": PASSWORD})).json()["recovery_codes"]
    assert (await login(http, me.user, code=recovery[1])).status_code == 401
    assert (await login(http, me.user, code=renewed[1])).status_code == 200


async def test_wrong_codes_are_slowed_down(http: httpx.AsyncClient) -> None:
    me, app, _ = await _person(http)
    runtime.current().sign_ins = Throttle(clock=lambda: 0.0)
    answers = [await login(http, me.user, code=f"{n:06}") for n in range(7)]
    assert [answer.status_code for answer in answers] == [401] * 5 + [429] * 2
    assert (await login(http, me.user, code=app.now())).status_code == 429
    assert (await me.get("/auth/me")).status_code == 200


async def test_it_is_turned_off_with_the_password_and_nothing_of_it_is_kept(http: httpx.AsyncClient) -> None:
    me, _, _ = await _person(http)
    assert (await me.post("/auth/two-steps/off", {"password": "some other passphrase"})).status_code == 422
    assert (await me.post("/auth/two-steps/off", {"password": PASSWORD})).status_code == 204
    assert (await login(http, me.user)).status_code == 200
    assert await _kept(me.user) == (None, 0)


async def test_the_servers_own_shell_turns_it_off_for_who_has_lost_everything(http: httpx.AsyncClient) -> None:
    me, _, _ = await _person(http)
    await admin.turn_two_steps_off(me.user.email)
    runtime.current().sessions.forget(me.user.user_id)
    assert (await me.get("/auth/me")).status_code == 401
    assert (await login(http, me.user)).status_code == 200


@pytest.mark.parametrize(
    ("path", "body", "code"),
    [
        ("two-steps", {"password": PASSWORD}, "two_steps_are_on"),
        ("two-steps/confirm", {"code": "000000"}, "two_steps_not_begun"),
    ],
)
async def test_what_is_on_is_not_begun_again(
    http: httpx.AsyncClient, path: str, body: dict[str, Any], code: str
) -> None:
    me, _, _ = await _person(http)
    answer = await me.post(f"/auth/{path}", body)
    assert (answer.status_code, code_of(answer)) == (409, code)


async def test_the_first_step_ends_with_the_password_it_was_taken_with(http: httpx.AsyncClient) -> None:
    me, app, _ = await _person(http)
    http.cookies.clear()
    await form(http, "login", email=me.user.email, password=PASSWORD)
    await me.post("/auth/password", {"current_password": PASSWORD, "new_password": "slow boats at first light"})
    late = await form(http, "login/code", code=app.now())
    assert late.headers["location"] == "/login?error=first_step_is_old"
    http.cookies.clear()
    assert word(await form(http, "login/code", code=app.now())) == "first_step_is_old"


async def test_secret_and_codes_are_stored_sealed_or_hashed(http: httpx.AsyncClient) -> None:
    me, app, recovery = await _person(http)
    async with reading() as session:
        row = await session.get(Authenticator, me.user.user_id)
        code = await session.get(RecoveryCode, (me.user.user_id, tokens.token_hash(recovery[0])))
    assert row is not None
    assert row.sealed_secret.startswith("v1.k1.")
    assert app.secret not in row.sealed_secret
    assert code is not None


async def test_a_page_turns_it_on_and_off_and_another_site_cannot(http: httpx.AsyncClient) -> None:
    user = await factories.person()
    await browser(http, user)
    foreign = {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"}
    for path in ("two-steps", "two-steps/confirm", "two-steps/off", "two-steps/codes"):
        refused = await http.post(f"/auth/{path}", json={"password": PASSWORD}, headers=foreign)
        assert (refused.status_code, code_of(refused)) == (403, "foreign_origin")
    begun = (await http.post("/auth/two-steps", json={"password": PASSWORD}, headers=PAGE)).json()
    code = TOTP(begun["secret"]).at(int(time.time()) - 30)
    assert (await http.post("/auth/two-steps/confirm", json={"code": code}, headers=PAGE)).status_code == 200
    assert (await http.get("/auth/two-steps", headers=PAGE)).json()["is_on"] is True
    assert (await http.post("/auth/two-steps/off", json={"password": PASSWORD}, headers=PAGE)).status_code == 204


async def test_the_demo_has_no_second_step(http: httpx.AsyncClient) -> None:
    await form(http, "demo")
    refused = await http.post("/auth/two-steps", json={"password": "!"}, headers=PAGE)
    assert (refused.status_code, code_of(refused)) == (403, "not_for_the_demo")


def test_codes_of_half_a_minute_before_and_after_are_taken_and_no_others() -> None:
    secret = one_time_codes.new_secret()
    now = 1_790_000_010.0
    taken = [
        one_time_codes.period_of(TOTP(secret).at(int(now) + shift), secret, now=now) for shift in (-60, -30, 0, 30, 60)
    ]
    period = now // 30
    assert taken == [None, period - 1, period, period + 1, None]
    assert [one_time_codes.period_of(text, secret, now=now) for text in ("", "é", "0" * 40, "\x00")] == [None] * 4


async def _kept(user: CurrentUser) -> tuple[Authenticator | None, int]:
    from renum_app.repositories import second_steps

    async with reading() as session:
        return await second_steps.of(session, user.user_id), await second_steps.count_codes(session, user.user_id)
