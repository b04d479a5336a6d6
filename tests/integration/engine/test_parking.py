"""What only waits runs nowhere: no task, no place, no memory; and it goes on after a restart."""

from __future__ import annotations

import asyncio
import gc
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from renum_app import database
from renum_app.agents.backend import RateLimited
from renum_app.database import transaction
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.engine.means import Means
from renum_app.engine.orchestrator import TeamOrchestrator
from renum_app.engine.recorder import Journal, Recorder
from renum_app.errors import Conflict
from renum_app.events.bus import MemoryBus
from renum_app.models.approval import Decision, Verdict
from renum_app.models.execution import Execution
from renum_app.models.values import utc_now
from renum_app.services import approvals, executions
from renum_app.settings import Settings
from tests.fakes import fails, hangs, says
from tests.integration.engine.conftest import RunningEngine, Stage
from tests.integration.engine.test_approvals import AFTER, APPROVE, BEFORE, asked, kinds
from tests.integration.engine.test_stop import until_running
from tests.integration.processes import calls_in, engine_process, until


async def row(execution_id: UUID) -> Execution:
    async with transaction() as session:
        return await session.get_one(Execution, execution_id)


async def until_parked(execution_id: UUID) -> None:
    async def is_parked() -> bool:
        return (await row(execution_id)).parked

    await until(is_parked, what="the parking")


@pytest.mark.parametrize("moment", [BEFORE, AFTER])
async def test_a_step_is_approved_while_no_server_runs_and_goes_on_after_the_start(
    idle: Stage, moment: dict[str, str]
) -> None:
    execution_id = await idle.start(await idle.team("Ana", "Bia", kind="pipeline", Bia=moment))
    first = InProcessDispatcher()
    first.start()
    (waiting,) = await asked(idle, execution_id)
    await until_parked(execution_id)
    first.close(grace_seconds=0)

    decided = Decision(decision=Verdict.APPROVE, text="Em português.")
    await approvals.decide(idle.user, waiting.approval_id, decided)
    with pytest.raises(Conflict):
        await approvals.decide(idle.user, waiting.approval_id, APPROVE)
    second = InProcessDispatcher()
    second.start()
    execution = await idle.ended(execution_id)
    second.close(grace_seconds=0)

    assert execution.status == "completed"
    assert idle.backend.calls == {"Ana": 1, "Bia": 1}
    log = await kinds(idle, execution_id)
    assert log.count("approval_requested") == log.count("approval_decided") == 1
    assert log.count("execution_parked") == log.count("execution_unparked") == 1
    assert "execution_recovered" not in log
    read = execution.agent_results["Bia"]["text"] if moment is AFTER else idle.backend.sent_to("Bia").input
    assert read == "Em português."


async def test_a_server_killed_while_a_step_waits_asks_nobody_again(idle: Stage, db: str, tmp_path) -> None:
    execution_id = await idle.start(await idle.team("A1", "A2", A1=AFTER))
    with engine_process(db, tmp_path / "one", shared=tmp_path) as process:
        await process.start()
        (waiting,) = await asked(idle, execution_id)
        process.kill()
        await approvals.decide(idle.user, waiting.approval_id, APPROVE)
        await process.start()
        execution = await idle.ended(execution_id)

    assert execution.status == "completed"
    assert [step_id for _, step_id in calls_in(tmp_path)] == ["A1", "A2"]
    assert (await approvals.get(idle.user, waiting.approval_id)).status == "approved"


async def test_parked_executions_hold_no_task_no_place_and_no_memory(db: str, settings: Settings, idle: Stage) -> None:
    one_place = settings.model_copy(update={"max_running_executions": 1})
    team, other = await idle.team("Ana", Ana=BEFORE), await idle.team("Bia")
    async with RunningEngine(one_place, idle.backend):
        parked = [await idle.start(team) for _ in range(5)]
        for execution_id in parked:
            await until_parked(execution_id)
        assert (await idle.run(other)).status == "completed", "the only place is free"
        gc.collect()
        held = [thing for thing in gc.get_objects() if isinstance(thing, Journal | TeamOrchestrator)]
        assert [thing for thing in held if getattr(thing, "execution_id", None) in parked] == []
        assert not any(isinstance(thing, TeamOrchestrator) for thing in held)


async def test_a_decision_waits_for_a_place_and_a_stop_does_not(idle: Stage, settings: Settings) -> None:
    idle.backend.scripts = {"Caio": hangs()}
    one_place = settings.model_copy(update={"max_running_executions": 1})
    async with RunningEngine(one_place, idle.backend):
        team = await idle.team("Ana", Ana=BEFORE)
        decided, stopped = [await idle.start(team) for _ in range(2)]
        questions = [(await asked(idle, each))[0] for each in (decided, stopped)]
        for each in (decided, stopped):
            await until_parked(each)
        busy = await idle.start(await idle.team("Caio"))
        await until_running(idle, busy, "Caio")
        await approvals.decide(idle.user, questions[0].approval_id, APPROVE)
        await executions.stop(idle.user, stopped)
        assert (await idle.finished(stopped)).status == "cancelled"
        await asyncio.sleep(1.5)
        assert (await row(decided)).parked, "the only place is taken"
        await executions.stop(idle.user, busy)
        assert (await idle.finished(decided)).status == "completed"


