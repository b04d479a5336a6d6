"""Which generation a server is: by its document, by probing, again after an upgrade; and what is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from renum_app.agents.backend import AgentError
from renum_app.agents.suna.client import Speech
from renum_app.agents.suna.detection import detect
from renum_app.agents.suna.server import Server
from renum_app.agents.suna.timing import Timing
from tests.doubles.suna_server import suna_server
from tests.integration.suna import GENERATIONS, QUICK, asked, backend_for, told


@asynccontextmanager
async def asking(url: str) -> AsyncIterator[Server]:
    server = Server(url, timing=Timing(**QUICK))
    yield server
    await server.aclose()


@asynccontextmanager
async def stranger(routes: dict[tuple[str, str], tuple[int, Any]]) -> AsyncIterator[str]:
    """A server that answers as given, and `Not Found` to everything else."""

    async def answer(request: web.Request) -> web.Response:
        status, body = routes.get((request.method, request.path), (404, {"detail": "Not Found"}))
        return web.json_response(body, status=status)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize("generation", [*GENERATIONS, "g3-late"])
@pytest.mark.parametrize("hides_openapi", [False, True])
async def test_a_server_is_known_by_its_document_or_by_its_routes(generation: str, hides_openapi: bool) -> None:
    async with suna_server(generation) as suna, asking(suna.url) as server:
        suna.hides_openapi = hides_openapi
        dialect = await detect(server)

    assert dialect.generation.value.lower() == generation.removesuffix("-late")
    assert dialect.pings == suna.traits.pings
    assert dialect.prefix == suna.traits.prefix
    assert dialect.has_optimized == suna.traits.has_optimized or hides_openapi
    sent = {name.lower() for headers in suna.headers for name in headers}
    assert not sent & {"x-api-key", "authorization"}, "no credential goes with a question like this"


@pytest.mark.parametrize("generation", [*GENERATIONS, "g3-late"])
async def test_a_team_runs_where_the_document_is_hidden(generation: str) -> None:
    async with suna_server(generation) as suna, backend_for(suna) as backend:
        suna.hides_openapi = True
        _, ended = await told(backend.run(asked(suna.agent("Ana"))))

    assert ended.usage.total == 240
    assert suna.violations == []


async def test_a_server_that_was_upgraded_is_looked_at_again() -> None:
    async with suna_server("g2") as suna, backend_for(suna) as backend:
        agent_id = suna.agent("Ana")
        await told(backend.run(asked(agent_id)))
        suna.generation = "g4"
        _, ended = await told(backend.run(asked(agent_id)))

    assert ended.usage.total == 240
    assert suna.calls["openapi"] == 2


async def test_what_was_found_is_kept_for_a_while() -> None:
    now = [0.0]
    async with suna_server("g5") as suna:
        server = Server(suna.url, timing=Timing(detection_lasts_seconds=60), clock=lambda: now[0])
        speech = Speech(server)
        await speech.dialect()
        await speech.dialect()
        assert suna.calls["openapi"] == 1
        now[0] = 61.0
        await speech.dialect()
        assert suna.calls["openapi"] == 2
        await server.aclose()


HEALTHY = (200, {"status": "ok", "timestamp": "2026-01-01T00:00:00Z", "instance_id": "x"})
G1_DOCUMENT = {"paths": {"/api/thread/{thread_id}/agent/start": {"post": {}}, "/api/agent/initiate": {"post": {}}}}


@pytest.mark.parametrize(
    ("routes", "word"),
    [
        ({("GET", "/api/health"): HEALTHY, ("GET", "/openapi.json"): (200, G1_DOCUMENT)}, "suna_too_old"),
        ({("GET", "/api/health"): HEALTHY, ("POST", "/api/agent/initiate"): (401, {})}, "suna_too_old"),
        ({("GET", "/v1/health"): (200, {"status": "ok", "service": "kortix-api", "version": "3"})}, "suna_too_new"),
        ({}, "suna_not_found"),
        ({("GET", "/api/health"): (200, ["fine"])}, "suna_not_found"),
        ({("GET", "/api/health"): HEALTHY, ("GET", "/openapi.json"): (200, {"paths": 7})}, "suna_not_found"),
        ({("GET", "/v1/health"): (503, {"detail": {"status": "shutting_down"}})}, "suna_failed"),
    ],
)
async def test_what_cannot_be_spoken_to_is_refused_with_a_reason(routes: dict[Any, Any], word: str) -> None:
    async with stranger(routes) as url, asking(url) as server:
        with pytest.raises(AgentError) as caught:
            await detect(server)

    assert caught.value.message == word
    assert caught.value.will_help_to_retry == (word == "suna_failed")
