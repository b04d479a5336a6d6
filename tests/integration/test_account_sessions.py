"""Where a person is signed in: listed, ended one by one or all at once, and ended by time."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import httpx
import pytest
from sqlmodel import col, select

from renum_app import runtime
from renum_app.auth.devices import device_of
from renum_app.database import reading, transaction
from renum_app.errors import Unauthenticated
from renum_app.models.user import Session
from renum_app.models.values import utc_now
from renum_app.repositories import users
from renum_app.services import admin, sessions
from tests import factories
from tests.integration.accounts import browser, code_of, form, login, signed_in
from tests.integration.people import Person

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"


async def _row(http: httpx.AsyncClient, me: Person) -> Session:
    shown = next(each for each in (await me.get("/auth/sessions")).json()["items"] if each["is_current"])
    async with reading() as session:
        return (await session.scalars(select(Session).where(col(Session.session_id) == _id(shown)))).one()


def _id(shown: dict[str, str]) -> UUID:
    return UUID(shown["session_id"])


async def test_sessions_are_listed_with_device_and_address_and_ended_one_by_one(http: httpx.AsyncClient) -> None:
    user = await factories.person()
    http.headers["User-Agent"] = FIREFOX
    await form(http, "login", email=user.email, password=factories.PASSWORD)
    cookie = http.cookies["renum_session"]
    me = Person(http, user, (await login(http, user)).json()["access_token"])
    shown = (await me.get("/auth/sessions")).json()["items"]
    assert [(each["kind"], each["device"], each["ip"], each["is_current"]) for each in shown] == [
        ("api", "Firefox · Linux", "198.51.100.7", True),
        ("browser", "Firefox · Linux", "198.51.100.7", False),
    ]
    assert "token" not in str(shown)

    other = shown[1]["session_id"]
    assert (await me.ask("DELETE", f"/auth/sessions/{other}")).status_code == 204
    assert (await me.ask("DELETE", f"/auth/sessions/{other}")).status_code == 404
    with pytest.raises(Unauthenticated):
        await sessions.user_of_cookie(cookie)
    assert (await me.get("/auth/me")).status_code == 200


async def test_all_others_are_ended_at_once_and_nobody_elses(http: httpx.AsyncClient, bruno: Person) -> None:
    user = await factories.person()
    others = [await signed_in(http, user) for _ in range(3)]
    me = await signed_in(http, user)
    assert (await me.ask("DELETE", "/auth/sessions")).json() == {"ended": 3}
    assert [(await each.get("/auth/me")).status_code for each in [*others, me, bruno]] == [401, 401, 401, 200, 200]


async def test_another_persons_session_is_not_there(http: httpx.AsyncClient, ana: Person, bruno: Person) -> None:
    his = (await bruno.get("/auth/sessions")).json()["items"][0]["session_id"]
    refused = await ana.ask("DELETE", f"/auth/sessions/{his}")
    assert (refused.status_code, code_of(refused)) == (404, "not_found")
    assert (await ana.ask("DELETE", "/auth/sessions/nonsense")).status_code == 404
    assert (await bruno.get("/auth/me")).status_code == 200


async def test_a_visitor_of_the_demo_sees_only_their_own_session(http: httpx.AsyncClient) -> None:
    await form(http, "demo")
    first = await sessions.user_of_cookie(http.cookies["renum_session"])
    http.cookies.clear()
    await form(http, "demo")
    second = await sessions.user_of_cookie(http.cookies["renum_session"])
    assert first.user_id == second.user_id
    assert first.session_id
    assert [each.session_id for each in await sessions.list_sessions(second)] == [second.session_id]
    with pytest.raises(Exception, match="not_found"):
        await sessions.end(second, first.session_id)
    with pytest.raises(Exception, match="not_for_the_demo"):
        await sessions.end_others(second)


@pytest.mark.parametrize(("role", "days"), [("user", 30), ("admin", 7)])
async def test_a_session_ends_at_its_limit_however_much_it_is_used(
    http: httpx.AsyncClient, role: str, days: int
) -> None:
    user = await factories.person(role=role)
    me = Person(http, user, (await login(http, user)).json()["access_token"])
    row = await _row(http, me)
    assert row.absolute_expires - row.created_at == pytest.approx(timedelta(days=days), abs=timedelta(seconds=1))
    async with transaction() as session:
        (await session.get_one(Session, row.session_id)).absolute_expires = utc_now()
    runtime.current().sessions.forget(row.session_id)
    assert (await me.get("/auth/me")).status_code == 401


async def test_a_browser_session_ends_after_twelve_hours_of_rest_and_use_pushes_that_away(
    http: httpx.AsyncClient,
) -> None:
    cookie = await browser(http, await factories.person())
    user = await sessions.user_of_cookie(cookie)
    async with transaction() as session:
        row = await session.get_one(Session, user.session_id)
        assert abs(row.idle_expires - row.created_at - timedelta(hours=12)) < timedelta(seconds=1)
        row.last_seen -= timedelta(hours=1)
        row.idle_expires -= timedelta(hours=1)
    runtime.current().sessions.forget(user.session_id)
    await sessions.user_of_cookie(cookie)
    async with transaction() as session:
        row = await session.get_one(Session, user.session_id)
        assert row.idle_expires > utc_now() + timedelta(hours=11, minutes=59)
        row.idle_expires = utc_now()
    runtime.current().sessions.forget(user.session_id)
    with pytest.raises(Unauthenticated):
        await sessions.user_of_cookie(cookie)


async def test_a_new_sign_in_ends_the_session_the_browser_came_with(http: httpx.AsyncClient) -> None:
    user = await factories.person()
    former = await browser(http, user)
    await form(http, "login", email=user.email, password=factories.PASSWORD)
    assert http.cookies["renum_session"] != former
    with pytest.raises(Unauthenticated):
        await sessions.user_of_cookie(former)


async def test_who_is_made_an_administrator_signs_in_again(http: httpx.AsyncClient) -> None:
    user = await factories.person()
    me = await signed_in(http, user)
    await admin.grant(user.email)
    runtime.current().sessions.forget(user.user_id)  # which another process does by waiting a moment
    assert (await me.get("/auth/me")).status_code == 401
    assert (await login(http, user)).json()["user"]["role"] == "admin"


async def test_a_suspended_account_lets_nobody_in_until_it_is_unsuspended(http: httpx.AsyncClient) -> None:
    user = await factories.person()
    me = await signed_in(http, user)
    token = (await me.post("/auth/tokens", {"name": "Job", "scopes": ["teams:read"]})).json()["token"]
    await admin.suspend(user.email)
    runtime.current().sessions.forget(user.user_id)
    refused = await login(http, user)
    assert (refused.status_code, code_of(refused)) == (403, "account_suspended")
    assert (await login(http, user, "some other passphrase")).status_code == 401
    assert (await me.get("/auth/me")).status_code == 401
    assert (await Person(http, user, token).get("/teams")).status_code == 401

    await admin.suspend(user.email, suspended=False)
    assert (await login(http, user)).status_code == 200


async def test_an_administrator_without_the_second_step_this_server_asks_for_is_none_yet(
    http: httpx.AsyncClient,
) -> None:
    live = runtime.current()
    live.settings = live.settings.model_copy(update={"require_admin_two_steps": True})
    plain = await signed_in(http, await factories.person(role="admin"))
    assert (await plain.post("/admin/stop-all", {})).status_code == 404
    assert (await plain.get("/auth/two-steps")).json()["is_required"] is True
    async with transaction() as session:
        await users.change(session, plain.user.user_id, has_two_steps=True)
    live.sessions.forget(plain.user.user_id)
    assert (await plain.post("/admin/stop-all", {})).status_code == 200


@pytest.mark.parametrize(
    ("user_agent", "device"),
    [
        (FIREFOX, "Firefox · Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome · Windows"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/140.0 Safari/537.36 Edg/140.0", "Edge · Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36", "Chrome · Android"),
        ("curl/8.5.0", "curl"),
        ("renum-cli/0.1 (Linux)", "Linux"),
        ("Job/1.0", "Job"),
        ("", ""),
        ("x" * 300, "x" * 40),
    ],
)  # fmt: skip
def test_a_device_is_named_as_people_know_it(user_agent: str, device: str) -> None:
    assert device_of(user_agent) == device