async def test_a_stop_cancels_a_parked_execution_at_once(stage: Stage) -> None:
    execution_id = await stage.start(await stage.team("Ana", "Bia", Bia=BEFORE))
    (waiting,) = await asked(stage, execution_id)
    await until_parked(execution_id)
    await executions.stop(stage.user, execution_id)
    execution = await stage.finished(execution_id)

    assert execution.status == "cancelled"
    assert execution.receipt == {
        "finished": ["Ana"],
        "cut": [],
        "not_started": ["Bia"],
        "spent_after_stop": {"cost_usd": 0.0, "tokens": 0},
        "unconfirmed": [],
        "ordered_by": "owner",
        "reason": "",
    }
    assert (await approvals.get(stage.user, waiting.approval_id)).status == "void"
    with pytest.raises(Conflict, match="already_decided"):
        await approvals.decide(stage.user, waiting.approval_id, APPROVE)


async def test_a_retry_far_away_parks_and_comes_back_by_itself(idle: Stage) -> None:
    idle.backend.scripts = {"Ana": fails(lambda: RateLimited(retry_after=50), times=1)}
    execution_id = await idle.start(await idle.team("Ana"))
    first = InProcessDispatcher()
    first.start()
    await until_parked(execution_id)
    first.close(grace_seconds=0)
    parked = await row(execution_id)
    assert parked.waiting_for == "rate_limit"
    assert parked.wake_at
    assert 40 < (parked.wake_at - utc_now()).total_seconds() <= 50
    assert idle.backend.calls["Ana"] == 1

    later = InProcessDispatcher(clock=lambda: utc_now() + timedelta(seconds=60))
    later.start()
    execution = await idle.ended(execution_id)
    later.close(grace_seconds=0)
    assert execution.status == "completed"
    assert execution.steps[0].attempt == 2


async def test_nobody_decided_while_no_server_ran_and_the_deadline_does(idle: Stage) -> None:
    policy = {"approval": {"deadline_seconds": 3_600, "on_deadline": "approve"}}
    execution_id = await idle.start(await idle.team("Ana", Ana={**BEFORE, **policy}))
    first = InProcessDispatcher()
    first.start()
    (waiting,) = await asked(idle, execution_id)
    await until_parked(execution_id)
    first.close(grace_seconds=0)

    tomorrow = InProcessDispatcher(clock=lambda: utc_now() + timedelta(days=1))
    tomorrow.start()
    execution = await idle.ended(execution_id)
    tomorrow.close(grace_seconds=0)
    assert execution.status == "completed"
    assert (await approvals.get(idle.user, waiting.approval_id)).decided_by == "deadline"


async def test_a_retry_soon_to_come_is_waited_for(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": fails(lambda: RateLimited(retry_after=0.3), times=1)}
    execution = await stage.run(await stage.team("Ana"))

    assert execution.status == "completed"
    assert "execution_parked" not in await kinds(stage, execution.execution_id)


async def test_time_spent_waiting_for_people_does_not_count_against_the_execution(stage: Stage) -> None:
    execution_id = await stage.start(await stage.team("Ana", Ana=BEFORE), overrides={"timeout": 0.5})
    (waiting,) = await asked(stage, execution_id)
    await until_parked(execution_id)
    await asyncio.sleep(1)
    await approvals.decide(stage.user, waiting.approval_id, APPROVE)

    assert (await stage.finished(execution_id)).status == "completed"


async def test_while_one_runs_nothing_parks_and_a_decision_reaches_the_owner(stage: Stage) -> None:
    together = {"execution_order": 1}
    stage.backend.scripts = {"Bia": says("feito", seconds=1.0)}
    execution_id = await stage.start(await stage.team("Ana", "Bia", Ana={**together, **BEFORE}, Bia=together))
    (waiting,) = await asked(stage, execution_id)
    await approvals.decide(stage.user, waiting.approval_id, APPROVE)
    execution = await stage.finished(execution_id)

    assert execution.status == "completed"
    assert "execution_parked" not in await kinds(stage, execution_id)
    assert execution.steps[0].completed_at
    assert execution.steps[1].completed_at
    assert execution.steps[0].completed_at < execution.steps[1].completed_at


async def test_a_deadline_passes_over_no_decision_while_the_database_is_away(db: str, settings: Settings) -> None:
    database.configure("sqlite+aiosqlite:////nowhere/renum.db")
    means = Means(Recorder(MemoryBus()), {}, settings)
    reading = asyncio.create_task(means.orders(uuid4()))
    done, _ = await asyncio.wait([reading], timeout=0.3)
    assert not done, "it is asked until it answers"
    await database.dispose()
    database.configure(db)
    assert await asyncio.wait_for(reading, timeout=10) == []
