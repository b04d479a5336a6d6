"""What a WebSocket takes from a stranger: little, and nothing that hurts."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress

import httpx
import pytest
import websockets
from websockets.asyncio.client import ClientConnection

from renum_app.auth.cookies import COOKIE_NAME
from tests.integration.people import Person

NONSENSE = ["-1", "1e3", "0x10", "", "%00", "９", "9" * 50, "null", "1;drop", "1.5", "%F0%9F%A6%86", "+1", "NaN"]

UNKNOWN = ["/ws", "/ws/", "/ws/executions", "/ws/executions/x", "/ws/executions/x/monitor/y", "/api/v1/ws"]


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The kind of database does not matter here."""
    return sqlite_url


def _url(served: str, execution_id: str, query: str) -> str:
    return f"ws://{served}/ws/executions/{execution_id}/monitor?{query}"


async def _seqs(socket: ClientConnection) -> list[int]:
    """Numbers of the events until the server closes."""
    found: list[int] = []
    with suppress(websockets.ConnectionClosed):
        while True:
            message = json.loads(await socket.recv())
            found += [message["seq"]] if "seq" in message else []
    return found


async def test_a_nonsensical_place_in_the_log_is_its_beginning(served: str, ana: Person) -> None:
    execution_id = await ana.execution(await ana.team(await ana.agent()))
    last = (await ana.ended(execution_id))["last_seq"]
    for after in NONSENSE:
        async with websockets.connect(_url(served, execution_id, f"token={ana.token}&after={after}")) as socket:
            assert await _seqs(socket) == list(range(1, last + 1)), after
        assert socket.close_code == 1000
    async with websockets.connect(_url(served, execution_id, f"token={ana.token}&after={last}&after=0")) as socket:
        assert await _seqs(socket) in ([], list(range(1, last + 1)))


async def test_a_message_of_more_than_64_kib_ends_the_connection_and_nothing_else(served: str, ana: Person) -> None:
    script = {"reply": "x", "seconds": 30, "first_token_seconds": 20}
    execution_id = await ana.execution(await ana.team(await ana.agent(rehearsal=script)))
    url = _url(served, execution_id, f"token={ana.token}")
    for size, code in ((65_537, 1009), (1_000_000, 1009)):
        async with websockets.connect(url) as socket:
            await socket.recv()
            await socket.send(json.dumps({"command": "x" * (size - 14)}))
            async with asyncio.timeout(5):
                await _seqs(socket)
        assert socket.close_code == code
    async with websockets.connect(url) as socket:
        await socket.send(json.dumps({"command": "ping"}))
        async with asyncio.timeout(5):
            while json.loads(await socket.recv())["type"] != "pong":
                pass
    await ana.post(f"/executions/{execution_id}/stop")


async def test_an_unknown_path_gets_no_socket(served: str, ana: Person) -> None:
    for path in UNKNOWN:
        with pytest.raises((websockets.InvalidStatus, websockets.InvalidHandshake)):
            async with websockets.connect(f"ws://{served}{path}?token={ana.token}"):
                pass
        async with httpx.AsyncClient() as http:  # asked as a page, it is an answer like others
            assert (await http.get(f"http://{served}{path}")).status_code in {307, 404, 405}, path


async def test_a_site_that_brings_a_persons_cookie_along_is_nobody(
    served: str, ana: Person, http: httpx.AsyncClient
) -> None:
    await http.post("/auth/register", data={"email": "bia@example.com", "password": "quiet river under stone"})
    headers = {"Cookie": f"{COOKIE_NAME}={http.cookies[COOKIE_NAME]}"}
    execution_id = await ana.execution(await ana.team(await ana.agent()))
    for origin in ("http://evil.example", "null", "https://localhost", f"http://{served}.evil.example", None):
        url = _url(served, execution_id, "")
        async with websockets.connect(url, additional_headers=headers, origin=origin) as socket:  # type: ignore[arg-type]
            await _seqs(socket)
        assert socket.close_code == 4401, origin
