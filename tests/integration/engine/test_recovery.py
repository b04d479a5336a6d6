"""What an engine finds when it starts; what a kill leaves is in test_faults_kill."""

from __future__ import annotations

import asyncio
from functools import partial

import pytest

from renum_app import runtime
from renum_app.agents.backend import Capabilities
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.engine.execution import ExecutionEngine
from renum_app.engine.means import Means
from renum_app.engine.recorder import Recorder
from renum_app.models.event import EventKind, StoredEvent
from renum_app.models.values import utc_now
from renum_app.repositories import claims
from renum_app.repositories.commits import commit
from renum_app.repositories.entry import Entry
from renum_app.services import executions
from renum_app.settings import Settings, SettingsError
from tests.fakes import hangs, says
from tests.integration.engine.conftest import Stage
from tests.integration.processes import until


async def test_everything_accepted_before_the_engine_starts_is_taken_up(idle: Stage) -> None:
    team = await idle.team("A1")
    accepted = [await idle.start(team) for _ in range(20)]
    dispatcher = InProcessDispatcher()
    dispatcher.start()
    ends = [(await idle.ended(execution_id)).status for execution_id in accepted]
    dispatcher.close(grace_seconds=0)

    assert ends == ["completed"] * 20
    assert idle.backend.calls["A1"] == 20


async def test_what_waits_for_an_engine_has_cost_nothing(idle: Stage) -> None:
    accepted = await executions.get(idle.user, await idle.start(await idle.team("A1")))

    assert accepted.cost_metrics["total_cost_usd"] == 0
    assert accepted.usage_metrics["total_tokens"] == 0


async def test_the_last_of_two_who_advance_an_execution_hears_its_orders(idle: Stage, settings: Settings) -> None:
    idle.backend.scripts = {"A1": hangs()}
    execution_id = await idle.start(await idle.team("A1"))
    recorder = Recorder(runtime.current().bus)
    recording = asyncio.create_task(recorder.run())
    one_engine = ExecutionEngine(Means(recorder, runtime.current().backends, settings))
    first = asyncio.create_task(one_engine.advance(execution_id))

    async def is_called(times: int) -> bool:
        return idle.backend.calls["A1"] == times

    await until(partial(is_called, 1))
    second = asyncio.create_task(one_engine.advance(execution_id))
    await until(partial(is_called, 2))
    first.cancel()
    await asyncio.wait([first])
    assert first.cancelled()
    await executions.stop(idle.user, execution_id)
    assert one_engine.wake(execution_id)
    await second
    recording.cancel()

    assert (await executions.get(idle.user, execution_id)).status == "cancelled"


async def test_a_commit_whose_answer_got_lost_is_not_taken_for_another_owners(idle: Stage) -> None:
    execution_id = await idle.start(await idle.team("A1"))
    claim = (await claims.take_up([execution_id]))[execution_id]
    started = StoredEvent(execution_id, 2, EventKind.EXECUTION_STARTED, utc_now(), {"status": "running"})
    entry = Entry(execution_id, claim.epoch, 1, events=[started])
    assert await commit([entry]) == {execution_id}

    assert await commit([entry]) == {execution_id}, "tried again, it is known to be stored"
    assert [event["seq"] for event in await idle.events(execution_id)] == [1, 2]
    await claims.take_up([execution_id])
    assert await commit([entry]) == set(), "another owner has come"


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
    execution = await idle.ended(execution_id)
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
    first = (await claims.take_up([stale]))[stale]
    await claims.take_up([stale])
    other = (await claims.take_up([fresh]))[fresh]
    entries = [Entry(claim.execution_id, claim.epoch, 1, execution={"current_step": 1}) for claim in (first, other)]
    assert await commit(entries) == {fresh}
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
