"""Executions that an earlier version left in the middle go on with today's engine; on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from renum_app import database
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.engine.plan import Plan
from renum_app.engine.reducer import progress_of
from renum_app.engine.rows import execution_values, planned_values, step_values
from renum_app.models.event import EventKind, StoredEvent
from renum_app.models.execution import Execution
from renum_app.models.step import Step
from renum_app.repositories import events
from tests.fixtures.events.folded import events_of
from tests.integration.engine.conftest import Stage

RECORDED = [
    pytest.param(json.loads(path.read_text(encoding="utf-8")), id=f"{path.parent.name}-{path.stem}")
    for path in sorted(Path(__file__).parents[2].glob("fixtures/events/*/*.json"))
]


def cut(log: list[StoredEvent]) -> list[list[StoredEvent]]:
    """The log as it stands when its first attempt, its first result, or nearly everything is stored."""
    kinds = [event.kind for event in log]
    ends = {kinds.index(EventKind.ATTEMPT_STARTED) + 1, len(log) - 1}
    if EventKind.STEP_COMPLETED in kinds:
        ends.add(kinds.index(EventKind.STEP_COMPLETED) + 1)
    return [log[:end] for end in sorted(ends)]


async def left_behind(stage: Stage, team_id: UUID, told: dict[str, Any], log: list[StoredEvent]) -> UUID:
    """Put an execution into the database as it was when the last of these events had been stored."""
    plan, brief = Plan.model_validate(told["plan"]), told["brief"]
    progress = progress_of(plan, log)
    execution = Execution(
        execution_id=uuid4(),
        team_id=team_id,
        user_id=stage.user.user_id,
        initial_prompt=brief["prompt"],
        variables=brief["variables"],
        plan=told["plan"],
        total_steps=len(plan.steps),
        last_seq=len(log),
        epoch=1,
        created_at=log[0].timestamp,
        **execution_values(plan, progress),
    )
    own_id = execution.execution_id
    rows = [Step(execution_id=own_id, **planned_values(step), **step_values(progress.of(step))) for step in plan.steps]
    async with database.transaction() as session:
        session.add(execution)
        await session.flush()
        session.add_all(rows)
        own = [StoredEvent(own_id, event.seq, event.kind, event.timestamp, event.data) for event in log]
        await events.add_first(session, own)
    return own_id


@pytest.mark.parametrize("told", RECORDED)
async def test_an_execution_left_behind_comes_to_its_end_and_repeats_nothing(idle: Stage, told: dict[str, Any]) -> None:
    team_id = await idle.team("Zoe")
    logs = cut(events_of(told))
    left = {await left_behind(idle, team_id, told, log): log for log in logs}
    dispatcher = InProcessDispatcher()
    dispatcher.start()
    try:
        for execution_id, before in left.items():
            assert (await idle.ended(execution_id)).status in ("completed", "failed", "cancelled")
            after = await idle.events(execution_id)
            assert [event["seq"] for event in after] == list(range(1, len(after) + 1))
            assert [event["data"] for event in after[: len(before)]] == [event.data for event in before]
            ends = Counter(event["data"]["step_id"] for event in after if event["kind"] == "step_completed")
            assert set(ends.values()) <= {1}
    finally:
        dispatcher.close(grace_seconds=0)
    called = {(request.execution_id, request.step_id) for request in idle.backend.requests}
    for execution_id, before in left.items():
        finished = {event.data["step_id"] for event in before if event.kind is EventKind.STEP_COMPLETED}
        assert not {(execution_id, step_id) for step_id in finished} & called
