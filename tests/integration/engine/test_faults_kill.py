"""F1 and F22: an engine killed in the middle of its work, and one that its own work kills; on both databases."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from renum_app.models.values import utc_now
from tests.integration.chance import seeded
from tests.integration.engine.conftest import Stage
from tests.integration.processes import Killable, calls_in, engine_process, until

STEPS = ("A1", "A2", "A3")
SECONDS_A_STEP = 0.5
"""At most; the agents of the process take between 0.1 and 0.5 s."""


async def killed_once(engine: Killable, shared: Path, *, after_seconds: float) -> datetime:
    """Start it, kill it some time after its first new call, start it again; when it was ready again."""
    before = len(calls_in(shared))
    await engine.start()

    async def is_at_work() -> bool:
        return len(calls_in(shared)) > before

    await until(is_at_work, what="the first call")
    await asyncio.sleep(after_seconds)
    engine.kill()
    await engine.start()
    return utc_now()


async def check_that_nothing_is_lost(stage: Stage, execution_ids: list[UUID], shared: Path) -> list[datetime]:
    """All completed, with a gap-free log, finished steps called once and cut ones twice; when each was recovered."""
    recovered = []
    assert [(await stage.ended(execution_id)).status for execution_id in execution_ids] == ["completed"] * len(
        execution_ids
    )
    of_execution = Counter(calls_in(shared))
    for execution_id in execution_ids:
        log = await stage.events(execution_id)
        assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
        kinds = Counter(event["kind"] for event in log)
        assert kinds["execution_completed"] == 1
        assert kinds["step_completed"] == len(STEPS)
        counts = [of_execution[str(execution_id), step_id] for step_id in STEPS]
        cut = kinds["attempt_interrupted"]
        assert all(1 <= count <= 2 for count in counts)
        assert sum(counts) - len(STEPS) <= cut <= 1, "only the one that was cut may be called again"
        recovered += [datetime.fromisoformat(e["timestamp"]) for e in log if e["kind"] == "execution_recovered"]
    return recovered


async def test_f1_twenty_executions_killed_at_random_points_complete_and_repeat_nothing(
    idle: Stage, db: str, tmp_path: Path
) -> None:
    chance = seeded()
    team = await idle.team(*STEPS)
    execution_ids = [await idle.start(team) for _ in range(20)]
    with engine_process(db, tmp_path / "engine", shared=tmp_path) as engine:
        ready = await killed_once(engine, tmp_path, after_seconds=chance.uniform(0.1, 2 * SECONDS_A_STEP))
        recovered = await check_that_nothing_is_lost(idle, execution_ids, tmp_path)
    assert recovered, "the kill came too late"
    assert (max(recovered) - ready).total_seconds() < 5


@pytest.mark.faults
@pytest.mark.timeout(300)
async def test_f1_one_execution_killed_at_each_of_twenty_random_points(idle: Stage, db: str, tmp_path: Path) -> None:
    chance = seeded()
    team = await idle.team(*STEPS)
    for _ in range(20):
        execution_id = await idle.start(team)
        with engine_process(db, tmp_path / "engine", shared=tmp_path) as engine:
            moment = chance.uniform(0, len(STEPS) * SECONDS_A_STEP)
            ready = await killed_once(engine, tmp_path, after_seconds=moment)
            recovered = await check_that_nothing_is_lost(idle, [execution_id], tmp_path)
        assert all((moment - ready).total_seconds() < 5 for moment in recovered)


async def test_f22_a_step_that_kills_the_engine_is_given_up_and_everyone_else_completes(
    idle: Stage, db: str, tmp_path: Path
) -> None:
    poison = await idle.start(await idle.team("A1", "Poison", "A2"))
    others = [await idle.start(await idle.team(*STEPS)) for _ in range(5)]
    deaths = 0
    with engine_process(db, tmp_path / "engine", shared=tmp_path) as engine:
        await engine.start()
        deadline = time.monotonic() + 40
        while not (await idle.is_over(poison)) and time.monotonic() < deadline:
            if engine.running.poll() is not None:  # what a service manager does
                assert engine.running.returncode == 9
                deaths += 1
                engine.spawn()
            await asyncio.sleep(0.05)
        ends = [(await idle.ended(execution_id)).status for execution_id in others]
        end = await idle.ended(poison)
    assert (end.status, end.error_code, deaths) == ("failed", "crash_loop", 3)
    assert [step.status for step in end.steps] == ["completed", "failed", "cancelled"]
    assert ends == ["completed"] * 5
    assert Counter(calls_in(tmp_path))[str(poison), "Poison"] == 3
