"""The agents that are called: a server in a process of its own, a bare client, and a backend that uses it."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager

import aiohttp
from aiohttp import web

from renum_app.agents.backend import Capabilities, RunEnded, RunRequest, RunUpdate, TextDelta, UnknownRun, Usage
from renum_app.models.agent import Backend


class HttpAgents:
    """Agents that are one HTTP request each; an agent's name says how many seconds its answer takes."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url

    async def call(self, seconds: float) -> str:
        """What the bare loop does, and nothing more."""
        async with self._http.get(self._url, params={"seconds": str(seconds)}) as response:
            return await response.text()


class HttpBackend:
    """The same calls as the engine makes them."""

    name = Backend.LOCAL
    capabilities = Capabilities()

    def __init__(self, agents: HttpAgents) -> None:
        self._agents = agents

    async def run(self, request: RunRequest) -> AsyncIterator[RunUpdate]:
        text = await self._agents.call(float(request.agent.name))
        yield TextDelta(text)
        yield RunEnded(text=text, usage=Usage(1, 1))

    async def attach(self, request: RunRequest, identifiers: Mapping[str, str]) -> AsyncIterator[RunUpdate]:
        raise UnknownRun
        yield

    async def stop(self, request: RunRequest, identifiers: Mapping[str, str]) -> bool:
        return True

    async def aclose(self) -> None: ...


def client() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))


@contextmanager
def running_agents() -> Iterator[str]:
    """The server while the block lasts; its URL."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    server = multiprocessing.get_context("spawn").Process(target=_serve, args=(port,), daemon=True)
    server.start()
    _wait_for(port)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.kill()
        server.join()


def _serve(port: int) -> None:
    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(float(request.query["seconds"]))
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_get("/", answer)
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None, backlog=2_048)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError("The agents' server did not start.")
