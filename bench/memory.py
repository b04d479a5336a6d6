"""Memory: how much a process grows per execution that waits for its agent's answer."""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import resource
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from uuid import UUID

from bench.agents import HttpAgents, HttpBackend, client
from bench.stage import Stage, stage
from bench.table import Line

_COUNT = 1_000
_WARM_UP = 200
_STEPS = 5
_AGENT_SECONDS = 3_600.0
_MOST_KB = 30.0


def measure(agents_url: str, database_url: str, database: str) -> list[Line]:
    """Each in a process of its own: memory that was used before would hide what is taken now."""
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1) as processes:
        bare = processes.submit(_run, _bare, agents_url, "").result()
        ours = processes.submit(_run, _ours, agents_url, database_url).result()
    return [
        Line(
            name=f"Memory per waiting execution, {_COUNT:,} in flight",
            database=database,
            bare=f"{bare:.1f} KB",
            renum=f"{ours:.1f} KB",
            result=f"{ours - bare:.1f} KB more",
            target=f"≤ {_MOST_KB:g} KB",
            is_met=ours - bare <= _MOST_KB,
        )
    ]


def _run(work: Callable[[str, str], Awaitable[float]], agents_url: str, database_url: str) -> float:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 8_192)), hard))
    return asyncio.run(work(agents_url, database_url))  # pyright: ignore[reportArgumentType] (both are coroutines)


async def _bare(agents_url: str, _: str) -> float:
    """KB per call that waits."""
    async with client() as http:
        agents = HttpAgents(http, agents_url)

        async def begin(count: int) -> list[asyncio.Task[str]]:
            return [asyncio.create_task(agents.call(_AGENT_SECONDS)) for _ in range(count)]

        tasks = await begin(_WARM_UP)
        await asyncio.sleep(1)
        before = _resident_kb()
        tasks += await begin(_COUNT)
        await asyncio.sleep(2)
        grown = _resident_kb() - before
        await _cut(tasks)
    return grown / _COUNT


async def _ours(agents_url: str, database_url: str) -> float:
    """KB per execution whose agent was called and has not answered."""
    async with client() as http, stage(database_url, HttpBackend(HttpAgents(http, agents_url))) as engine:
        team_id = await engine.team(kind="sequential", steps=_STEPS, agent=str(_AGENT_SECONDS))
        first, rest = await engine.accepted(team_id, _WARM_UP), await engine.accepted(team_id, _COUNT)
        tasks = await _waiting(engine, first)
        before = _resident_kb()
        tasks += await _waiting(engine, rest)
        grown = _resident_kb() - before
        await _cut(tasks)
    return grown / _COUNT


async def _waiting(engine: Stage, execution_ids: list[UUID]) -> list[asyncio.Task[None]]:
    tasks = [asyncio.create_task(engine.engine.advance(execution_id)) for execution_id in execution_ids]
    await asyncio.sleep(5)
    if any(task.done() for task in tasks):
        raise RuntimeError("An execution did not wait.")
    return tasks


async def _cut(tasks: Sequence[asyncio.Task[object]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _resident_kb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1_024
