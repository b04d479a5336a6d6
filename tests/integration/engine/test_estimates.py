"""Estimates from a team's own past, on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from renum_app import runtime
from renum_app.agents.backend import RunEnded, RunRequest, RunUpdate, Usage
from renum_app.database import transaction
from renum_app.errors import Conflict, Invalid, NotFound
from renum_app.models.agent import Agent, Backend
from renum_app.models.approval import Approval
from renum_app.models.estimate import EstimateRead
from renum_app.models.execution import ExecuteRequest
from renum_app.models.redo import ForkRequest
from renum_app.models.step import Step
from renum_app.models.team import TeamWrite
from renum_app.models.values import utc_now
from renum_app.services import estimates, executions, redo, teams
from tests import factories
from tests.fakes import Script, hangs
from tests.integration.engine.conftest import Stage
from tests.integration.engine.test_stop import until_running

MODEL = "openai:gpt-4o"
USD_PER_MILLION_READ = 2.5


def costs(*tokens: int) -> Script:
    """An agent that reads so many tokens in each execution in turn, at a known price."""
    left = list(tokens)

    async def script(request: RunRequest) -> AsyncIterator[RunUpdate]:
        yield RunEnded(text="ok", usage=Usage(left.pop(0), 0), provider="openai", model="gpt-4o")

    return script


async def with_model(stage: Stage, team_id: UUID, model: str = MODEL) -> None:
    team = await teams.get(stage.user, team_id)
    async with transaction() as session:
        for agent_id in team.agent_ids:
            agent = await session.get_one(Agent, agent_id)
            agent.model = model
            session.add(agent)


async def estimated(stage: Stage, team_id: UUID, **request: Any) -> EstimateRead:
    return await estimates.estimate(stage.user, team_id, ExecuteRequest(initial_prompt="Analise.", **request))


async def test_three_executions_are_a_history(stage: Stage) -> None:
    team = await stage.team("Ana", "Bia")
    await with_model(stage, team)
    stage.backend.scripts = {"Ana": costs(1_000, 2_000, 6_000), "Bia": costs(1_000, 1_000, 1_000)}
    theory = await estimated(stage, team)
    assert (theory.cost_usd.basis, theory.seconds.basis) == ("theory", "theory")
    assert theory.cost_usd.p50 == theory.cost_usd.p90
    assert theory.cost_usd.p50
    assert theory.cost_usd.p50 > 2 * 4_000 * 10e-6, "the answers may be that long"
    assert (theory.seconds.p50, theory.seconds.p90) == (None, None)
    for _ in range(2):
        await stage.run(team)
    assert (await estimated(stage, team)).cost_usd.basis == "theory"
    await stage.run(team)
    known = await estimated(stage, team)

    assert (known.cost_usd.basis, known.seconds.basis) == ("history", "history")
    assert known.cost_usd.p50 == pytest.approx(3_000e-6 * USD_PER_MILLION_READ)
    assert known.cost_usd.p90 == pytest.approx((1_000 + 5_200) * 1e-6 * USD_PER_MILLION_READ)
    assert known.seconds.p50 is not None
    assert known.seconds.p90 is not None
    assert 0 <= known.seconds.p50 <= known.seconds.p90


async def test_another_model_has_another_past(stage: Stage) -> None:
    team = await stage.team("Ana")
    for _ in range(3):
        await stage.run(team)
    assert (await estimated(stage, team)).seconds.basis == "history"
    await with_model(stage, team, "own:tiny")
    changed = await estimated(stage, team)
    assert changed.seconds.basis == "theory"
    assert (changed.cost_usd.p50, changed.cost_usd.basis) == (None, "theory"), "no price list knows it"


async def test_what_cost_nothing_because_it_was_reused_or_rehearsed_is_no_history(stage: Stage) -> None:
    team = await stage.team("Ana", "Bia")
    first = await stage.run(team)
    for _ in range(3):
        accepted = await redo.fork(stage.user, first.execution_id, ForkRequest(from_step="Bia"))
        await stage.finished(accepted.execution_id)
    assert (await estimated(stage, team)).seconds.basis == "theory", "Ana has run once"
    for _ in range(2):
        await stage.run(team)
    assert (await estimated(stage, team)).seconds.basis == "history"


async def test_a_rehearsal_is_estimated_by_rehearsals(stage: Stage) -> None:
    team = await stage.team("Ana")
    for _ in range(3):
        await stage.run(team)
    runtime.current().backends = {**runtime.current().backends, Backend.REHEARSAL: stage.backend}
    rehearsed = await estimated(stage, team, overrides={"rehearsal": True})
    assert (rehearsed.seconds.basis, rehearsed.cost_usd.p90) == ("theory", 0)


async def test_waiting_for_people_takes_no_time(stage: Stage) -> None:
    team = await stage.team("Ana")
    done = [await stage.run(team) for _ in range(3)]
    async with transaction() as session:
        for execution in done:
            row = await session.get_one(Step, (execution.execution_id, "Ana"))
            assert row.started_at
            asked = row.started_at
            row.completed_at = asked + timedelta(hours=9, seconds=2)
            session.add(row)
            session.add(
                Approval(
                    execution_id=execution.execution_id,
                    user_id=stage.user.user_id,
                    step_id="Ana",
                    moment="before",
                    text="?",
                    created_at=asked,
                    decided_at=asked + timedelta(hours=9),
                )
            )
    assert (await estimated(stage, team)).seconds.p90 == pytest.approx(2)


async def test_a_running_execution_says_when_it_is_likely_to_end(stage: Stage) -> None:
    team = await stage.team("Ana", "Bia")
    done = [await stage.run(team) for _ in range(3)]
    for execution in done:
        assert (await executions.status(stage.user, execution.execution_id)).estimated_completion is None
    async with transaction() as session:
        for execution in done:
            past = await session.get_one(Step, (execution.execution_id, "Bia"))
            assert past.started_at
            past.completed_at = past.started_at + timedelta(hours=1)
            session.add(past)
    stage.backend.scripts = {"Bia": hangs()}
    execution_id = await stage.start(team)
    await until_running(stage, execution_id, "Bia")
    likely = (await executions.status(stage.user, execution_id)).estimated_completion
    began = (await executions.get(stage.user, execution_id)).steps[1].started_at
    assert likely
    assert began
    assert (likely - began).total_seconds() == pytest.approx(3_600, abs=0.01), "Bia always took an hour"
    await executions.stop(stage.user, execution_id)
    await stage.finished(execution_id)
    assert (await executions.status(stage.user, execution_id)).estimated_completion is None


async def test_the_past_is_looked_at_once_however_often_one_asks(stage: Stage) -> None:
    team = await stage.team("Ana", "Bia")
    done = [await stage.run(team) for _ in range(3)]
    stage.backend.scripts = {"Bia": hangs()}
    execution_id = await stage.start(team)
    await until_running(stage, execution_id, "Bia")
    first = (await executions.status(stage.user, execution_id)).estimated_completion
    async with transaction() as session:
        for execution in done:
            row = await session.get_one(Step, (execution.execution_id, "Bia"))
            row.completed_at = utc_now() + timedelta(days=1)
            session.add(row)
    again = (await executions.status(stage.user, execution_id)).estimated_completion
    assert again is None or (first and again - first < timedelta(hours=1))
    await executions.stop(stage.user, execution_id)
    await stage.finished(execution_id)


async def test_an_execution_without_a_past_does_not_guess(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": hangs()}
    execution_id = await stage.start(await stage.team("Ana"))
    await until_running(stage, execution_id, "Ana")
    assert (await executions.status(stage.user, execution_id)).estimated_completion is None
    await executions.stop(stage.user, execution_id)
    await stage.finished(execution_id)


async def test_an_estimate_is_refused_where_a_start_would_be(stage: Stage) -> None:
    team_id = await stage.team("Ana")
    with pytest.raises(NotFound):
        await estimates.estimate(await factories.user(), team_id, ExecuteRequest(initial_prompt="x"))
    with pytest.raises(Invalid):
        await estimates.estimate(stage.user, team_id, ExecuteRequest(initial_prompt=" "))
    team = await teams.get(stage.user, team_id)
    body = TeamWrite.model_validate({name: getattr(team, name) for name in TeamWrite.model_fields})
    await teams.update(stage.user, team_id, body.model_copy(update={"is_active": False}))
    with pytest.raises(Conflict, match="team_inactive"):
        await estimated(stage, team_id)
    assert (await executions.list_executions(stage.user)).total == 0
