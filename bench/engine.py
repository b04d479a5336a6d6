"""The engine beside a bare asyncio loop making the same calls: `python -m bench.engine [URL of an empty database]`.

Every call is an HTTP request to a server in another process. Medians of RUNS; all events are stored before they count.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from functools import partial
from pathlib import Path
from uuid import UUID, uuid4

import aiohttp
from aiohttp import web

from renum_app import database, migrations, runtime
from renum_app.agents.backend import Capabilities, RunEnded, RunRequest, RunUpdate, TextDelta, UnknownRun, Usage
from renum_app.engine.execution import ExecutionEngine
from renum_app.engine.means import Means
from renum_app.engine.recorder import Recorder
from renum_app.models.agent import Agent, Backend
from renum_app.models.execution import ExecuteRequest
from renum_app.models.team import Team
from renum_app.models.user import CurrentUser, User
from renum_app.services import executions
from renum_app.settings import Environment, Settings

RUNS = 5
PORT = 9471


def serve() -> None:
    async def answer(request: web.Request) -> web.Response:
        await asyncio.sleep(float(request.query["seconds"]))
        return web.Response(text="ok")

    app = web.Application()
    app.router.add_get("/", answer)
    web.run_app(app, host="127.0.0.1", port=PORT, print=None, access_log=None)


class HttpBackend:
    """Agents that are one HTTP request."""

    name = Backend.LOCAL
    capabilities = Capabilities()

    def __init__(self, http: aiohttp.ClientSession) -> None:
        self._http = http

    async def run(self, request: RunRequest) -> AsyncIterator[RunUpdate]:
        text = await call(self._http, float(request.agent.name))
        yield TextDelta(text)
        yield RunEnded(text=text, usage=Usage(1, 1))

    async def attach(self, request: RunRequest, identifiers: Mapping[str, str]) -> AsyncIterator[RunUpdate]:
        raise UnknownRun
        yield

    async def stop(self, request: RunRequest, identifiers: Mapping[str, str]) -> bool:
        return True

    async def aclose(self) -> None: ...


async def call(http: aiohttp.ClientSession, seconds: float) -> str:
    async with http.get(f"http://127.0.0.1:{PORT}/?seconds={seconds}") as response:
        return await response.text()


async def in_turn(http: aiohttp.ClientSession, steps: int, seconds: float) -> None:
    for _ in range(steps):
        await call(http, seconds)


async def stage(*, steps: int, seconds: float, kind: str) -> tuple[CurrentUser, UUID]:
    """A person with a team."""
    user = User(email=f"{uuid4().hex}@example.com", password_hash="!")
    agent = Agent(user_id=user.user_id, name=str(seconds), backend=Backend.LOCAL.value)
    members = [{"agent_id": agent.agent_id, "step_id": f"s{n}", "execution_order": n} for n in range(steps)]
    definition = {"type": kind, "agents": members}
    team = Team(user_id=user.user_id, name="bench", agent_ids=[agent.agent_id], workflow_definition=definition)
    async with database.transaction() as session:
        session.add(user)
        await session.flush()
        session.add_all([agent, team])
    return CurrentUser(user_id=user.user_id, email=user.email, name=""), team.team_id


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await work()
    return time.perf_counter() - began


async def all_of(works: list[Coroutine[object, object, None]]) -> None:
    await asyncio.gather(*works)


async def compare(engine: ExecutionEngine, http: aiohttp.ClientSession, name: str, **case: object) -> None:
    """Medians of both, alternating, and their ratio."""
    steps, seconds, kind, count = int(case["steps"]), float(case["seconds"]), str(case["kind"]), int(case["count"])
    user, team_id = await stage(steps=steps, seconds=seconds, kind=kind)
    bare, ours = [], []
    for _ in range(int(case.get("runs", RUNS))):
        if kind == "parallel":
            bare.append(await timed(lambda: asyncio.gather(*(call(http, seconds) for _ in range(steps)))))
        else:
            bare.append(await timed(lambda: asyncio.gather(*(in_turn(http, steps, seconds) for _ in range(count)))))
        request = ExecuteRequest(initial_prompt="bench")
        ids = [(await executions.start(user, team_id, request)).execution_id for _ in range(count)]
        ours.append(await timed(partial(all_of, [engine.advance(each) for each in ids])))
        assert (await executions.overview(user)).running == 0
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"{name:44} bare {statistics.median(bare):7.3f} s  renum {statistics.median(ours):7.3f} s  x {ratio:5.2f}")


async def main(url: str) -> None:
    folder = Path(tempfile.mkdtemp(prefix="renum-bench-"))
    url = url or f"sqlite+aiosqlite:///{folder / 'renum.db'}"
    await asyncio.to_thread(migrations.upgrade, url)
    database.configure(url)
    settings = Settings(environment=Environment.TEST, renum_data_dir=folder, max_waiting_executions=10_000)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
        live = runtime.start(runtime.Runtime(settings=settings, backends={Backend.LOCAL: HttpBackend(http)}))
        recorder = Recorder(live.bus)
        recording = asyncio.create_task(recorder.run())
        engine = ExecutionEngine(Means(recorder=recorder, backends=live.backends, settings=settings))
        await call(http, 0)
        await compare(engine, http, "10 sequential steps of 0 ms", steps=10, seconds=0, kind="sequential", count=1)
        await compare(engine, http, "50 parallel agents of 500 ms", steps=50, seconds=0.5, kind="parallel", count=1)
        await compare(
            engine, http, "200 pipelines of 5 x 20 ms", steps=5, seconds=0.02, kind="pipeline", count=200, runs=3
        )
        await compare(
            engine, http, "1,000 pipelines of 5 x 20 ms", steps=5, seconds=0.02, kind="pipeline", count=1_000, runs=1
        )
        recording.cancel()
        await database.dispose()


def run() -> None:
    """Start the server, compare, and stop it."""
    server = multiprocessing.get_context("spawn").Process(target=serve, daemon=True)
    server.start()
    time.sleep(2)
    try:
        asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else ""))
    finally:
        server.kill()


if __name__ == "__main__":
    run()
