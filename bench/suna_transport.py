"""`python -m bench.suna_transport`: httpx's own transport against aiohttp's, for what the Suna client does.

Measured once to choose (decision 0006); the server is the tests' own, in a process of its own.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import time
from multiprocessing.connection import Connection
from typing import Any

import httpx
from httpx_aiohttp import AiohttpTransport

_STREAMS = (1, 20, 100)
_EVENTS = 200
_ASKED = 300


def serve(into: Connection) -> None:
    """JSON at `/run`, and at `/stream` events such as a run's, as fast as they are taken."""
    from aiohttp import web

    event = b'data: {"type": "assistant", "content": "' + b"x" * 300 + b'"}\n\n'

    async def run(_: web.Request) -> web.Response:
        return web.json_response({"id": "r", "status": "running", "error": None})

    async def stream(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for _ in range(_EVENTS):
            await response.write(event)
        return response

    async def main() -> None:
        app = web.Application()
        app.router.add_get("/run", run)
        app.router.add_get("/stream", stream)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        into.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(main())


def client(kind: str) -> httpx.AsyncClient:
    limits = httpx.Limits(max_connections=1_000, max_keepalive_connections=100)
    transport: Any = AiohttpTransport() if kind == "aiohttp" else httpx.AsyncHTTPTransport(limits=limits)
    return httpx.AsyncClient(transport=transport, timeout=30)


async def follow(http: httpx.AsyncClient, url: str) -> None:
    async with http.stream("GET", f"{url}/stream") as answer:
        async for _ in answer.aiter_bytes():
            pass


async def measure(kind: str, url: str) -> dict[str, float]:
    """Milliseconds of wall time: of one question after another, and of so many streams at once."""
    found: dict[str, float] = {}
    async with client(kind) as http:
        await follow(http, url)
        took = []
        for _ in range(_ASKED):
            began = time.perf_counter()
            (await http.get(f"{url}/run")).json()
            took.append(time.perf_counter() - began)
        found["a question, median"] = statistics.median(took) * 1_000
        for count in _STREAMS:
            began = time.perf_counter()
            await asyncio.gather(*(follow(http, url) for _ in range(count)))
            found[f"{count} streams of {_EVENTS} events"] = (time.perf_counter() - began) * 1_000
    return found


def main() -> None:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    url = f"http://127.0.0.1:{ours.recv()}"
    rounds: dict[str, list[dict[str, float]]] = {"httpx": [], "aiohttp": []}
    for _ in range(3):
        for kind, found in rounds.items():
            found.append(asyncio.run(measure(kind, url)))
    server.terminate()
    print("| ms, the best of three | httpx | aiohttp |\n|---|---|---|")
    for name in rounds["httpx"][0]:
        best = {kind: min(each[name] for each in found) for kind, found in rounds.items()}
        print(f"| {name} | {best['httpx']:.1f} | {best['aiohttp']:.1f} |")


if __name__ == "__main__":
    main()
