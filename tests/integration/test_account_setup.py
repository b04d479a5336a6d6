"""The first administrator, by the link that the server prints."""

from __future__ import annotations

import asyncio
import os
import stat
import time

import httpx
import pytest

from renum_app.database import reading
from renum_app.models.user import User
from renum_app.repositories import users
from renum_app.services import setup
from renum_app.settings import Settings
from tests import factories
from tests.integration.accounts import form, word

BOSS = {"email": "boss@example.com", "password": factories.PASSWORD, "name": "Boss"}


async def _token(settings: Settings) -> str:
    link = await setup.link(settings)
    assert link is not None
    assert link.startswith(f"http://localhost:{settings.port}/setup#")
    return link.partition("#")[2]


async def _person(email: str) -> User | None:
    async with reading() as session:
        return await users.by_email(session, email)


async def test_the_link_makes_one_administrator_and_is_gone(http: httpx.AsyncClient, settings: Settings) -> None:
    token = await _token(settings)
    made = await form(http, "setup", token=token, **BOSS)
    assert (made.status_code, made.headers["location"]) == (303, "/")
    person = await _person("boss@example.com")
    assert person is not None
    assert person.role == "admin"
    assert http.cookies["renum_session"]

    again = await form(http, "setup", token=token, **{**BOSS, "email": "second@example.com"})
    assert again.status_code == 404
    assert await setup.link(settings) is None
    assert not (settings.renum_data_dir / "setup-token").exists()


async def test_of_twenty_who_use_the_link_at_once_one_gets_in(http: httpx.AsyncClient, settings: Settings) -> None:
    token = await _token(settings)
    answers = await asyncio.gather(
        *(form(http, "setup", token=token, **{**BOSS, "email": f"boss{n}@example.com"}) for n in range(20))
    )
    assert sum(answer.headers.get("location") == "/" for answer in answers) == 1
    found = [await _person(f"boss{n}@example.com") for n in range(20)]
    assert sum(person is not None for person in found) == 1


@pytest.mark.parametrize("token", ["", "x", "ÿ", "0" * 43])
async def test_a_wrong_token_makes_nobody(http: httpx.AsyncClient, settings: Settings, token: str) -> None:
    await _token(settings)
    assert word(await form(http, "setup", token=token, **BOSS)) == "invalid_setup_link"
    assert await _person("boss@example.com") is None


async def test_a_link_is_good_for_an_hour_and_the_next_start_makes_another(
    http: httpx.AsyncClient, settings: Settings
) -> None:
    token, path = await _token(settings), settings.renum_data_dir / "setup-token"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    os.utime(path, (time.time(), time.time() - 3_601))
    assert word(await form(http, "setup", token=token, **BOSS)) == "invalid_setup_link"
    newer = await _token(settings)
    assert newer != token
    assert (await form(http, "setup", token=newer, **BOSS)).headers["location"] == "/"


async def test_what_is_wrong_with_the_form_leads_back_with_the_link(
    http: httpx.AsyncClient, settings: Settings
) -> None:
    token = await _token(settings)
    easy = await form(http, "setup", token=token, **{**BOSS, "password": "password123456"})
    assert easy.headers["location"] == f"/setup?error=password_common#{token}"
    no_address = await form(http, "setup", token=token, **{**BOSS, "email": "nobody"})
    assert no_address.headers["location"] == f"/setup?error=invalid_email#{token}"
    hostile = await form(http, "setup", token="x\r\nSet-Cookie: a=b", **BOSS)
    assert "#" not in hostile.headers["location"]
    assert (await form(http, "setup", token=token, **BOSS)).headers["location"] == "/"


async def test_an_administrator_made_by_the_command_line_closes_the_set_up(
    http: httpx.AsyncClient, settings: Settings
) -> None:
    token = await _token(settings)
    await factories.user(role="admin")
    assert (await form(http, "setup", token=token, **BOSS)).status_code == 404
    assert await setup.link(settings) is None
