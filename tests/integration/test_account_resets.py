"""A forgotten password: links made by the server's shell, and mailed where there is mail."""

from __future__ import annotations

import asyncio
import email
import re
from collections.abc import AsyncIterator
from datetime import timedelta
from email.message import Message
from typing import Any

import httpx
import pytest
import pytest_asyncio
from aiosmtpd.controller import UnthreadedController
from aiosmtpd.smtp import SMTP, Envelope, Session

from renum_app import runtime
from renum_app.auth import tokens
from renum_app.database import reading, transaction
from renum_app.errors import NotFound, Unauthenticated
from renum_app.models.account import ResetLink
from renum_app.models.user import CurrentUser
from renum_app.models.values import utc_now
from renum_app.repositories import users
from renum_app.services import resets, sessions
from renum_app.settings import Settings, SmtpSecurity
from tests import factories
from tests.integration.accounts import NEW, browser, code_of, form, login, signed_in, word
from tests.postgres import free_port


class Letterbox:
    """What arrived; the handler of the mail server below."""

    def __init__(self) -> None:
        self.mails: asyncio.Queue[Message] = asyncio.Queue()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 (aiosmtpd's name)
        assert isinstance(envelope.content, bytes)
        self.mails.put_nowait(email.message_from_bytes(envelope.content))
        return "250 OK"


@pytest_asyncio.fixture
async def letterbox(live_objects: runtime.Runtime) -> AsyncIterator[Letterbox]:
    """A mail server, which the settings name."""
    box, port = Letterbox(), free_port()
    controller = UnthreadedController(box, hostname="127.0.0.1", port=port, loop=asyncio.get_running_loop())
    server = await asyncio.get_running_loop().create_server(controller.factory, "127.0.0.1", port)
    mail = {
        "smtp_host": "127.0.0.1",
        "smtp_port": port,
        "smtp_security": SmtpSecurity.NONE,
        "smtp_from": "Renum <renum@example.com>",
        "public_url": "https://renum.example.com",
    }
    live_objects.settings = live_objects.settings.model_copy(update=mail)
    yield box
    server.close()
    await server.wait_closed()


async def _token(user: CurrentUser, settings: Settings) -> str:
    return (await resets.link_for(user.email, settings)).partition("#")[2]


async def _reset(http: httpx.AsyncClient, token: Any, password: str = NEW) -> httpx.Response:
    return await http.post("/api/v1/auth/reset", json={"token": token, "password": password})


async def _hash(user: CurrentUser) -> str:
    async with reading() as session:
        row = await users.by_id(session, user.user_id)
    assert row is not None
    return row.password_hash


async def test_a_link_sets_a_new_password_once_and_signs_out_everywhere(
    http: httpx.AsyncClient, settings: Settings
) -> None:
    user = await factories.person()
    me, cookie = await signed_in(http, user), await browser(http, user)
    link = await resets.link_for(user.email.upper(), settings)
    assert link.startswith(f"http://localhost:{settings.port}/reset#")
    token = link.partition("#")[2]
    assert (await _reset(http, token)).status_code == 204

    assert (await me.get("/auth/me")).status_code == 401
    with pytest.raises(Unauthenticated):
        await sessions.user_of_cookie(cookie)
    assert (await login(http, user)).status_code == 401
    assert (await login(http, user, NEW)).status_code == 200
    again = await _reset(http, token, "another quiet phrase")
    assert (again.status_code, code_of(again)) == (400, "invalid_reset_link")


@pytest.mark.parametrize("token", [None, "", " ", "null", "undefined", "0", "x" * 200, "é"])
async def test_what_is_no_link_changes_nothing(http: httpx.AsyncClient, token: str | None) -> None:
    user = await factories.person()
    before = await _hash(user)
    refused = await _reset(http, token)
    assert (refused.status_code, code_of(refused)) == (400, "invalid_reset_link")
    absent = await http.post("/api/v1/auth/reset", json={"password": NEW})
    assert absent.status_code == 400
    assert await _hash(user) == before


async def test_an_expired_link_is_worth_nothing(http: httpx.AsyncClient, settings: Settings) -> None:
    user = await factories.person()
    token = await _token(user, settings)
    async with transaction() as session:
        row = await session.get_one(ResetLink, tokens.token_hash(token))
        assert abs(row.expires_at - utc_now() - timedelta(minutes=30)) < timedelta(seconds=20)
        row.expires_at = utc_now()
    assert (await _reset(http, token)).status_code == 400


async def test_a_link_is_of_one_person_and_of_their_present_password(
    http: httpx.AsyncClient, settings: Settings
) -> None:
    ana, bruno = await factories.person(), await factories.person()
    token, other = await _token(ana, settings), await _token(ana, settings)
    before = await _hash(bruno)
    me = await signed_in(http, ana)
    changed = {"current_password": factories.PASSWORD, "new_password": NEW}
    assert (await me.post("/auth/password", changed)).status_code == 204
    assert [(await _reset(http, each)).status_code for each in (token, other)] == [400, 400]
    assert await _hash(bruno) == before


async def test_of_two_who_use_a_link_at_once_one_sets_the_password(http: httpx.AsyncClient, settings: Settings) -> None:
    token = await _token(await factories.person(), settings)
    answers = await asyncio.gather(*(_reset(http, token, f"another quiet phrase {n}") for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [204, 400, 400, 400]


async def test_an_easy_password_leaves_the_link_good(http: httpx.AsyncClient, settings: Settings) -> None:
    user = await factories.person()
    token = await _token(user, settings)
    refused = await _reset(http, token, "password123456")
    assert (refused.status_code, refused.json()["error"]["details"]["fields"][0]["code"]) == (422, "password_common")
    page = await form(http, "reset", token=token, password="password123456")
    assert page.headers["location"] == f"/reset?error=password_common#{token}"
    assert (await form(http, "reset", token=token, password=NEW)).headers["location"] == "/login?notice=password_set"
    assert word(await form(http, "reset", token=token, password=NEW)) == "invalid_reset_link"


async def test_nobody_and_the_demo_get_no_link(http: httpx.AsyncClient, settings: Settings) -> None:
    await form(http, "demo")
    for address in ("nobody@example.com", "demo@renum.example"):
        with pytest.raises(NotFound):
            await resets.link_for(address, settings)


async def test_with_mail_a_link_arrives_in_the_readers_language(http: httpx.AsyncClient, letterbox: Letterbox) -> None:
    user = await factories.person()
    asked = await http.post("/api/v1/auth/forgot", json={"email": user.email}, headers={"Accept-Language": "pt-BR"})
    assert (asked.status_code, asked.content) == (202, b"null")
    mail = await asyncio.wait_for(letterbox.mails.get(), 10)
    assert (mail["To"], mail["From"], mail["Subject"]) == (
        user.email,
        "Renum <renum@example.com>",
        "Nova senha do Renum",
    )
    words = mail.get_payload(decode=True)
    assert isinstance(words, bytes)
    found = re.search(r"https://renum\.example\.com/reset#([\w-]{43})", words.decode())
    assert found
    assert (await _reset(http, found[1])).status_code == 204
    assert (await login(http, user, NEW)).status_code == 200


async def test_the_answer_is_the_same_for_nobody_and_nothing_is_mailed(
    http: httpx.AsyncClient, letterbox: Letterbox
) -> None:
    known, suspended = await factories.person(), await factories.person(suspended_at=utc_now())
    http.headers["X-Request-ID"] = "same"
    answers = []
    for address in ("nobody@example.com", suspended.email, "no address", known.email, known.email):
        answers.append(await http.post("/api/v1/auth/forgot", json={"email": address}))
        await asyncio.gather(*resets._sending)
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b"null")}
    assert letterbox.mails.get_nowait()["To"] == known.email
    assert letterbox.mails.empty()  # to nobody, and to the same person not twice in two minutes


async def test_a_mail_server_that_is_down_is_nobodys_error(
    http: httpx.AsyncClient, letterbox: Letterbox, caplog: pytest.LogCaptureFixture
) -> None:
    live = runtime.current()
    live.settings = live.settings.model_copy(update={"smtp_port": free_port()})
    user = await factories.person()
    assert (await http.post("/api/v1/auth/forgot", json={"email": user.email})).status_code == 202
    await asyncio.gather(*resets._sending)
    assert "A mail was not sent" in caplog.text
    assert user.email not in caplog.text
    assert "reset#" not in caplog.text


async def test_asking_again_and_again_is_refused_for_every_address(http: httpx.AsyncClient) -> None:
    answers = [(await form(http, "forgot", email=f"a{n}@example.com")).headers["location"] for n in range(7)]
    assert answers[:5] == ["/forgot?notice=reset_mailed"] * 5
    assert answers[-1].startswith("/forgot?error=sign_in_paused&wait=")
