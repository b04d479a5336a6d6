"""The Suna credential is told to Suna and to nobody else: looked for in everything that leaves or is kept."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest

from renum_app import crypto, runtime
from renum_app.agents.suna import SunaBackend, SunaCatalogue
from renum_app.agents.suna.timing import Timing
from renum_app.api.app import create_api
from renum_app.engine import dispatch
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.models.agent import Backend
from renum_app.models.credential import CredentialWrite
from renum_app.services import credentials, doctor, executions, teams
from renum_app.services.suna_credentials import open_suna_credential
from renum_app.settings import Settings
from renum_app.state.execution import ExecutionPage
from tests import factories
from tests.doubles.suna_server import Script, SunaServer, suna_server_in_thread
from tests.integration.people import Person
from tests.integration.suna import QUICK

PAIR, BEARER = "pk_canary_public:sk_canary_c0ffee5ec7e7", "canary-bearer-0123456789abcdef"
NAMES = ("Pesquisadora", "Analista", "Redatora")


@asynccontextmanager
async def house(settings: Settings, server: SunaServer, *, key: str, is_own: bool) -> AsyncIterator[Person]:
    """A person at the API of an installation with that Suna, on a key of their own or the service account's."""
    settings = settings.model_copy(update={"suna_api_url": server.url, "suna_api_key": "" if is_own else key})
    crypto.configure(settings.encryption_key)
    timing = Timing(**QUICK)
    backend = SunaBackend(open_suna_credential, server.url, timing=timing)
    catalogue = SunaCatalogue(open_suna_credential, server.url, timing=timing)
    runtime.start(
        runtime.Runtime(settings=settings, backends={Backend.SUNA: backend}, catalogues={Backend.SUNA: catalogue})
    )
    user = await factories.user()
    if is_own:
        await credentials.put(user, CredentialWrite(service_name="suna", api_key=key))
    dispatcher = InProcessDispatcher()
    dispatch.join(dispatcher)
    dispatcher.start()
    transport = httpx.ASGITransport(create_api(settings), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://renum") as http:
        yield Person(http, user, await factories.access_token(user, settings))
    dispatch.join(None)
    dispatcher.close(grace_seconds=1)
    await catalogue.aclose()
    await backend.aclose()


async def rest_bodies(ana: Person, execution_id: str, team_id: str) -> dict[str, str]:
    """What every route that reads answers, of this execution, its team and what belongs to the person."""
    mounted = next(route for route in ana.http._transport.app.routes if getattr(route, "path", "") == "/api/v1")  # type: ignore[attr-defined]
    paths = mounted.app._app.openapi()["paths"]
    values = {"execution_id": execution_id, "team_id": team_id, "other_id": execution_id}
    bodies = {}
    for path, methods in paths.items():
        if "get" in methods and not {part[1:-1] for part in path.split("/") if part.startswith("{")} - set(values):
            answer = await ana.get(path.format(**values))
            bodies[path] = f"{answer.status_code} {answer.headers} {answer.text}"
    stop = await ana.post(f"/executions/{execution_id}/stop")
    test = await ana.post("/api-keys/suna/test")
    return {**bodies, "stop": stop.text, "test": test.text}


async def frames(ana: Person, execution_id: str) -> list[str]:
    """Everything the monitor WebSocket sends, over ASGI in this process."""
    sent: list[str] = []
    coming = [{"type": "websocket.connect"}]

    async def receive() -> dict[str, Any]:
        if not coming:
            await asyncio.Event().wait()  # it listens to the end
        return coming.pop()

    async def send(message: dict[str, Any]) -> None:
        sent.append(json.dumps(message, default=str))

    scope = {
        "type": "websocket", "path": f"/ws/executions/{execution_id}/monitor", "raw_path": b"", "root_path": "",
        "query_string": b"live=1", "headers": [(b"authorization", f"Bearer {ana.token}".encode())],
        "scheme": "ws", "server": ("renum", 80), "client": ("127.0.0.1", 1), "subprotocols": [], "asgi": {},
        "http_version": "1.1",
    }  # fmt: skip
    async with asyncio.timeout(10):
        await ana.http._transport.app(scope, receive, send)  # type: ignore[attr-defined]
    return sent


async def page_state(ana: Person, execution_id: str, team_id: str) -> str:
    """What the execution's page is sent beside those frames."""
    page = ExecutionPage(_reflex_internal_init=True)  # type: ignore[call-arg]
    page._show(await executions.get(ana.user, UUID(execution_id)))
    page._show_team(await teams.get(ana.user, UUID(team_id)))
    return repr(page.dict())


def kept_below(folder: Path) -> bytes:
    """The database as it lies on the disk, and whatever else there is."""
    return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("key", "is_own", "trouble"),
    [(PAIR, True, ""), (BEARER, True, ""), (PAIR, False, ""), (PAIR, True, "start"), (BEARER, False, "run")],
)
async def test_the_key_is_in_nothing_that_is_kept_told_or_shown(
    sqlite_db: str,
    settings: Settings,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    key: str,
    is_own: bool,
    trouble: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    with suna_server_in_thread("g5") as server:
        server.accounts[key] = server.account
        for name in NAMES:
            server.agent(name, Script(end="llm_error", words=f"The key {key} is bad") if trouble == "run" else Script())
        if trouble == "start":
            server.will("start", *["500"] * 40, secret=key)
        async with house(settings, server, key=key, is_own=is_own) as ana:
            listed = {each["name"]: each["agent_id"] for each in (await ana.get("/agents?limit=100")).json()["items"]}
            team_id = await ana.team(*(listed[name] for name in NAMES))
            execution_id = await ana.execution(team_id)
            ended = await ana.ended(execution_id)
            told = await rest_bodies(ana, execution_id, team_id)
            sent = await frames(ana, execution_id)
            found = await doctor.examine(runtime.current().settings)
            page = await page_state(ana, execution_id, team_id)
        was_sent = any(key in " ".join(headers.values()) for headers in server.headers)

    assert was_sent
    assert ended["status"] == ("failed" if trouble else "completed")
    assert len(told) >= 15
    assert told["/executions/{execution_id}/events"].startswith("200")
    assert len(sent) > 10
    stored = kept_below(tmp_path)
    records = "".join(repr(vars(record)) for record in caplog.records)
    places = {**told, "frames": "".join(sent), "page": page, "doctor": repr(found), "logs": caplog.text + records}
    for secret in {key, *key.split(":")}:
        assert [place for place, text in places.items() if secret in text] == []
        assert secret.encode() not in stored
    if trouble:
        assert "[key]" in places["frames"], "what the server said is told, without the key"
