"""Many at once: all complete, nobody is starved, nobody floods."""

from __future__ import annotations

import asyncio
from uuid import UUID

import pytest

from renum_app import runtime
from renum_app.errors import Conflict, Invalid, TooMany
from renum_app.models.execution import ExecuteRequest, ExecutionStatus
from renum_app.services import executions
from renum_app.settings import Settings
from tests import factories
from tests.fakes import ScriptedBackend, hangs, says
from tests.integration.engine.conftest import RunningEngine, Stage


async def test_a_person_with_few_does_not_wait_for_a_person_with_many(
    db: str, settings: Settings, backend: ScriptedBackend
) -> None:
    backend.scripts = {"Ana": says("curto", seconds=0.05)}
    async with RunningEngine(settings.model_copy(update={"max_running_executions": 2}), backend):
        many, few = Stage(await factories.user(), backend), Stage(await factories.user(), backend)
        team_of_many, team_of_few = await many.team("Ana"), await few.team("Ana")
        flood = [await many.start(team_of_many) for _ in range(60)]
        mine = [await few.start(team_of_few) for _ in range(2)]
        for execution_id in mine:
            await few.finished(execution_id)
        left = await executions.overview(many.user)
        assert left.waiting + left.running > 20
        for execution_id in flood:
            await many.finished(execution_id)


async def test_a_waiting_execution_is_cancelled_at_once(db: str, settings: Settings, backend: ScriptedBackend) -> None:
    backend.scripts = {"Ana": hangs()}
    async with RunningEngine(settings.model_copy(update={"max_running_executions": 1}), backend):
        stage = Stage(await factories.user(), backend)
        team = await stage.team("Ana")
        first, second = await stage.start(team), await stage.start(team)
        await executions.stop(stage.user, second)
        async with asyncio.timeout(2):
            stopped = await stage.finished(second)
        assert stopped.status == "cancelled"
        assert stopped.receipt
        assert stopped.receipt["not_started"] == ["Ana"]
        await executions.stop(stage.user, first)
        await stage.finished(first)
        assert backend.calls["Ana"] == 1


async def test_a_full_queue_refuses_and_stores_nothing(db: str, settings: Settings, backend: ScriptedBackend) -> None:
    runtime.start(runtime.Runtime(settings=settings.model_copy(update={"max_waiting_executions": 2}), backends={}))
    runtime.current().backends = {backend.name: backend}
    stage = Stage(await factories.user(), backend)
    team = await stage.team("Ana")
    await stage.start(team)
    await stage.start(team)
    with pytest.raises(TooMany) as refusal:
        await stage.start(team)

    assert refusal.value.retry_after > 0
    assert (await executions.list_executions(stage.user)).total == 2


async def test_what_cannot_start_says_why(stage: Stage) -> None:
    team = await stage.team("Ana")
    asleep = await factories.team(stage.user, *await stage.agents("Bia"), is_active=False)
    with pytest.raises(Conflict, match="team_inactive"):
        await stage.start(asleep.team_id)
    with pytest.raises(Invalid) as too_long:
        await executions.start(stage.user, team, ExecuteRequest(initial_prompt="x" * 200_001))
    assert too_long.value.problems[0].code == "prompt_too_long"
    with pytest.raises(Invalid):
        await stage.start(team, "   ")
    with pytest.raises(Invalid):
        await stage.start(team, "Analise.", variables={"n": float("inf")})


async def test_nobody_takes_every_place_and_a_restart_shares_them_out_in_the_same_order(
    db: str, settings: Settings, backend: ScriptedBackend
) -> None:
    backend.scripts = {"Ana": hangs()}
    settings = settings.model_copy(update={"max_running_executions": 3, "max_running_per_user": 2})
    many, few = Stage(await factories.user(), backend), Stage(await factories.user(), backend)
    async with RunningEngine(settings, backend):
        of_many, of_few = await many.team("Ana"), await few.team("Ana")
        flood = [await many.start(of_many) for _ in range(4)]
        mine = [await few.start(of_few) for _ in range(2)]
        expected = {*flood[:2], mine[0]}
        assert await running(many, few, flood + mine, expected) == expected
    async with RunningEngine(settings, backend):
        assert await running(many, few, flood + mine, expected) == expected
        await executions.stop(many.user, flood[0])
        expected = {flood[1], mine[0], mine[1]}
        assert await running(many, few, flood + mine, expected) == expected, "turns go round"
        await executions.stop(few.user, mine[0])
        expected = {flood[1], flood[2], mine[1]}
        assert await running(many, few, flood + mine, expected) == expected


async def running(many: Stage, few: Stage, execution_ids: list[UUID], expected: set[UUID]) -> set[UUID]:
    """Those that run, once they are the expected ones and stay so, or time is up."""
    found: set[UUID] = set()
    for _ in range(200):
        before = found
        pages = [await executions.list_executions(stage.user, limit=100) for stage in (many, few)]
        found = {item.execution_id for page in pages for item in page.items if item.status is ExecutionStatus.RUNNING}
        if found == before == expected:
            break
        await asyncio.sleep(0.05)
    return found & set(execution_ids)
