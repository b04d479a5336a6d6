"""Whole teams of Suna agents, by the engine, over real sockets: each step runs once, by the server's own count."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from renum_app import runtime
from renum_app.agents.suna.timing import Timing
from renum_app.engine import dispatch
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.errors import Invalid
from renum_app.models.agent import Backend
from renum_app.models.approval import Decision, Verdict
from renum_app.models.execution import ExecuteRequest
from renum_app.models.execution_read import ExecutionRead
from renum_app.models.user import CurrentUser
from renum_app.services import approvals, executions
from renum_app.settings import Settings
from tests import factories
from tests.doubles.suna.performance import LATE_SECONDS
from tests.doubles.suna_server import Script, SunaServer, suna_server_in_thread
from tests.integration.suna import GENERATIONS, backend_for, until
from tests.integration.suna_process import run_engine

NAMES = ("Pesquisadora", "Analista", "Redatora")
USD_PER_STEP = (180 * 3 + 20 * 0.3 + 40 * 15) / 1_000_000
"""Two model calls of claude-sonnet-4-5: 100 tokens read each, 10 of them from the cache, and 20 written."""


@pytest.fixture(params=GENERATIONS)
def server(request: pytest.FixtureRequest) -> Iterator[SunaServer]:
    with suna_server_in_thread(request.param) as server:
        yield server
        assert server.violations == []


@dataclass
class Stage:
    user: CurrentUser
    server: SunaServer

    async def team(self, script: Script, **member: Any) -> UUID:
        """A pipeline of three."""
        rows = [
            await factories.agent(self.user, name=name, backend=Backend.SUNA.value, rehearsal=None, remote_id=remote_id)
            for name, remote_id in ((name, self.server.agent(name, script)) for name in NAMES)
        ]
        members = [
            {
                "agent_id": row.agent_id,
                "step_id": row.name,
                "execution_order": place,
                **member,
            }
            for place, row in enumerate(rows, start=1)
        ]
        definition = {"type": "pipeline", "agents": members}
        return (await factories.team(self.user, *rows, workflow_definition=definition)).team_id

    async def started(self, script: Script, **member: Any) -> UUID:
        body = ExecuteRequest(initial_prompt="Analise.")
        return (await executions.start(self.user, await self.team(script, **member), body)).execution_id

    async def ended(self, execution_id: UUID, *, seconds: float = 20) -> ExecutionRead:
        deadline = time.monotonic() + seconds
        while not (await executions.status(self.user, execution_id)).status.is_final:
            assert time.monotonic() < deadline, "it never ended"
            await asyncio.sleep(0.02)
        return await executions.get(self.user, execution_id)


@pytest_asyncio.fixture
async def stage(sqlite_db: str, settings: Settings, server: SunaServer) -> AsyncIterator[Stage]:
    """A person without an engine: what is started waits in the database."""
    dispatch.join(None)
    async with backend_for(server) as backend:
        runtime.start(runtime.Runtime(settings=settings, backends={Backend.SUNA: backend}))
        yield Stage(await factories.user(), server)


@asynccontextmanager
async def running_engine(settings: Settings, server: SunaServer, **waits: float) -> AsyncIterator[None]:
    async with backend_for(server, **waits) as backend:
        runtime.start(runtime.Runtime(settings=settings, backends={Backend.SUNA: backend}))
        dispatcher = InProcessDispatcher()
        dispatch.join(dispatcher)
        dispatcher.start()
        try:
            yield
        finally:
            dispatch.join(None)
            await asyncio.to_thread(dispatcher.close, grace_seconds=0)


async def test_a_pipeline_of_three_has_text_tokens_and_cost(stage: Stage, settings: Settings) -> None:
    script = Script()
    async with running_engine(settings, stage.server):
        execution = await stage.ended(await stage.started(script))
    events = (await executions.events(stage.user, execution.execution_id, limit=1_000)).items

    assert execution.status == "completed"
    assert [result["text"] for result in execution.agent_results.values()] == [script.reply] * 3
    assert stage.server.prompts == ["Analise.", script.reply, script.reply]
    assert stage.server.world.runs_per_thread() == [1, 1, 1]
    assert [(step.input_tokens, step.output_tokens) for step in execution.steps] == [(200, 40)] * 3
    ends = [event["data"] for event in events if event["kind"] == "step_completed"]
    billed = None if stage.server.generation == "g2" else 0.04
    assert [end.get("billed_usd") for end in ends] == [billed] * 3
    assert [step.cost_usd for step in execution.steps] == [pytest.approx(USD_PER_STEP)] * 3


async def test_a_run_that_fails_after_its_stream_said_completed_is_failed(stage: Stage, settings: Settings) -> None:
    async with running_engine(settings, stage.server, settle_seconds=2 * LATE_SECONDS):
        execution = await stage.ended(await stage.started(Script(end="late_failure")))

    assert (execution.status, execution.error_code) == ("failed", "agent_failed")
    assert stage.server.world.runs_per_thread() == [1]


async def test_a_stop_reaches_the_server_within_two_seconds(stage: Stage, settings: Settings) -> None:
    async with running_engine(settings, stage.server):
        execution_id = await stage.started(Script(seconds=30))
        await until(lambda: stage.server.calls["stream"])
        began = time.monotonic()
        await executions.stop(stage.user, execution_id)
        await until(lambda: [run.status for run in stage.server.world.runs.values()] == ["stopped"], seconds=2)
        took = time.monotonic() - began
        execution = await stage.ended(execution_id)

    assert took < 2
    assert execution.status == "cancelled"
    assert stage.server.world.runs_per_thread() == [1]


@pytest.mark.parametrize("fault", ["", "stall", "drip"])
async def test_a_stream_without_an_end_is_ended_by_the_time_of_the_attempt(
    stage: Stage, settings: Settings, fault: str
) -> None:
    """With keepalives where the generation has them, without where not, and with nothing or next to it coming."""
    hasty = settings.model_copy(update={"step_timeout_seconds": 0.6})
    if fault:
        stage.server.will("stream", *[fault] * 20, after_events=3)
    async with running_engine(hasty, stage.server):
        execution = await stage.ended(await stage.started(Script(seconds=30), retry={"max_attempts": 1}))
        await until(lambda: not [path for path in stage.server.open_requests if path.endswith("/stream")], seconds=2)

    assert (execution.status, execution.error_code) == ("failed", "timeout")
    assert [run.status for run in stage.server.world.runs.values()] == ["stopped"]
    assert stage.server.calls["stop"] == 1


async def test_a_suna_that_is_away_for_a_while_delays_the_team_and_loses_nothing(
    stage: Stage, settings: Settings
) -> None:
    async with running_engine(settings, stage.server):
        execution_id = await stage.started(Script(seconds=0.3))
        await until(lambda: stage.server.calls["stream"])
        stage.server.go_away()
        await asyncio.sleep(0.6)
        stage.server.come_back()
        execution = await stage.ended(execution_id)

    assert execution.status == "completed"
    assert stage.server.world.runs_per_thread() == [1, 1, 1]


@pytest.mark.faults
@pytest.mark.timeout(300)
@pytest.mark.parametrize("when", ["before the start", "in mid-stream"])
async def test_a_suna_that_is_away_for_a_minute_delays_the_team_and_loses_nothing(
    stage: Stage, settings: Settings, when: str
) -> None:
    """With the waits of production."""
    server = stage.server
    if when == "before the start":
        server.go_away()
    async with running_engine(settings, server, **asdict(Timing())):
        execution_id = await stage.started(Script(seconds=2))
        if when == "in mid-stream":
            await until(lambda: server.calls["stream"])
            server.go_away()
        await asyncio.sleep(60)
        server.come_back()
        execution = await stage.ended(execution_id, seconds=150)

    assert execution.status == "completed"
    assert [result["text"] for result in execution.agent_results.values()] == [Script().reply] * 3
    assert server.world.runs_per_thread() == [1, 1, 1]
    assert [step.attempt for step in execution.steps] == [1, 1, 1]


async def test_a_question_waits_for_a_person_and_the_answer_goes_on_in_the_same_thread(
    stage: Stage, settings: Settings
) -> None:
    script = Script(tool="ask", reply="Qual é o prazo?", then=Script(reply="Em maio."))
    async with running_engine(settings, stage.server):
        execution_id = await stage.started(script)
        answered: list[UUID] = []
        while not (await executions.status(stage.user, execution_id)).status.is_final:
            for approval in (await approvals.list_approvals(stage.user)).items:
                if approval.approval_id not in answered:
                    assert (approval.moment, approval.text) == ("input", "Qual é o prazo?")
                    answered.append(approval.approval_id)
                    answer = Decision(decision=Verdict.APPROVE, text=f"Resposta {len(answered)}")
                    await approvals.decide(stage.user, approval.approval_id, answer)
            await asyncio.sleep(0.05)
        execution = await executions.get(stage.user, execution_id)

    assert len(answered) == 3
    assert execution.status == "completed"
    assert [result["text"] for result in execution.agent_results.values()] == ["Em maio."] * 3
    assert stage.server.prompts[:3] == ["Analise.", "Resposta 1", "Em maio."]
    assert stage.server.world.runs_per_thread() == [2, 2, 2]
    assert [(step.input_tokens, step.output_tokens) for step in execution.steps] == [(400, 80)] * 3


@pytest.mark.parametrize("server", ["g5"], indirect=True)
async def test_a_question_needs_an_answer_or_a_rejection(stage: Stage, settings: Settings) -> None:
    async with running_engine(settings, stage.server):
        execution_id = await stage.started(Script(tool="ask", reply="Qual?"))
        async with asyncio.timeout(10):
            while not (asked := (await approvals.list_approvals(stage.user)).items):  # noqa: ASYNC110 (a database)
                await asyncio.sleep(0.02)
        assert (await executions.status(stage.user, execution_id)).waiting_for == "input"
        with pytest.raises(Invalid):
            await approvals.decide(stage.user, asked[0].approval_id, Decision(decision=Verdict.APPROVE))
        await approvals.decide(stage.user, asked[0].approval_id, Decision(decision=Verdict.REJECT))
        execution = await stage.ended(execution_id)

    assert (execution.status, execution.error_code) == ("failed", "approval_rejected")


MOMENTS = {
    "thread made, run not started": ("start", "hold"),
    "run started, its id not stored": ("start", "hold_reply"),
    "in mid-stream": ("stream", ""),
}


@pytest.mark.parametrize("moment", MOMENTS)
async def test_a_killed_engine_runs_no_step_twice(stage: Stage, sqlite_db: str, tmp_path: Path, moment: str) -> None:
    server, (operation, fault) = stage.server, MOMENTS[moment]
    if fault:
        server.will(operation, fault)
    execution_id = await stage.started(Script(seconds=0.3))
    process = spawned(sqlite_db, tmp_path, server)
    try:
        await until(lambda: server.calls[operation], seconds=20)
        await asyncio.sleep(0.1)
        process.kill()
        process.join()
        process = spawned(sqlite_db, tmp_path, server)
        execution = await stage.ended(execution_id)
    finally:
        process.kill()
        process.join()

    assert execution.status == "completed"
    assert [result["text"] for result in execution.agent_results.values()] == [Script().reply] * 3
    assert server.world.runs_per_thread() == [1, 1, 1]
    assert len(server.world.threads) == 3


def spawned(url: str, folder: Path, server: SunaServer) -> ForkServerProcess:
    """A process with an engine; it is forked from one that has everything imported, which saves seconds each."""
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload(["tests.integration.suna_process"])
    process = forks.Process(target=run_engine, args=(url, folder, server.url, server.key))
    process.start()
    return process
