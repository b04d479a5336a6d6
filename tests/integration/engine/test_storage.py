"""When the database is slow, or the execution is somebody else's."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections.abc import AsyncIterator
from pathlib import Path

from renum_app import database
from renum_app.agents.backend import RunEnded, RunRequest, RunStarted, RunUpdate, Usage
from renum_app.engine import dispatch
from renum_app.repositories import claims
from renum_app.services import executions
from renum_app.settings import Settings
from tests import factories
from tests.fakes import ScriptedBackend, hangs, says
from tests.integration.engine.conftest import RunningEngine, Stage
from tests.integration.engine.test_stop import until_running


async def test_a_database_locked_for_two_seconds_delays_and_loses_nothing(
    sqlite_db: str, settings: Settings, backend: ScriptedBackend, tmp_path: Path
) -> None:
    assert database.is_sqlite()
    backend.scripts = {"Ana": says("um texto que chega aos poucos", seconds=0.3, pieces=6)}
    async with RunningEngine(settings, backend):
        stage = Stage(await factories.user(), backend)
        execution_id = await stage.start(await stage.team("Ana", "Bia"))
        await until_running(stage, execution_id, "Ana")
        holder = sqlite3.connect(tmp_path / "renum.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(2)
        assert (await executions.status(stage.user, execution_id)).status == "running"
        holder.execute("ROLLBACK")
        holder.close()
        execution = await stage.finished(execution_id)
    assert execution.status == "completed"
    assert backend.calls == {"Ana": 1, "Bia": 1}
    log = await stage.events(execution_id)
    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))


async def test_an_owner_that_was_replaced_lets_go_and_writes_nothing_more(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": hangs(), "Bia": says("feito")}
    execution_id = await stage.start(await stage.team("Ana"))
    await until_running(stage, execution_id, "Ana")
    assert await claims.take_up([execution_id])
    before = await stage.events(execution_id)
    await executions.stop(stage.user, execution_id)
    for _ in range(300):
        if stage.backend.ended["Ana"]:
            break
        await asyncio.sleep(0.01)

    assert stage.backend.ended["Ana"] == 1, "its call is ended"
    assert await stage.events(execution_id) == before
    assert (await executions.get(stage.user, execution_id)).status == "running"
    other = await stage.run(await stage.team("Bia"))
    assert other.status == "completed", "and others go on"


async def test_what_no_database_holds_ends_its_execution_and_no_other(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says("feito", usage=Usage(10**30, 1)), "Bia": says("feito", seconds=0.5)}
    refused = await stage.start(await stage.team("Ana"))
    assert (await stage.run(await stage.team("Bia"))).status == "completed"
    execution = await stage.finished(refused)
    assert (execution.status, execution.error_code) == ("failed", "crash_loop")
    assert all(step.status in {"cancelled", "failed"} for step in execution.steps)


async def test_a_call_cut_while_its_run_waits_to_be_stored_harms_nobody(
    sqlite_db: str, settings: Settings, backend: ScriptedBackend, tmp_path: Path
) -> None:
    may_start = threading.Event()

    async def starts_late(_: RunRequest) -> AsyncIterator[RunUpdate]:
        await asyncio.to_thread(may_start.wait, 10)  # this script runs on the engine's loop
        yield RunStarted({"run": "1"})
        yield RunEnded(text="tarde")

    backend.scripts = {"Ana": starts_late, "Bia": says("um texto que chega aos poucos", seconds=4, pieces=40)}
    impatient = {"timeout_seconds": 1.5, "retry": {"max_attempts": 1}, "on_failure": "continue"}
    async with RunningEngine(settings, backend):
        stage = Stage(await factories.user(), backend)
        team = await stage.team("Ana", "Bia", kind="parallel", config={"join": "any"}, Ana=impatient)
        execution_id = await stage.start(team)
        await until_running(stage, execution_id, "Ana")
        holder = sqlite3.connect(tmp_path / "renum.db", isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        await asyncio.sleep(0.6)
        may_start.set()
        await asyncio.sleep(1.5)
        holder.execute("ROLLBACK")
        holder.close()
        execution = await stage.finished(execution_id)
    assert execution.status == "completed"
    assert backend.calls == {"Ana": 1, "Bia": 1}


async def test_orders_are_asked_for_until_the_database_can_say(
    sqlite_db: str, settings: Settings, backend: ScriptedBackend, tmp_path: Path
) -> None:
    backend.scripts = {"Ana": hangs()}
    async with RunningEngine(settings, backend):
        stage = Stage(await factories.user(), backend)
        execution_id = await stage.start(await stage.team("Ana"))
        await until_running(stage, execution_id, "Ana")
        holder = sqlite3.connect(tmp_path / "renum.db", isolation_level=None)
        holder.execute("ALTER TABLE renum_execution_commands RENAME TO away")
        await dispatch.wake(execution_id)
        await asyncio.sleep(0.5)
        assert backend.ended["Ana"] == 0, "its call goes on meanwhile"
        holder.execute("ALTER TABLE away RENAME TO renum_execution_commands")
        holder.close()
        await executions.stop(stage.user, execution_id)
        assert (await stage.finished(execution_id)).status == "cancelled"
    assert backend.calls["Ana"] == 1
