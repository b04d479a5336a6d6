"""Streaming: what it costs, and how long it takes, to bring an agent's text from the engine to a follower."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Mapping
from uuid import UUID

from bench.stage import Stage, stage
from bench.table import Line
from renum_app.agents.backend import Capabilities, RunEnded, RunRequest, RunUpdate, TextDelta, UnknownRun, Usage
from renum_app.engine import dispatch
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.models.agent import Backend
from renum_app.services import executions

_RUNS = 5
_TOKENS = 2_000
_PAUSE_SECONDS = 0.001
_MOST_MICROSECONDS = 50.0
_MOST_LATENCY_MS = 20.0


class Talker:
    """An agent that says the moment it speaks, token by token."""

    name = Backend.LOCAL
    capabilities = Capabilities()

    async def run(self, request: RunRequest) -> AsyncIterator[RunUpdate]:
        said: list[str] = []
        async for token in tokens():
            said.append(token)
            yield TextDelta(token)
        yield RunEnded(text="".join(said), usage=Usage(1, _TOKENS))

    async def attach(self, request: RunRequest, identifiers: Mapping[str, str]) -> AsyncIterator[RunUpdate]:
        raise UnknownRun
        yield

    async def stop(self, request: RunRequest, identifiers: Mapping[str, str]) -> bool:
        return True

    async def aclose(self) -> None: ...


async def tokens() -> AsyncIterator[str]:
    for _ in range(_TOKENS):
        await asyncio.sleep(_PAUSE_SECONDS)
        yield f"{time.perf_counter():.6f} "


async def measure(database_url: str, database: str) -> list[Line]:
    """As in production: the engine on a thread of its own, the follower on the web server's loop."""
    async with stage(database_url, Talker()) as engine:
        dispatcher = InProcessDispatcher()
        dispatch.join(dispatcher)
        dispatcher.start()
        try:
            team_id = await engine.team(kind="sequential", steps=1, agent="talker")
            bare = [await _bare() for _ in range(_RUNS)]
            runs = [await _relayed(engine, team_id) for _ in range(_RUNS)]
        finally:
            dispatch.join(None)
            await asyncio.to_thread(dispatcher.close, 1)
    return _lines(database, bare=statistics.median(bare), runs=runs)


def _lines(database: str, *, bare: float, runs: list[tuple[float, float]]) -> list[Line]:
    cpu, latency = (statistics.median(values) for values in zip(*runs, strict=True))
    cost = Line(
        name=f"Relay of {_TOKENS:,} streamed tokens, CPU per token",
        database=database,
        bare=f"{bare:.0f} µs",
        renum=f"{cpu:.0f} µs",
        result=f"{cpu - bare:.0f} µs more",
        target=f"≤ {_MOST_MICROSECONDS:g} µs",
        is_met=cpu - bare <= _MOST_MICROSECONDS,
    )
    delay = Line(
        name=f"Relay of {_TOKENS:,} streamed tokens, added latency p99",
        database=database,
        bare="",
        renum=f"{latency:.1f} ms",
        result=f"{latency:.1f} ms",
        target=f"≤ {_MOST_LATENCY_MS:g} ms",
        is_met=latency <= _MOST_LATENCY_MS,
    )
    return [cost, delay]


async def _bare() -> float:
    """Microseconds of CPU per token where nobody relays them."""
    began = time.process_time()
    async for _ in tokens():
        pass
    return 1e6 * (time.process_time() - began) / _TOKENS


async def _relayed(stage: Stage, team_id: UUID) -> tuple[float, float]:
    """Microseconds of CPU per token of the whole execution, and the 99th percentile of latency in milliseconds."""
    began = time.process_time()
    execution_id = (await stage.accepted(team_id, 1))[0]
    delays = [
        1e3 * (time.perf_counter() - float(spoken_at))
        async for message in executions.follow(stage.user, execution_id, live=True)
        if "seq" not in message
        for spoken_at in message["data"]["delta"].split()
    ]
    spent = time.process_time() - began
    if len(delays) < 0.99 * _TOKENS:  # the first may come before the follower does
        raise RuntimeError(f"{_TOKENS - len(delays)} of {_TOKENS} tokens were not relayed as they came.")
    return 1e6 * spent / _TOKENS, statistics.quantiles(delays, n=100)[98]
