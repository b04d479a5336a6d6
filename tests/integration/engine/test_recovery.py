"""A killed process loses no accepted execution and repeats no finished step."""

from __future__ import annotations

import asyncio
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio

from renum_app import runtime
from renum_app.agents.backend import Capabilities
from renum_app.engine import dispatch
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.models.agent import Backend
from renum_app.models.execution_read import ExecutionRead
from renum_app.repositories import events
from renum_app.services import executions
from renum_app.settings import Settings, SettingsError
from tests import factories
from tests.fakes import ScriptedBackend, hangs, says
from tests.integration.engine.conftest import Stage

NAMES = ("A1", "A2", "A3", "A4", "A5")


@pytest_asyncio.fixture
async def idle(db: str, settings: Settings) -> Stage:
    """A person without an engine: what is started waits in the database."""
    dispatch.join(None)
    backend = ScriptedBackend()
    runtime.start(runtime.Runtime(settings=settings, backends={Backend.LOCAL: backend}))
    return Stage(user=await factories.user(), backend=backend)


def spawn(url: str, folder: Path) -> subprocess.Popen[bytes]:
    (folder / "ready").unlink(missing_ok=True)
    return subprocess.Popen([sys.executable, "-m", "tests.integration.engine.process", url, str(folder)])


async def until(happened, *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not await happened():
        assert time.monotonic() < deadline, "it never happened"
        await asyncio.sleep(0.02)


def calls(folder: Path) -> list[str]:
    path = folder / "calls"
    return path.read_text().split() if path.exists() else []


async def ended(stage: Stage, execution_id: UUID, *, seconds: float = 20) -> ExecutionRead:
    async def happened() -> bool:
        return (await executions.status(stage.user, execution_id)).status.is_final

    await until(happened, seconds=seconds)
    return await executions.get(stage.user, execution_id)


@pytest.mark.parametrize("moment", range(4))
async def test_a_team_killed_at_any_moment_completes_without_repeating_finished_steps(
    idle: Stage, db: str, tmp_path: Path, moment: int
) -> None:
    execution_id = await idle.start(await idle.team(*NAMES))
    reached = random.Random(moment).randint(1, 4)
    process = spawn(db, tmp_path)
    try:

        async def came_far_enough() -> bool:
            return len(calls(tmp_path)) >= reached

        await until(came_far_enough)
        await asyncio.sleep(random.Random(moment).random() * 0.4)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process = spawn(db, tmp_path)
        execution = await ended(idle, execution_id)
    finally:
        process.kill()
        process.wait()
    assert execution.status == "completed"
    counts = Counter(calls(tmp_path))
    assert set(counts) == set(NAMES)
    assert sorted(counts.values())[:-1] == [1, 1, 1, 1]
    assert max(counts.values()) <= 2
    log = await idle.events(execution_id)
    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
    kinds = [event["kind"] for event in log]
    assert kinds.count("execution_completed") == 1
    assert 0 <= kinds.count("attempt_started") - len(calls(tmp_path)) <= 1, "an attempt may be on record and not called"


async def test_a_step_that_kills_the_server_every_time_is_given_up(idle: Stage, db: str, tmp_path: Path) -> None:
    (tmp_path / "poison").touch()
    execution_id = await idle.start(await idle.team("A1", "A2"))
    for _ in range(3):
        assert spawn(db, tmp_path).wait(timeout=20) == 9
    (tmp_path / "poison").unlink()
    process = spawn(db, tmp_path)
    try:
        execution = await ended(idle, execution_id)
    finally:
        process.kill()
        process.wait()
    assert (execution.status, execution.error_code) == ("failed", "crash_loop")
    assert calls(tmp_path) == ["A1"] * 3


async def test_everything_accepted_before_the_engine_starts_is_taken_up(idle: Stage) -> None:
    team = await idle.team("A1")
    accepted = [await idle.start(team) for _ in range(20)]
    dispatcher = InProcessDispatcher()
    dispatcher.start()
    ends = [(await ended(idle, execution_id)).status for execution_id in accepted]
    dispatcher.close(grace_seconds=0)

    assert ends == ["completed"] * 20
    assert idle.backend.calls["A1"] == 20


async def test_a_run_that_outlived_the_server_is_followed_again_and_not_started_twice(idle: Stage) -> None:
    idle.backend.capabilities = Capabilities(resumes_runs=True)
    idle.backend.scripts = {"A1": hangs(identifiers={"run_id": "r-1"})}
    execution_id = await idle.start(await idle.team("A1"))
    first = InProcessDispatcher()
    first.start()

    async def is_known() -> bool:
        return any(event["kind"] == "run_started" for event in await idle.events(execution_id))

    await until(is_known)
    first.close(grace_seconds=0)
    second = InProcessDispatcher()
    second.start()
    execution = await ended(idle, execution_id)
    second.close(grace_seconds=0)

    assert execution.status == "completed"
    assert execution.agent_results["A1"]["text"] == "retomado"
    assert idle.backend.calls["A1"] == 1
    assert idle.backend.attached == [{"run_id": "r-1"}]


async def test_a_clean_stop_of_the_server_lets_short_steps_end(idle: Stage) -> None:
    idle.backend.scripts = {"A1": says("pronto", seconds=0.3)}
    execution_id = await idle.start(await idle.team("A1"))
    dispatcher = InProcessDispatcher()
    dispatcher.start()
    await asyncio.sleep(0.1)
    dispatcher.close(grace_seconds=5)

    assert (await executions.get(idle.user, execution_id)).status == "completed"


async def test_a_stale_owner_writes_nothing_and_spoils_nobodys_batch(idle: Stage) -> None:
    team = await idle.team("A1")
    stale, fresh = [await idle.start(team) for _ in range(2)]
    first = await events.take_up(stale)
    await events.take_up(stale)
    other = await events.take_up(fresh)
    assert first
    assert other
    entries = [
        events.Entry(claim.execution.execution_id, claim.execution.epoch, 1, execution={"current_step": 1})
        for claim in (first, other)
    ]
    assert await events.commit(entries) == {fresh}
    assert (await executions.get(idle.user, stale)).current_step == 0
    assert (await executions.get(idle.user, fresh)).current_step == 1


def test_a_data_folder_belongs_to_one_process(settings: Settings, sqlite_url: str) -> None:
    from renum_app import database

    database.configure(sqlite_url)
    runtime.start(runtime.Runtime(settings=settings, backends={}))
    first = InProcessDispatcher()
    first.start()
    with pytest.raises(SettingsError, match="already running"):
        InProcessDispatcher().start()
    first.close(grace_seconds=0)
    again = InProcessDispatcher()
    again.start()
    again.close(grace_seconds=0)
