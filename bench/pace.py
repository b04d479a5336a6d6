"""Pace: teams of agents beside a bare loop that makes the same calls, in turns, as the ratio of their medians."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from uuid import UUID

from bench.agents import HttpAgents, HttpBackend, client
from bench.stage import Stage, stage
from bench.table import Line

RUNS = 5


@dataclass(frozen=True)
class Case:
    name: str
    kind: str
    steps: int
    seconds: float
    """One agent's answer."""
    most: dict[str, float]
    """The target by kind of database."""
    count: int = 1
    """Executions at once."""


CASES = (
    Case("10 sequential steps of 0 ms", "sequential", 10, 0.0, {"SQLite": 5.0, "PostgreSQL": 8.0}),
    Case("100 parallel agents of 500 ms", "parallel", 100, 0.5, {"SQLite": 1.15, "PostgreSQL": 1.15}),
    Case("1,000 pipelines of 5 × 20 ms", "pipeline", 5, 0.02, {"SQLite": 4.0, "PostgreSQL": 4.0}, count=1_000),
)


async def measure(agents_url: str, database_url: str, database: str) -> list[Line]:
    async with client() as http:
        agents = HttpAgents(http, agents_url)
        async with stage(database_url, HttpBackend(agents)) as engine:
            return [await _compare(case, agents, engine, database) for case in CASES]


async def _compare(case: Case, agents: HttpAgents, stage: Stage, database: str) -> Line:
    team_id = await stage.team(kind=case.kind, steps=case.steps, agent=str(case.seconds))
    await _ours(case, stage, team_id)
    bare, ours = [], []
    for _ in range(RUNS):
        bare.append(await _timed(_bare(case, agents)))
        ours.append(await _ours(case, stage, team_id))
    ratio, most = statistics.median(ours) / statistics.median(bare), case.most[database]
    return Line(
        name=case.name,
        database=database,
        bare=f"{1_000 * statistics.median(bare):,.1f} ms",
        renum=f"{1_000 * statistics.median(ours):,.1f} ms",
        result=f"{ratio:.2f} ×",
        target=f"≤ {most:g} ×",
        is_met=ratio <= most,
    )


async def _bare(case: Case, agents: HttpAgents) -> None:
    if case.kind == "parallel":
        await asyncio.gather(*(agents.call(case.seconds) for _ in range(case.steps)))
    else:
        await asyncio.gather(*(_in_turn(case, agents) for _ in range(case.count)))


async def _in_turn(case: Case, agents: HttpAgents) -> None:
    for _ in range(case.steps):
        await agents.call(case.seconds)


async def _ours(case: Case, stage: Stage, team_id: UUID) -> float:
    """Seconds until all have their end stored; none may be lost."""
    before = await stage.completed()
    accepted = await stage.accepted(team_id, case.count)
    seconds = await _timed(stage.advance(accepted))
    if (completed := await stage.completed() - before) != case.count:
        raise RuntimeError(f"{case.count - completed} of {case.count} executions were lost.")
    return seconds


async def _timed(work: Awaitable[object]) -> float:
    began = time.perf_counter()
    await work
    return time.perf_counter() - began
