"""The monitor WebSocket and the event stream, on a real port."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx
import pytest
import websockets
from websockets.asyncio.client import ClientConnection

from renum_app import runtime
from renum_app.auth.cookies import COOKIE_NAME
from renum_app.settings import Settings
from tests import factories
from tests.integration.people import Person

SLOW = {"reply": "palavra " * 200, "seconds": 30, "first_token_seconds": 0.05}


def _url(served: str, execution_id: str, query: str = "") -> str:
    return f"ws://{served}/ws/executions/{execution_id}/monitor?{query}"


async def _all(socket: ClientConnection) -> list[dict[str, Any]]:
    """Everything until the server closes, whatever the code."""
    messages = []
    with suppress(websockets.ConnectionClosed):
        while True:
            messages.append(json.loads(await socket.recv()))
    return messages


async def _running(ana: Person) -> str:
    """An execution that goes on for longer than any test waits."""
    return await ana.execution(await ana.team(await ana.agent(rehearsal=SLOW)))


async def _cookie(http: httpx.AsyncClient) -> str:
    form = {"email": f"{uuid4().hex}@example.com", "password": "quiet river under stone"}
    await http.post("/auth/register", data=form)
    return http.cookies[COOKIE_NAME]


async def test_every_credential_opens_it_and_only_our_protocol_is_echoed(served: str, ana: Person) -> None:
    execution_id = await ana.execution(await ana.team(await ana.agent()))
    await ana.ended(execution_id)
    ticket = (await ana.post("/ws-tickets", {"execution_id": execution_id})).json()
    assert ticket["expires_in"] == 30
    ways: list[dict[str, Any]] = [
        {"uri": _url(served, execution_id), "additional_headers": {"Authorization": f"Bearer {ana.token}"}},
        {"uri": _url(served, execution_id), "subprotocols": ["renum.v1", f"bearer.{ana.token}"]},
        {"uri": _url(served, execution_id, f"token={ana.token}")},
        {"uri": _url(served, execution_id, f"token={ticket['ticket']}")},
    ]
    logs = []
    for way in ways:
        async with websockets.connect(**way) as socket:
            assert socket.subprotocol == ("renum.v1" if "subprotocols" in way else None)
            messages = await _all(socket)
        assert (messages[0]["type"], socket.close_code) == ("snapshot", 1000)
        logs.append(messages[1:])
    assert all(log == logs[0] for log in logs)
    async with websockets.connect(**ways[-1]) as socket:  # a ticket works once
        assert await _all(socket) == []
    assert socket.close_code == 4401


async def test_an_api_token_watches_and_stops_with_the_scopes_for_it(served: str, ana: Person) -> None:
    execution_id = await _running(ana)
    tokens = {}
    for scopes in (["executions:run"], ["executions:read"], ["executions:read", "executions:run"]):
        made = await ana.post("/auth/tokens", {"name": "x", "scopes": scopes})
        tokens[" ".join(scopes)] = made.json()["token"]
    async with websockets.connect(_url(served, execution_id, f"token={tokens['executions:run']}")) as socket:
        assert await _all(socket) == []
    assert socket.close_code == 4403

    refused = await _stopped_with(_url(served, execution_id, f"token={tokens['executions:read']}"))
    assert (refused["code"], refused["details"]) == ("missing_scope", {"scope": "executions:run"})
    both = tokens["executions:read executions:run"]
    stream = {"Authorization": f"Bearer {both}", "Accept": "text/event-stream"}
    async with (
        httpx.AsyncClient() as client,
        client.stream("GET", f"http://{served}/api/v1/executions/{execution_id}/events", headers=stream) as answer,
    ):
        assert answer.status_code == 200
    async with websockets.connect(_url(served, execution_id, f"token={both}")) as socket:
        await socket.send('{"command": "stop"}')
        assert (await _all(socket))[-1]["data"]["status"] == "cancelled"


async def _stopped_with(url: str) -> dict[str, Any]:
    """Why a socket may not stop."""
    async with websockets.connect(url) as socket:
        await socket.send('{"command": "stop"}')
        while (message := json.loads(await socket.recv()))["type"] != "command_refused":
            pass
        return message


async def test_the_cookie_counts_only_from_a_page_of_ours(
    served: str, http: httpx.AsyncClient, ana: Person, bruno: Person
) -> None:
    execution_id = await ana.execution(await ana.team(await ana.agent()))
    cookie = await _cookie(http)
    codes = []
    for origin in (f"http://{served}", "http://evil.example"):
        headers = {"Cookie": f"{COOKIE_NAME}={cookie}"}
        async with websockets.connect(_url(served, execution_id), origin=origin, additional_headers=headers) as socket:  # type: ignore[arg-type]
            assert await _all(socket) == []
        codes.append(socket.close_code)
    # Known from our own page, but somebody else's execution; nobody from another site.
    assert codes == [4404, 4401]


@pytest.mark.parametrize("token", ["", "nonsense", "rnm_wst_nonsense", "a.b.c"])
async def test_a_bad_token_is_told_by_a_close_code(served: str, ana: Person, token: str) -> None:
    execution_id = await ana.execution(await ana.team(await ana.agent()))
    async with websockets.connect(_url(served, execution_id, f"token={token}")) as socket:
        assert await _all(socket) == []
    assert socket.close_code == 4401


async def test_another_persons_execution_looks_like_none(served: str, ana: Person, bruno: Person) -> None:
    execution_id = await ana.execution(await ana.team(await ana.agent()))
    seen = []
    for wanted in (execution_id, str(uuid4()), "no-uuid"):
        async with websockets.connect(_url(served, wanted, f"token={bruno.token}")) as socket:
            seen.append((await _all(socket), socket.close_code, socket.close_reason))
    assert seen == [([], 4404, "")] * 3


async def test_ping_stop_and_nonsense(served: str, ana: Person) -> None:
    execution_id = await _running(ana)
    async with websockets.connect(_url(served, execution_id, f"token={ana.token}")) as socket:
        await socket.send(json.dumps({"command": "ping"}))
        for nonsense in ("{", "[]", '{"command": 1}', '{"command": "delete"}', "null"):
            await socket.send(nonsense)
        await socket.send(json.dumps({"command": "stop"}))
        async with asyncio.timeout(10):
            messages = await _all(socket)
    kinds = [message["type"] for message in messages]
    assert kinds.count("pong") == 1
    assert kinds.count("command_refused") == 5
    assert (messages[-1]["type"], messages[-1]["data"]["status"]) == ("status_update", "cancelled")
    assert socket.close_code == 1000


async def test_bytes_are_no_command_and_half_a_character_is_answered(
    served: str, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    url = _url(served, await _running(ana), f"token={ana.token}")
    async with websockets.connect(url) as socket:
        await socket.send(b'{"command": "ping"}')
        await _all(socket)
    assert socket.close_code == 1003
    async with websockets.connect(url) as socket:
        await socket.send('{"command": "\\ud800"}')
        async with asyncio.timeout(5):
            while (message := json.loads(await socket.recv()))["type"] != "command_refused":
                pass
    assert message["code"] == "unknown_command"
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_database_that_cannot_say_ends_no_session(monkeypatch: pytest.MonkeyPatch) -> None:
    from sqlalchemy.exc import OperationalError

    from renum_app.api import live
    from renum_app.errors import Unauthenticated

    answers = [OperationalError("select", {}, Exception("locked")), Unauthenticated()]
    monkeypatch.setattr(live, "CHECK_SECONDS", 0)

    async def proof() -> Any:
        raise answers.pop(0)

    await live.session_ended(proof)
    assert not answers


async def test_a_long_log_comes_in_bunches_that_hold_the_same_messages(served: str, ana: Person) -> None:
    execution_id = await ana.execution(await ana.team(await ana.agent(), await ana.agent()))
    await ana.ended(execution_id)
    async with websockets.connect(_url(served, execution_id, f"token={ana.token}")) as socket:
        plain = await _all(socket)
    async with websockets.connect(_url(served, execution_id, f"token={ana.token}&batch=1")) as socket:
        bunched = await _all(socket)

    assert [message["type"] for message in bunched] == ["snapshot", "batch"]
    assert bunched[1]["messages"] == plain[1:]


async def test_live_text_joins_up_with_the_stored_text(served: str, ana: Person) -> None:
    script = {"reply": "uma frase que se lê devagar. " * 20, "seconds": 1.5, "first_token_seconds": 0.1}
    execution_id = await ana.execution(await ana.team(await ana.agent(rehearsal=script)))
    async with websockets.connect(_url(served, execution_id, f"token={ana.token}&live=1")) as socket:
        messages = await _all(socket)
    text, live = "", 0
    for message in messages:
        data = message.get("data", {})
        if message["type"] == "result_update" and "delta" in data:
            live += "seq" not in message
            text = text[: data["offset"]] + data["delta"] if data["offset"] <= len(text) else text
    assert text == script["reply"]
    assert live > 0
    numbers = [message["seq"] for message in messages if "seq" in message]
    assert numbers == list(range(1, len(numbers) + 1))


async def test_a_reconnect_in_the_middle_of_a_run_misses_and_repeats_nothing(served: str, ana: Person) -> None:
    script = {"reply": "passo " * 60, "seconds": 0.8, "first_token_seconds": 0.05}
    agents = [await ana.agent(name=name, rehearsal=script) for name in ("Um", "Dois")]
    execution_id = await ana.execution(await ana.team(*agents))
    seen: list[int] = []
    while True:
        url = _url(served, execution_id, f"token={ana.token}&after={seen[-1] if seen else 0}")
        async with websockets.connect(url) as socket:
            await socket.recv()
            for _ in range(4):
                try:
                    seen.append(json.loads(await socket.recv())["seq"])
                except websockets.ConnectionClosedOK:
                    break
        if socket.close_code == 1000 and (await ana.get(f"/executions/{execution_id}")).json()["last_seq"] == seen[-1]:
            break
    assert seen == list(range(1, len(seen) + 1))


async def test_the_eleventh_socket_is_refused_and_the_others_go_on(served: str, ana: Person) -> None:
    execution_id = await _running(ana)
    url = _url(served, execution_id, f"token={ana.token}")
    sockets = [await websockets.connect(url) for _ in range(10)]
    for socket in sockets:
        assert json.loads(await socket.recv())["type"] == "snapshot"
    async with websockets.connect(url) as one_too_many:
        assert await _all(one_too_many) == []
    assert one_too_many.close_code == 4429
    await sockets[0].send('{"command": "stop"}')
    async with asyncio.timeout(10):
        ends = await asyncio.gather(*(_all(socket) for socket in sockets))
    assert {end[-1]["data"]["status"] for end in ends} == {"cancelled"}
    async with websockets.connect(url) as after:
        assert (await _all(after))[-1]["data"]["status"] == "cancelled"


async def test_signing_out_closes_open_sockets_within_five_seconds(served: str, ana: Person) -> None:
    execution_id = await _running(ana)
    async with websockets.connect(_url(served, execution_id, f"token={ana.token}")) as socket:
        await socket.recv()
        await ana.post("/auth/logout")
        async with asyncio.timeout(5):
            await _all(socket)
    assert socket.close_code == 4401


async def test_events_stream_as_server_sent_events_and_go_on_from_the_last_id(served: str, ana: Person) -> None:
    execution_id = await ana.execution(await ana.team(await ana.agent(rehearsal={**SLOW, "seconds": 0.5})))
    base = f"http://{served}/api/v1/executions/{execution_id}/events"
    headers = {"Authorization": f"Bearer {ana.token}", "Accept": "text/event-stream"}
    async with httpx.AsyncClient(headers=headers, timeout=20) as http:
        async with http.stream("GET", base) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            frames = [frame async for frame in _frames(stream)]
        stored = (await ana.get(f"/executions/{execution_id}/events?limit=1000")).json()["items"]
        assert [json.loads(frame["data"]) for frame in frames] == stored
        assert [int(frame["id"]) for frame in frames] == list(range(1, len(stored) + 1))
        async with http.stream("GET", base, headers={"Last-Event-ID": "3"}) as stream:
            rest = [int(frame["id"]) async for frame in _frames(stream)]
        assert rest == list(range(4, len(stored) + 1))
        assert (await http.get(base, headers={"Last-Event-ID": str(len(stored))})).status_code == 204
        assert (await http.get(base, headers={"Authorization": "Bearer x"})).status_code == 401
        assert (await http.get(base.replace(execution_id, str(uuid4())))).status_code == 404


async def _frames(stream: httpx.Response) -> Any:
    frame: dict[str, str] = {}
    async for line in stream.aiter_lines():
        if line:
            name, _, value = line.partition(": ")
            frame[name] = value
        elif frame:
            if "id" in frame:
                yield frame
            frame = {}


async def test_tokens_in_addresses_reach_no_log(
    served: str, ana: Person, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    execution_id = await ana.execution(await ana.team(await ana.agent()))
    async with websockets.connect(_url(served, execution_id, f"token={ana.token}")) as socket:
        await _all(socket)
    own_lines = [record.getMessage() for record in caplog.records if not record.name.startswith("websockets")]
    output = capfd.readouterr()
    assert ana.token not in "".join([*own_lines, output.out, output.err])


async def test_a_server_that_is_about_to_end_says_so(served: str, ana: Person) -> None:
    async with websockets.connect(_url(served, await _running(ana), f"token={ana.token}")) as socket:
        assert json.loads(await socket.recv())["type"] == "snapshot"
        runtime.current().closing.set()
        await _all(socket)
    assert socket.close_code == 1012


async def test_a_changed_password_closes_the_sockets_of_other_sessions_within_five_seconds(
    served: str, http: httpx.AsyncClient, settings: Settings
) -> None:
    user = await factories.person()
    here, there = [Person(http, user, await factories.access_token(user, settings)) for _ in range(2)]
    execution_id = await _running(there)
    async with websockets.connect(_url(served, execution_id, f"token={there.token}")) as socket:
        assert json.loads(await socket.recv())["type"] == "snapshot"
        body = {"current_password": factories.PASSWORD, "new_password": "slow boats at first light"}
        assert (await here.post("/auth/password", body)).status_code == 204
        async with asyncio.timeout(5):
            await _all(socket)
    assert socket.close_code == 4401
    await here.post(f"/executions/{execution_id}/stop")
