"""What tests of accounts do over and over, through the front doors."""

from __future__ import annotations

import re
from typing import Any

import httpx

from renum_app import runtime
from renum_app.database import reading
from renum_app.models.user import CurrentUser, SessionKind
from renum_app.repositories import users
from renum_app.services import sessions
from tests import factories
from tests.factories import PASSWORD
from tests.integration.people import Person

PAGE = {"Origin": "http://renum", "Sec-Fetch-Site": "same-origin"}
NEW = "slow boats at first light"


async def signed_in(http: httpx.AsyncClient, user: CurrentUser) -> Person:
    """A REST session, without the moment that a password takes."""
    return Person(http, user, await factories.access_token(user, runtime.current().settings))


async def browser(http: httpx.AsyncClient, user: CurrentUser) -> str:
    """The cookie of a browser session, in the client too; as cheaply."""
    async with reading() as session:
        row = await users.by_id(session, user.user_id)
    assert row is not None
    token = await sessions.begin(row, SessionKind.BROWSER, user_agent="", ip="")
    http.cookies.clear()
    http.cookies.set("renum_session", token, domain="renum.local", path="/")  # as the client names a host without a dot
    return token


async def login(http: httpx.AsyncClient, user: CurrentUser, password: str = PASSWORD, **more: Any) -> httpx.Response:
    return await http.post("/api/v1/auth/login", json={"email": user.email, "password": password, **more})


async def form(http: httpx.AsyncClient, path: str, **fields: str) -> httpx.Response:
    return await http.post(f"/auth/{path}", data=fields, headers=PAGE)


def word(answer: httpx.Response) -> str:
    """What went wrong, as the page it leads to will say it."""
    found = re.search(r"error=(\w+)", answer.headers.get("location", ""))
    return found[1] if found else ""


def code_of(answer: httpx.Response) -> str:
    return answer.json()["error"]["code"]
