"""Forged tokens get nobody in: by REST, WebSocket and the pages' socket, with local accounts and with Supabase."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

import httpx
import jwt
import pytest
import pytest_asyncio
from reflex.istate.data import RouterData

from renum_app import runtime
from renum_app.api.app import create_api
from renum_app.auth import tokens
from renum_app.auth.cookies import COOKIE_NAME
from renum_app.errors import Unauthenticated
from renum_app.services import sessions
from renum_app.settings import Settings
from renum_app.state.session import Session, signed_in
from tests import forged
from tests.doubles.gotrue.keys import KeyRing
from tests.doubles.gotrue_server import GoTrueServer, gotrue_server
from tests.integration.people import Person
from tests.integration.supabase import EMAIL, PASSWORD, project_settings, use_project

SECRET = "a-shared-secret-of-an-older-project-0123456789"


@pytest_asyncio.fixture
async def gotrue(http: httpx.AsyncClient, settings: Settings) -> AsyncIterator[GoTrueServer]:
    async with gotrue_server() as server:
        server.project.add(EMAIL, PASSWORD)
        use_project(project_settings(settings, server))
        yield server


@pytest.fixture
def granted(gotrue: GoTrueServer) -> str:
    """A good access token of the project."""
    return gotrue.project.sign_in({"email": EMAIL, "password": PASSWORD})["access_token"]


async def _let_in(http: httpx.AsyncClient, corpus: dict[str, str]) -> list[str]:
    """What of the corpus opened anything."""
    opened = []
    for name, token in corpus.items():
        if await _status(http, token) != 401:
            opened.append(f"REST: {name}")
        if await _knows_cookie(token):
            opened.append(f"pages: {name}")
        if await _monitor_code(token) != 4401:
            opened.append(f"monitor: {name}")
    return opened


async def _status(http: httpx.AsyncClient, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}".encode()}
    return (await http.get("/api/v1/auth/me", headers=headers)).status_code


async def _knows_cookie(token: str) -> bool:
    """Whether the pages' socket would take the token for a session."""
    tab: Any = Session(_reflex_internal_init=True)  # pyright: ignore[reportCallIssue]
    printable = "".join(each for each in token if each.isprintable())
    tab.router = RouterData.from_router_data({"headers": {"cookie": f"{COOKIE_NAME}={printable}"}})
    try:
        await signed_in(tab)
    except Unauthenticated:
        return False
    return True


async def _monitor_code(token: str) -> int | None:
    """What the monitor WebSocket closes with when it is shown the token."""
    said: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        said.append(message)

    path = f"/ws/executions/{uuid4()}/monitor"
    scope = {
        "type": "websocket", "path": path, "raw_path": path.encode(), "root_path": "", "scheme": "ws",
        "query_string": urlencode({"token": token}).encode(), "headers": [], "subprotocols": [],
        "client": ("198.51.100.7", 1), "server": ("renum", 80), "asgi": {"version": "3.0"},
    }  # fmt: skip
    await create_api(runtime.current().settings)(scope, receive, send)
    return said[-1].get("code")


async def test_nobody_gets_in_with_a_forged_token_of_renum(
    http: httpx.AsyncClient, ana: Person, bruno: Person, settings: Settings
) -> None:
    claims = jwt.decode(ana.token, options={"verify_signature": False})
    other = jwt.decode(bruno.token, options={"verify_signature": False})
    key = tokens._key(settings.jwt_secret)
    signed = {**forged.changed(claims), "another's session": {**claims, "session_id": other["session_id"]}}
    signed["no session"] = {**claims, "session_id": str(uuid4())}
    corpus = {
        **forged.by_strangers(ana.token),
        **{name: jwt.encode(wrong, key, "HS256") for name, wrong in signed.items()},
        "the secret itself": forged.hmac_signed(claims, settings.jwt_secret.encode()),
        "HS512": jwt.encode(claims, key, "HS512"),
        **{role: forged.legacy_key(role, settings.jwt_secret) for role in ("anon", "service_role")},
    }
    assert await _let_in(http, corpus) == []
    assert (await _status(http, ana.token), await _monitor_code(ana.token)) == (200, 4404)


