"""A real HTTP server that speaks Suna's API of the generations G2 to G5, and fails in every way one can.

    async with suna_server("g5") as server:          # in a test with a running loop
    with suna_server_in_thread("g2") as server:      # for a test that starts processes
    agent_id = server.agent("Ana", Script(reply="Feito."))
    server.will("start", "lose")                     # the next start acts, and its reply is lost
    server.world.runs_per_thread()                   # the server's own count: nothing was started twice
    server.violations                                # requests that broke the generation's OpenAPI document

Written from what is known of the releases, not from Renum's client. From the command line:
`python -m tests.doubles.suna_server PORT GENERATION`.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from aiohttp import web

from tests.doubles.suna.server import SunaServer
from tests.doubles.suna.world import Script

__all__ = ["Script", "SunaServer", "suna_server", "suna_server_in_thread"]

GENERATIONS = ("g2", "g3", "g4", "g5")


@asynccontextmanager
async def suna_server(
    generation: str = "g5", *, port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[SunaServer]:
    """Serve on the running loop, on a free port unless given."""
    server = SunaServer(generation)
    runner = web.AppRunner(server.application(), handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port, ssl_context=tls).start()
    server.port, server.scheme = runner.addresses[0][1], "https" if tls else "http"
    try:
        yield server
    finally:
        server.release.set()
        for run in server.world.runs.values():
            if run.task:
                run.task.cancel()
        await runner.cleanup()


@contextmanager
def suna_server_in_thread(generation: str = "g5", *, port: int = 0) -> Iterator[SunaServer]:
    """Serve on a thread with a loop of its own."""
    ready, loop, servers = threading.Event(), asyncio.new_event_loop(), []

    async def serve() -> None:
        stop = asyncio.get_running_loop().create_future()
        async with suna_server(generation, port=port) as server:
            servers.append((server, stop))
            ready.set()
            await stop

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    if not ready.wait(10):
        raise RuntimeError("the server did not start")
    server, stop = servers[0]
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set_result, None)
        thread.join(10)
        loop.close()


async def _main(port: int, generation: str) -> None:
    async with suna_server(generation, port=port) as server:
        agents = [server.agent(name, Script(seconds=4)) for name in ("Pesquisadora", "Analista", "Redatora")]
        print(server.url, "key", server.key, "agents", *agents, flush=True)  # noqa: T201 - a command line
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 0, sys.argv[2] if len(sys.argv) > 2 else "g5"))
