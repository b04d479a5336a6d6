"""A running step from which nothing comes is shown as such; on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from uuid import UUID

import pytest_asyncio

from renum_app.agents.backend import RunEnded, RunRequest, RunUpdate, TextDelta, Usage
from renum_app.services import executions
from renum_app.settings import Settings
from tests import factories
from tests.fakes import ScriptedBackend, hangs, says
from tests.integration.engine.conftest import RunningEngine, Stage
from tests.integration.processes import until


@pytest_asyncio.fixture
async def impatient(db: str, settings: Settings, backend: ScriptedBackend) -> AsyncIterator[Stage]:
    """An engine that is worried after a fifth of a second."""
    async with RunningEngine(settings.model_copy(update={"stalled_after_seconds": 0.2}), backend):
        yield Stage(user=await factories.user(), backend=backend)


async def counted(stage: Stage, execution_id: UUID) -> Counter[str]:
    return Counter(event["kind"] for event in await stage.events(execution_id))


async def test_a_silent_step_is_shown_as_stalled_once_and_revives_with_the_next_word(impatient: Stage) -> None:
    speak = asyncio.Event()
    loop = asyncio.get_running_loop()

    async def thinks(request: RunRequest) -> AsyncIterator[RunUpdate]:
        yield TextDelta("um ")
        engine = asyncio.get_running_loop()
        heard = asyncio.Event()
        asyncio.run_coroutine_threadsafe(speak.wait(), loop).add_done_callback(
            lambda _: engine.call_soon_threadsafe(heard.set)
        )
        await heard.wait()
        yield TextDelta("dois")
        yield RunEnded(text="um dois", usage=Usage(10, 5))

    impatient.backend.scripts = {"Ana": thinks}
    execution_id = await impatient.start(await impatient.team("Ana"))

    async def is_stalled() -> bool:
        return (await executions.get(impatient.user, execution_id)).steps[0].reason == "stalled"

    await until(is_stalled, what="the stall")
    await asyncio.sleep(0.6)
    assert (await counted(impatient, execution_id))["step_stalled"] == 1, "it is told once, however long it lasts"
    assert (await executions.status(impatient.user, execution_id)).agent_statuses["Ana"] == "running"
    speak.set()
    execution = await impatient.finished(execution_id)

    assert execution.status == "completed"
    assert execution.steps[0].reason is None
    kinds = await counted(impatient, execution_id)
    assert (kinds["step_stalled"], kinds["step_revived"]) == (1, 1)


async def test_a_step_that_keeps_talking_is_never_stalled(impatient: Stage) -> None:
    impatient.backend.scripts = {"Ana": says("palavra " * 16, seconds=0.8, pieces=16)}
    execution = await impatient.run(await impatient.team("Ana"))

    assert execution.status == "completed"
    assert (await counted(impatient, execution.execution_id))["step_stalled"] == 0


async def test_a_stalled_step_can_be_stopped_and_is_silent_afterwards(impatient: Stage) -> None:
    impatient.backend.scripts = {"Ana": hangs()}
    execution_id = await impatient.start(await impatient.team("Ana"))

    async def is_stalled() -> bool:
        return (await executions.get(impatient.user, execution_id)).steps[0].reason == "stalled"

    await until(is_stalled, what="the stall")
    await executions.stop(impatient.user, execution_id)
    execution = await impatient.finished(execution_id)
    assert (execution.status, execution.steps[0].reason) == ("cancelled", "stopped")
