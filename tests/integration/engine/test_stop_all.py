"""An administrator stops everything: what runs, what waits in the queue, and what is parked; on both databases."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path
from uuid import UUID

import pytest

from renum_app.errors import NotFound
from renum_app.models.user import CurrentUser, UserRole
from renum_app.services import admin, executions
from renum_app.settings import Settings
from tests import factories
from tests.fakes import ScriptedBackend, hangs
from tests.integration.engine.conftest import RunningEngine, Stage

REASON = "Maintenance at noon"


async def administrator() -> CurrentUser:
    known = await factories.user(role=UserRole.ADMIN.value)
    return CurrentUser(user_id=known.user_id, email=known.email, name=known.name, role=UserRole.ADMIN)


async def started(stage: Stage) -> list[UUID]:
    """Five that park until somebody decides, three that run for ever, and two without a place."""
    hanging = await stage.team("Ana")
    asking = await stage.team("Bia", Bia={"requires_approval": "before"})
    return [await stage.start(team) for team in [asking] * 5 + [hanging] * 5]


async def seen(stage: Stage, execution_ids: list[UUID]) -> set[str]:
    """In what ways they stand, one word each."""
    read = [await executions.get(stage.user, execution_id) for execution_id in execution_ids]
    return {execution.waiting_for or execution.status.value for execution in read}


async def until_all_kinds_are_there(stages: list[Stage], ids: list[list[UUID]]) -> None:
    async with asyncio.timeout(20):
        while True:
            kinds = [await seen(stage, of_stage) for stage, of_stage in zip(stages, ids, strict=True)]
            if set.union(*kinds) >= {"running", "pending", "approval"}:
                return
            await asyncio.sleep(0.05)


async def test_thirty_executions_of_three_people_stop_and_their_receipts_say_who_and_why(
    db: str, settings: Settings, backend: ScriptedBackend
) -> None:
    backend.scripts = {"Ana": hangs()}
    limits = {"max_running_executions": 9, "max_running_per_user": 3}
    async with RunningEngine(settings.model_copy(update=limits), backend):
        stages = [Stage(await factories.user(), backend) for _ in range(3)]
        ids = [await started(stage) for stage in stages]
        await until_all_kinds_are_there(stages, ids)
        boss = await administrator()
        first = await admin.stop_all(boss, reason=REASON)
        async with asyncio.timeout(20):
            of_all = [(stage, each) for stage, of_stage in zip(stages, ids, strict=True) for each in of_stage]
            ended = [await stage.finished(each) for stage, each in of_all]
        second = await admin.stop_all(boss)
        later = await stages[0].start(await stages[0].team("Caio"))
        assert (await stages[0].finished(later)).status == "completed", "what comes afterwards runs as usual"

    assert (first.ordered, second.ordered) == (30, 0)
    assert {execution.status for execution in ended} == {"cancelled"}
    assert all((execution.receipt or {})["ordered_by"] == "admin" for execution in ended)
    assert all((execution.receipt or {})["reason"] == REASON for execution in ended)
    lines = (await executions.logs(stages[0].user, ids[0][0])).items
    assert any(REASON in line.message for line in lines)
    assert backend.calls["Bia"] == 0


async def test_nobody_else_stops_everything(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": hangs()}
    execution_id = await stage.start(await stage.team("Ana"))
    with pytest.raises(NotFound):
        await admin.stop_all(stage.user)
    assert not (await executions.status(stage.user, execution_id)).stopping
    await executions.stop(stage.user, execution_id)
    assert ((await stage.finished(execution_id)).receipt or {})["ordered_by"] == "owner"


async def test_an_order_that_is_left_while_no_engine_runs_is_found_by_the_next(
    db: str, settings: Settings, backend: ScriptedBackend
) -> None:
    backend.scripts = {"Ana": hangs()}
    async with RunningEngine(settings, backend):
        stage = Stage(await factories.user(), backend)
        ids = [await stage.start(await stage.team("Ana")) for _ in range(3)]
    assert (await admin.stop_all(reason=REASON)).ordered == 3
    async with RunningEngine(settings, backend), asyncio.timeout(10):
        ended = [await stage.finished(execution_id) for execution_id in ids]
    assert [execution.status for execution in ended] == ["cancelled"] * 3


async def test_the_command_line_stops_what_a_running_server_runs(stage: Stage, db: str, tmp_path: Path) -> None:
    stage.backend.scripts = {"Ana": hangs()}
    execution_id = await stage.start(await stage.team("Ana"))
    environment = {**os.environ, "DATABASE_URL": db, "RENUM_DATA_DIR": str(tmp_path), "ENVIRONMENT": "test"}
    words = ("-m", "renum_app.cli", "admin", "stop-all", "--reason", REASON)
    process = await asyncio.create_subprocess_exec(
        sys.executable, *words, env=environment, stdout=asyncio.subprocess.PIPE
    )
    told, _ = await process.communicate()
    async with asyncio.timeout(10):
        stopped = await stage.finished(execution_id)

    assert process.returncode == 0
    assert b"told to stop: 1" in told
    assert ((stopped.receipt or {})["ordered_by"], (stopped.receipt or {})["reason"]) == ("admin", REASON)
