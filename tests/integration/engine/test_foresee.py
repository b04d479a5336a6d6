"""What a fork says it would do is what it does, on SQLite and PostgreSQL."""

from __future__ import annotations

import pytest

from renum_app.agents.backend import Usage
from renum_app.errors import Conflict, Invalid, NotFound
from renum_app.models.redo import ForkRequest
from renum_app.services import redo
from tests import factories
from tests.fakes import hangs, says
from tests.integration.engine.conftest import Stage

NAMES = ("Ana", "Bia", "Caio")


@pytest.mark.parametrize("output", [None, "dado por mim"])
@pytest.mark.parametrize("place", [0, 1, 2])
async def test_a_fork_does_what_was_foretold(stage: Stage, place: int, output: str | None) -> None:
    stage.backend.scripts = {name: says(f"texto de {name}", usage=Usage(100, 20)) for name in NAMES}
    parent = await stage.run(await stage.team(*NAMES, kind="pipeline"))
    step = parent.steps[place].step_id

    told = await redo.foresee(stage.user, parent.execution_id, from_step=step, is_given=output is not None)
    stage.backend.requests.clear()
    begun = await redo.fork(stage.user, parent.execution_id, ForkRequest(from_step=step, output=output))
    made = await stage.finished(begun.execution_id)

    assert told.again == [request.agent.name for request in stage.backend.requests]
    assert told.reused == [each.step_id for each in parent.steps[:place]]
    assert made.redo is not None
    assert (told.saved_cost_usd, told.saved_tokens) == (made.redo.saved_cost_usd, made.redo.saved_tokens)


async def test_foreseeing_starts_nothing(stage: Stage) -> None:
    stage.backend.scripts = {name: says("ok") for name in NAMES}
    parent = await stage.run(await stage.team(*NAMES))
    stage.backend.requests.clear()
    await redo.foresee(stage.user, parent.execution_id, from_step=parent.steps[0].step_id)
    assert stage.backend.requests == []


async def test_what_cannot_be_forked_is_not_foretold(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": hangs()}
    running = await stage.start(await stage.team("Ana"))
    with pytest.raises(Conflict):
        await redo.foresee(stage.user, running, from_step="Ana")
    stage.backend.scripts = {"Bia": says("ok")}
    ended = await stage.run(await stage.team("Bia"))
    with pytest.raises(Invalid):
        await redo.foresee(stage.user, ended.execution_id, from_step="nobody")
    with pytest.raises(NotFound):
        await redo.foresee(await factories.user(), ended.execution_id, from_step=ended.steps[0].step_id)