async def test_nobody_gets_in_with_a_forged_token_of_the_project(
    http: httpx.AsyncClient, gotrue: GoTrueServer, granted: str
) -> None:
    claims = jwt.decode(granted, options={"verify_signature": False})
    ring = gotrue.project.keys
    stranger = KeyRing()
    stranger.keys[0].kid = ring.keys[0].kid
    corpus = {
        **forged.by_strangers(granted),
        **forged.with_public_key(granted, ring.keys[-1].private.public_key()),
        **{name: ring.sign(wrong) for name, wrong in forged.changed_at_supabase(claims).items()},
        "a kid of the project": stranger.sign(claims),
        "no such session": ring.sign({**claims, "session_id": str(uuid4())}),
        "no such person": ring.sign({**claims, "sub": str(uuid4()), "session_id": str(uuid4())}),
        **{role: forged.legacy_key(role, SECRET) for role in ("anon", "service_role")},
    }
    before = gotrue.calls["jwks"]
    assert await _let_in(http, corpus) == []
    assert gotrue.calls["jwks"] - before == 1
    assert (await _status(http, granted), await _monitor_code(granted)) == (200, 4404)


async def test_nobody_gets_in_with_the_public_keys_of_a_project_that_signs_with_a_secret(
    http: httpx.AsyncClient, gotrue: GoTrueServer
) -> None:
    gotrue.project.keys = KeyRing(secret=SECRET)
    use_project(runtime.current().settings.model_copy(update={"supabase_jwt_secret": SECRET}))
    granted = gotrue.project.sign_in({"email": EMAIL, "password": PASSWORD})["access_token"]
    claims = jwt.decode(granted, options={"verify_signature": False})
    corpus = {
        **forged.by_strangers(granted),
        **{name: gotrue.project.keys.sign(wrong) for name, wrong in forged.changed_at_supabase(claims).items()},
        **{role: forged.legacy_key(role, SECRET) for role in ("anon", "service_role", "authenticated")},
    }
    assert await _let_in(http, corpus) == []
    assert await _status(http, granted) == 200


async def test_a_token_of_the_project_means_nothing_where_accounts_are_local(
    http: httpx.AsyncClient, gotrue: GoTrueServer, granted: str
) -> None:
    runtime.current().supabase = None
    assert await _let_in(http, {"the project's": granted}) == []


async def test_a_token_is_worth_nothing_after_its_session_has_ended(
    http: httpx.AsyncClient, gotrue: GoTrueServer, granted: str
) -> None:
    assert await _status(http, granted) == 200
    logout = await http.post("/api/v1/auth/logout", headers={"Authorization": f"Bearer {granted}"})
    assert logout.status_code == 204
    assert all(session.is_over for session in gotrue.project.sessions.values())
    assert await _status(http, granted) == 401


@pytest.mark.parametrize("what", ["signed out", "banned", "deleted"])
async def test_the_end_of_a_session_elsewhere_is_known_here_within_thirty_seconds(
    http: httpx.AsyncClient, gotrue: GoTrueServer, granted: str, what: str
) -> None:
    now = 0.0
    live = runtime.current()
    assert live.supabase
    live.supabase.standings.clock = lambda: now
    assert await _status(http, granted) == 200
    match what:
        case "signed out":
            next(iter(gotrue.project.sessions.values())).is_over = True
        case "banned":
            gotrue.project.users[EMAIL]["banned_until"] = "2099-01-01T00:00:00Z"
        case _:
            del gotrue.project.users[EMAIL]
    now = 31.0
    live.sessions._known.clear()
    assert await _status(http, granted) == 401


async def test_a_token_of_the_project_makes_its_person_here_and_serves_every_route(
    http: httpx.AsyncClient, gotrue: GoTrueServer, granted: str
) -> None:
    user = await sessions.user_of_bearer(granted)
    person = Person(http, user, granted)
    assert user.user_id == UUID(gotrue.project.users[EMAIL]["id"])
    team_id = await person.team(await person.agent())
    assert (await person.get(f"/teams/{team_id}")).status_code == 200
    assert gotrue.calls["user"] == 1
