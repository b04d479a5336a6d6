"""Sign-in with Supabase through both front doors, against a server that speaks Supabase Auth."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
from sqlalchemy import text

from renum_app import database, runtime
from renum_app.auth.cookies import COOKIE_NAME
from renum_app.errors import Unauthenticated, Unavailable
from renum_app.models.values import utc_now
from renum_app.services import provider_sessions, sessions
from renum_app.settings import Settings
from tests import factories
from tests.doubles.gotrue_server import GoTrueServer, gotrue_server
from tests.integration.suna import until
from tests.integration.supabase import EMAIL, PASSWORD, project_settings, use_project

FORM = {"email": EMAIL, "password": PASSWORD, "name": "Ana Souza"}
LOGIN = {"email": EMAIL, "password": PASSWORD}
PAGE = {"Origin": "http://renum", "Sec-Fetch-Site": "same-origin"}


@pytest_asyncio.fixture
async def gotrue(http: httpx.AsyncClient, settings: Settings) -> AsyncIterator[GoTrueServer]:
    async with gotrue_server() as server:
        use_project(project_settings(settings, server))
        yield server


async def _me(http: httpx.AsyncClient, token: str) -> httpx.Response:
    return await http.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"})


async def _signed_in(http: httpx.AsyncClient) -> dict[str, Any]:
    answer = await http.post("/api/v1/auth/login", json=LOGIN)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _columns(what: str = "*", table: str = "renum_sessions") -> list[Any]:
    async with database.reading() as session:
        return list((await session.execute(text(f"SELECT {what} FROM {table}"))).all())


async def _set_expiry(ago: timedelta, *, leased: bool = False) -> None:
    """Let every token of the provider have ended so long ago."""
    async with database.transaction() as session:
        rows = await session.scalars(text("SELECT session_id FROM renum_sessions"))
        for session_id in list(rows):
            row = await provider_sessions.sessions.by_id(session, UUID(str(session_id)))
            assert row is not None
            row.provider_expires = utc_now() - ago
            row.provider_leased_until = utc_now() + timedelta(minutes=1) if leased else None
    runtime.current().sessions._known.clear()


async def test_register_sign_out_and_sign_in_again_in_a_browser(http: httpx.AsyncClient, gotrue: GoTrueServer) -> None:
    registered = await http.post("/auth/register", data=FORM, headers=PAGE)
    assert (registered.status_code, registered.headers["location"]) == (303, "/")
    user = await sessions.user_of_cookie(http.cookies[COOKIE_NAME])
    assert (str(user.user_id), user.email, user.name) == (gotrue.project.users[EMAIL]["id"], EMAIL, "Ana Souza")

    await http.post("/auth/logout", headers=PAGE)
    assert [session.is_over for session in gotrue.project.sessions.values()] == [True]
    signed_in = await http.post("/auth/login", data={**FORM, "next": "/teams"}, headers=PAGE)
    assert signed_in.headers["location"] == "/teams"
    assert (await sessions.user_of_cookie(http.cookies[COOKIE_NAME])).user_id == user.user_id
    assert len(await _columns(table="renum_users")) == 1


async def test_the_projects_tokens_are_sealed_and_leave_the_server_nowhere(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    given = await _signed_up(http, gotrue)
    secrets = {token for session in gotrue.project.sessions.values() for token in session.chain}
    rows = str(await _columns()) + str(await _columns(table="renum_users"))
    assert "v1.k1." in rows
    shown = rows + given.text + str(given.headers) + str(http.cookies)
    assert not [secret for secret in secrets if secret in shown]
    assert gotrue.project.keys.keys[0].kid not in shown
    assert "eyJ" not in rows
    assert "eyJ" not in str(given.headers)


async def _signed_up(http: httpx.AsyncClient, gotrue: GoTrueServer) -> httpx.Response:
    return await http.post("/auth/register", data=FORM, headers=PAGE)


async def test_rest_gives_tokens_of_renums_own(http: httpx.AsyncClient, gotrue: GoTrueServer) -> None:
    registered = await http.post("/api/v1/auth/register", json=FORM)
    assert (registered.status_code, registered.json()["email"]) == (201, EMAIL)
    given = await _signed_in(http)
    assert (await _me(http, given["access_token"])).json()["user_id"] == gotrue.project.users[EMAIL]["id"]
    renewed = (await http.post("/api/v1/auth/refresh", json={"refresh_token": given["refresh_token"]})).json()
    logout = await http.post("/api/v1/auth/logout", headers={"Authorization": f"Bearer {renewed['access_token']}"})
    assert logout.status_code == 204
    assert (await _me(http, renewed["access_token"])).status_code == 401
    assert all(session.is_over for session in gotrue.project.sessions.values())


async def test_a_new_address_is_confirmed_first_and_a_taken_one_looks_the_same(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    gotrue.project.confirms_addresses = True
    answers = [await http.post("/auth/register", data=FORM, headers=PAGE) for _ in range(2)]
    assert [answer.headers["location"] for answer in answers] == ["/login?notice=confirm_email"] * 2
    over_rest = await http.post("/api/v1/auth/register", json=FORM)
    assert (over_rest.status_code, over_rest.json()) == (202, {"email": EMAIL, "confirmation": "sent"})
    assert gotrue.project.mails == [("signup", EMAIL)]
    assert not await _columns(table="renum_users")
    refused = await http.post("/auth/login", data=FORM, headers=PAGE)
    assert refused.headers["location"] == "/login?error=email_not_confirmed"
    again = await http.post("/auth/confirm-again", data={"email": EMAIL}, headers=PAGE)
    assert again.headers["location"] == "/login?notice=confirm_email"
    assert gotrue.project.mails == [("signup", EMAIL)] * 2


async def test_links_in_e_mails_bring_no_tokens_into_an_address_bar(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    await http.post("/auth/register", data=FORM, headers=PAGE)
    assert gotrue.bodies[0]["code_challenge_method"] == "s256"
    assert len(gotrue.bodies[0]["code_challenge"]) == 43


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("invalid_credentials", 401, "invalid_credentials"),
        ("email_not_confirmed", 403, "email_not_confirmed"),
        ("user_banned", 403, "user_banned"),
        ("429", 429, "too_many_sign_ins"),
        ("over_request_rate_limit", 429, "too_many_sign_ins"),
        ("captcha_failed", 503, "sign_in_unavailable"),
        ("hook_timeout", 503, "sign_in_unavailable"),
        ("500", 503, "sign_in_unavailable"),
        ("html", 503, "sign_in_unavailable"),
        ("lose", 503, "sign_in_unavailable"),
        ("some_code_of_tomorrow", 503, "sign_in_unavailable"),
    ],
)
async def test_what_a_refusal_at_sign_in_becomes(
    http: httpx.AsyncClient, gotrue: GoTrueServer, fault: str, status: int, code: str
) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    gotrue.will("token", fault)
    answer = await http.post("/api/v1/auth/login", json=LOGIN)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert ("retry-after" in answer.headers) == (status in {429, 503})
    assert await _columns(table="renum_users") == []


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("signup_disabled", 403, "signup_closed"),
        ("user_already_exists", 409, "email_taken"),
        ("email_exists", 409, "email_taken"),
        ("weak_password", 422, "invalid"),
        ("email_address_invalid", 422, "invalid"),
        ("validation_failed", 422, "invalid"),
        ("over_email_send_rate_limit", 429, "too_many_sign_ins"),
    ],
)
async def test_what_a_refusal_at_registration_becomes(
    http: httpx.AsyncClient, gotrue: GoTrueServer, fault: str, status: int, code: str
) -> None:
    gotrue.will("signup", fault)
    answer = await http.post("/api/v1/auth/register", json=FORM)
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_unknown_address_and_wrong_password_get_the_same_answer(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    http.headers["X-Request-ID"] = "same"
    wrong = await http.post("/api/v1/auth/login", json={**LOGIN, "password": "some other phrase"})
    unknown = await http.post("/api/v1/auth/login", json={**LOGIN, "email": "nobody@example.com"})
    assert (wrong.status_code, wrong.content) == (401, unknown.content)


async def test_the_project_counts_each_persons_address_and_not_this_servers(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    await _signed_in(http)
    live = runtime.current()
    use_project(live.settings.model_copy(update={"supabase_secret_key": ""}))
    await _signed_in(http)
    assert gotrue.callers == ["198.51.100.7", "127.0.0.1"]


async def test_a_password_that_supabase_would_cut_is_refused(http: httpx.AsyncClient, gotrue: GoTrueServer) -> None:
    answer = await http.post("/api/v1/auth/register", json={**FORM, "password": "ação e reação " * 6})
    assert answer.json()["error"]["details"]["fields"][0]["code"] == "password_bytes"
    assert gotrue.calls["signup"] == 0


async def test_one_renewal_is_in_flight_however_many_calls_come(http: httpx.AsyncClient, gotrue: GoTrueServer) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    given = await _signed_in(http)
    await _set_expiry(timedelta(seconds=1))
    before = gotrue.calls["token"]
    answers = await asyncio.gather(*(_me(http, given["access_token"]) for _ in range(10)))
    assert [answer.status_code for answer in answers] == [200] * 10
    assert gotrue.calls["token"] - before == 1
    assert len(next(iter(gotrue.project.sessions.values())).chain) == 2


async def test_whoever_comes_while_a_long_rested_session_is_renewed_waits_for_it(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    given = await _signed_in(http)
    await _set_expiry(timedelta(hours=9))
    gotrue.will("token", "slow")
    before = gotrue.calls["token"]
    answers = await asyncio.gather(*(_me(http, given["access_token"]) for _ in range(10)))
    assert [answer.status_code for answer in answers] == [200] * 10
    assert gotrue.calls["token"] - before == 1


async def test_a_renewal_whose_answer_is_lost_is_asked_again_with_the_same_token(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    gotrue.project.reuse_seconds = 0
    given = await _signed_in(http)
    for _ in range(2):
        await _set_expiry(timedelta(seconds=1))
        gotrue.will("token", "lose")
        assert (await _me(http, given["access_token"])).status_code == 200
    session = next(iter(gotrue.project.sessions.values()))
    assert (len(session.chain), session.is_over) == (3, False)


async def test_a_crash_between_renewal_and_storing_it_ends_nobodys_session(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    gotrue.project.reuse_seconds = 0
    given = await _signed_in(http)
    session = next(iter(gotrue.project.sessions.values()))
    gotrue.project.renew({"refresh_token": session.chain[0]})  # it happened there, and was never heard of here
    await _set_expiry(timedelta(seconds=1))
    assert (await _me(http, given["access_token"])).status_code == 200
    assert not session.is_over


async def test_a_session_that_ended_at_the_project_ends_here_when_its_token_does(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    given = await _signed_in(http)
    next(iter(gotrue.project.sessions.values())).is_over = True
    await _set_expiry(timedelta(seconds=1))
    assert (await _me(http, given["access_token"])).status_code == 401
    assert (await http.post("/api/v1/auth/refresh", json={"refresh_token": given["refresh_token"]})).status_code == 401


async def test_who_is_banned_is_out_when_the_token_ends(http: httpx.AsyncClient, gotrue: GoTrueServer) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    given = await _signed_in(http)
    gotrue.project.users[EMAIL]["banned_until"] = "2099-01-01T00:00:00Z"
    await _set_expiry(timedelta(seconds=1))
    assert (await _me(http, given["access_token"])).status_code == 401


async def test_a_service_that_is_down_is_forgiven_for_ten_minutes_and_nobody_new_comes_in(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    given = await _signed_in(http)
    gotrue.is_away = True
    await _set_expiry(timedelta(minutes=5))
    assert (await _me(http, given["access_token"])).status_code == 200
    assert (await http.post("/api/v1/auth/login", json=LOGIN)).json()["error"]["code"] == "sign_in_unavailable"
    page = await http.post("/auth/login", data=FORM, headers=PAGE)
    assert page.headers["location"] == "/login?error=sign_in_unavailable"
    await _set_expiry(timedelta(minutes=11), leased=True)
    answer = await _me(http, given["access_token"])
    assert (answer.status_code, answer.json()["error"]["code"]) == (503, "sign_in_unavailable")
    gotrue.is_away = False
    await _set_expiry(timedelta(hours=3))
    assert (await _me(http, given["access_token"])).status_code == 200


async def test_signing_out_works_while_the_service_is_down(http: httpx.AsyncClient, gotrue: GoTrueServer) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    given = await _signed_in(http)
    gotrue.is_away = True
    headers = {"Authorization": f"Bearer {given['access_token']}"}
    assert (await http.post("/api/v1/auth/logout", headers=headers)).status_code == 204
    assert (await _me(http, given["access_token"])).status_code == 401


async def test_a_browser_signs_out_when_the_service_has_been_down_for_long(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    await http.post("/auth/register", data=FORM, headers=PAGE)
    cookie = http.cookies[COOKIE_NAME]
    gotrue.is_away = True
    await _set_expiry(timedelta(hours=1))
    assert (await http.post("/auth/logout", headers=PAGE)).headers["location"] == "/login"
    with pytest.raises(Unauthenticated):
        await sessions.user_of_cookie(cookie)


async def test_sessions_that_are_ended_from_the_list_end_at_the_project_too(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    given = [await _signed_in(http) for _ in range(3)]
    mine = await sessions.user_of_bearer(given[0]["access_token"])
    other = await sessions.user_of_bearer(given[1]["access_token"])
    assert other.session_id
    await sessions.end(mine, other.session_id)
    assert [session.is_over for session in gotrue.project.sessions.values()] == [False, True, False]
    async with database.transaction() as session:  # they rest, and might still serve what runs at Suna
        for row in await provider_sessions.sessions.with_tokens(session, mine.user_id):
            row.idle_expires = utc_now() - timedelta(days=1) if row.session_id != mine.session_id else row.idle_expires
    assert await sessions.end_others(mine) == 0
    assert [session.is_over for session in gotrue.project.sessions.values()] == [False, True, True]


async def test_tokens_on_another_sessions_row_do_not_open(http: httpx.AsyncClient, gotrue: GoTrueServer) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    first, second = await _signed_in(http), await _signed_in(http)
    async with database.transaction() as session:
        sealed = (await session.execute(text("SELECT provider_tokens FROM renum_sessions"))).scalars().first()
        await session.execute(text("UPDATE renum_sessions SET provider_tokens = :sealed"), {"sealed": sealed})
    await _set_expiry(timedelta(seconds=1))
    statuses = [(await _me(http, given["access_token"])).status_code for given in (first, second)]
    assert sorted(statuses) == [200, 401]


async def test_an_address_that_changed_hands_at_the_project_is_free_here(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    former = gotrue.project.add(EMAIL, PASSWORD)
    await _signed_in(http)
    del gotrue.project.users[EMAIL]
    gotrue.project.users["elsewhere@example.com"] = {**former, "email": "elsewhere@example.com"}
    gotrue.project.add(EMAIL, PASSWORD)
    given = await _signed_in(http)
    assert given["user"]["user_id"] != former["id"]
    gotrue.project.passwords["elsewhere@example.com"] = PASSWORD
    await http.post("/api/v1/auth/login", json={**LOGIN, "email": "elsewhere@example.com"})
    assert {email for (email,) in await _columns("email", "renum_users")} == {EMAIL, "elsewhere@example.com"}


async def test_a_local_accounts_address_is_given_to_nobody(http: httpx.AsyncClient, gotrue: GoTrueServer) -> None:
    await factories.user(email=EMAIL)
    gotrue.project.add(EMAIL, PASSWORD)
    answer = await http.post("/api/v1/auth/login", json=LOGIN)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "email_is_local")


async def test_two_first_sign_ins_at_once_make_one_person(http: httpx.AsyncClient, gotrue: GoTrueServer) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    answers = await asyncio.gather(*(http.post("/api/v1/auth/login", json=LOGIN) for _ in range(4)))
    assert [answer.status_code for answer in answers] == [200] * 4
    assert len(await _columns(table="renum_users")) == 1


async def test_what_a_person_writes_about_themselves_gives_no_rights(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    gotrue.project.add(EMAIL, PASSWORD, name="Ana\x00", role="admin", renum_role="admin", is_admin=True)
    given = await _signed_in(http)
    assert given["user"]["role"] == "user"
    gotrue.project.users[EMAIL]["is_anonymous"] = True
    assert (await http.post("/api/v1/auth/login", json=LOGIN)).status_code == 403


async def test_sessions_of_local_accounts_end_when_supabase_takes_over(
    http: httpx.AsyncClient, gotrue: GoTrueServer, settings: Settings
) -> None:
    token = await factories.access_token(await factories.user(), settings)
    assert (await _me(http, token)).status_code == 401
    runtime.current().supabase = None
    assert (await _me(http, token)).status_code == 200


async def test_the_demo_goes_on_beside_supabase(http: httpx.AsyncClient, gotrue: GoTrueServer) -> None:
    await http.post("/auth/demo", headers=PAGE)
    assert (await sessions.user_of_cookie(http.cookies[COOKIE_NAME])).is_demo


async def test_a_person_without_a_session_has_no_token_to_pass_on(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    given = await _signed_in(http)
    user_id = UUID(given["user"]["user_id"])
    assert await provider_sessions.access_token_of(user_id)
    await _set_expiry(timedelta(seconds=1))
    gotrue.is_away = True
    with pytest.raises(Unavailable):
        await provider_sessions.access_token_of(user_id)
    gotrue.is_away = False
    await http.post("/api/v1/auth/logout", headers={"Authorization": f"Bearer {given['access_token']}"})
    assert await provider_sessions.access_token_of(user_id) is None
    with pytest.raises(Unauthenticated):
        await sessions.user_of_bearer(given["access_token"])


async def test_a_forgotten_password_is_recovered_by_the_projects_own_mail(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    gotrue.project.add(EMAIL, PASSWORD)
    answers = [await http.post("/auth/forgot", data={"email": each}, headers=PAGE) for each in (EMAIL, "x@example.com")]
    assert {answer.headers["location"] for answer in answers} == {"/forgot?notice=reset_mailed"}
    await until(lambda: gotrue.calls["recover"] == 2)
    assert gotrue.project.mails == [("recovery", EMAIL)]


async def test_bearers_while_the_projects_keys_cannot_be_fetched_or_change(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    now, live = 0.0, runtime.current()
    assert live.supabase
    live.supabase.keys.clock = lambda: now
    user = gotrue.project.add(EMAIL, PASSWORD)
    old = gotrue.project.new_session(user)["access_token"]
    gotrue.keys_are_away = True
    assert (await _me(http, old)).json()["error"]["code"] == "sign_in_unavailable"
    now, gotrue.keys_are_away = 31.0, False
    assert (await _me(http, old)).status_code == 200
    now = 62.0
    gotrue.project.keys.rotate()
    new, before = gotrue.project.new_session(user)["access_token"], gotrue.calls["jwks"]
    assert [(await _me(http, token)).status_code for token in (new, old, new)] == [200] * 3
    assert gotrue.calls["jwks"] - before == 1
    gotrue.project.keys.revoke_old()
    now = 62.0 + 601.0
    live.sessions._known.clear()
    assert [(await _me(http, token)).status_code for token in (new, old)] == [200, 401]
