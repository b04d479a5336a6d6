"""Stop means stopped, on SQLite and PostgreSQL."""

from __future__ import annotations

import contextlib
import time

import pytest

from renum_app.errors import Conflict
from renum_app.services import executions
from tests.fakes import hangs, says
from tests.integration.engine.conftest import Stage
from tests.integration.processes import until


async def until_running(stage: Stage, execution_id, *step_ids: str) -> None:
    async def are_running() -> bool:
        statuses = (await executions.status(stage.user, execution_id)).agent_statuses
        return all(statuses[step_id] == "running" for step_id in step_ids)

    await until(are_running, what=f"running of {step_ids}")


async def test_a_stop_cuts_what_runs_starts_nothing_more_and_leaves_a_receipt(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says("feito"), "Bia": hangs(identifiers={"run": "1"}, after="estou no mei")}
    execution_id = await stage.start(await stage.team("Ana", "Bia", "Caio"))
    await until_running(stage, execution_id, "Bia")
    began = time.monotonic()
    ordered = await executions.stop(stage.user, execution_id)
    execution = await stage.finished(execution_id)

    assert ordered.stopping
    assert time.monotonic() - began < 2
    assert execution.status == "cancelled"
    assert execution.receipt == {
        "finished": ["Ana"],
        "cut": ["Bia"],
        "not_started": ["Caio"],
        "spent_after_stop": {"cost_usd": None, "tokens": None},
        "unconfirmed": [],
        "ordered_by": "owner",
        "reason": "",
    }
    assert stage.backend.stopped == ["Bia"]
    assert stage.backend.calls["Caio"] == 0
    kinds = [event["kind"] for event in await stage.events(execution_id)]
    assert kinds.index("stop_requested") < kinds.index("step_cancelled") < kinds.index("execution_cancelled")
    assert kinds[-1] == "execution_cancelled"


async def test_a_stop_reaches_twenty_parallel_agents(stage: Stage) -> None:
    names = [f"A{number}" for number in range(20)]
    stage.backend.scripts = {name: hangs() for name in names}
    execution_id = await stage.start(await stage.team(*names, kind="parallel"))
    await until_running(stage, execution_id, *names)
    began = time.monotonic()
    await executions.stop(stage.user, execution_id)
    execution = await stage.finished(execution_id)

    assert time.monotonic() - began < 2
    assert execution.receipt
    assert execution.receipt["cut"] == names
    assert set(stage.backend.stopped) == set(names)


async def test_a_stop_after_the_end_is_refused_and_one_more_stop_changes_nothing(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": hangs()}
    execution_id = await stage.start(await stage.team("Ana"))
    await executions.stop(stage.user, execution_id)
    with contextlib.suppress(Conflict):  # the first one may have ended it by now
        await executions.stop(stage.user, execution_id)
    await stage.finished(execution_id)

    with pytest.raises(Conflict, match="already_finished"):
        await executions.stop(stage.user, execution_id)
    kinds = [event["kind"] for event in await stage.events(execution_id)]
    assert kinds.count("stop_requested") == kinds.count("execution_cancelled") == 1


async def test_a_stop_finds_a_team_between_two_attempts(stage: Stage) -> None:
    from renum_app.agents.backend import BackendUnreachable
    from tests.fakes import fails

    stage.backend.scripts = {"Ana": fails(lambda: BackendUnreachable("unreachable"))}
    team = await stage.team("Ana", Ana={"retry": {"max_attempts": 3, "backoff_seconds": 60}})
    execution_id = await stage.start(team)

    async def is_waiting() -> bool:
        return (await executions.status(stage.user, execution_id)).agent_statuses["Ana"] == "waiting"

    await until(is_waiting, what="the back-off")
    await executions.stop(stage.user, execution_id)
    execution = await stage.finished(execution_id)

    assert execution.status == "cancelled"
    assert execution.receipt
    assert execution.receipt["cut"] == ["Ana"]
