"""Rows, REST, SSE and WebSocket say what the reducer makes of the events, and nothing else, for teams by chance."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio
import websockets
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

from renum_app.api.app import create_api
from renum_app.database import reading
from renum_app.engine.plan import Plan
from renum_app.engine.reducer import progress_of
from renum_app.engine.rows import approval_values, execution_values, step_values
from renum_app.models.event import FINAL_KINDS, EventKind, StoredEvent
from renum_app.models.execution import Execution
from renum_app.models.step import Step
from renum_app.models.values import iso
from renum_app.repositories import events, executions
from renum_app.services import executions as use_cases
from renum_app.settings import Settings
from tests import factories
from tests.fixtures.events.documented import undocumented
from tests.fixtures.events.folded import log_values
from tests.integration.chance import seeded
from tests.integration.conftest import answers
from tests.integration.engine.conftest import Stage
from tests.integration.engine.random_teams import NAMES, random_decision, random_request, random_script, random_team
from tests.integration.people import Person


@pytest_asyncio.fixture
async def person(stage: Stage, settings: Settings) -> AsyncIterator[Person]:
    """The person of the stage, at an API on a real port."""
    server = Server(
        create_api(settings), port=settings.port, interface=Interfaces.ASGI, log_enabled=False, http=HTTPModes.http1
    )
    serving = asyncio.create_task(server.serve())
    await answers(settings.port)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.port}", timeout=30) as client:
        yield Person(client, stage.user, await factories.access_token(stage.user, settings))
    server.stop()
    await serving


async def watched(person: Person, settings: Settings, execution_id: str) -> list[dict[str, Any]]:
    """What the WebSocket says from the first event to the last."""
    url = f"ws://127.0.0.1:{settings.port}/ws/executions/{execution_id}/monitor?after=0&token={person.token}"
    messages = []
    async with websockets.connect(url) as socket:
        with suppress(websockets.ConnectionClosed):
            while True:
                messages.append(json.loads(await socket.recv()))
    assert messages[0]["type"] == "snapshot"
    return messages[1:]


async def streamed(person: Person, execution_id: str) -> list[dict[str, Any]]:
    """What the event stream says."""
    headers = {"Authorization": f"Bearer {person.token}", "Accept": "text/event-stream"}
    path = f"/api/v1/executions/{execution_id}/events"
    async with person.http.stream("GET", path, headers=headers) as answer:
        return [
            json.loads(line.removeprefix("data:")) async for line in answer.aiter_lines() if line.startswith("data:")
        ]


async def stored(stage: Stage, execution_id: str) -> tuple[Execution, list[Step], list[StoredEvent]]:
    owner, own_id = stage.user.user_id, UUID(execution_id)
    async with reading() as session:
        row = await executions.require(session, owner=owner, execution_id=own_id)
        steps = (await executions.steps_of(session, [own_id]))[own_id]
        return row, steps, await events.after(session, own_id, seq=0, limit=100_000)


async def check_rows(stage: Stage, execution_id: str) -> tuple[Plan, list[StoredEvent]]:
    row, steps, log = await stored(stage, execution_id)
    plan = Plan.model_validate(row.plan)
    progress = progress_of(plan, log)
    wanted = execution_values(plan, progress)
    assert {name: getattr(row, name) for name in wanted} == wanted
    assert row.last_seq == len(log)
    assert [event.seq for event in log] == list(range(1, len(log) + 1))
    assert [step.step_id for step in steps] == list(progress.steps)
    for step in steps:
        wanted = step_values(progress.steps[step.step_id])
        assert {name: getattr(step, name) for name in wanted} == wanted
    lines = (await use_cases.logs(stage.user, UUID(execution_id), limit=1_000)).items
    wanted_lines = [line for event in log if (line := log_values(event))]
    assert [line.model_dump(exclude={"log_id"}) for line in lines] == [
        {name: value for name, value in line.items() if name != "seq"} for line in wanted_lines
    ]
    return plan, log


async def check_answers(person: Person, execution_id: str, plan: Plan, log: list[StoredEvent]) -> None:
    progress = progress_of(plan, log)
    wanted = as_json(execution_values(plan, progress))
    read = (await person.get(f"/executions/{execution_id}")).json()
    status = (await person.get(f"/executions/{execution_id}/status")).json()
    result = (await person.get(f"/executions/{execution_id}/result")).json()
    for shown in (read, status, result):
        assert {name: shown[name] for name in wanted.keys() & shown.keys()} == {
            name: wanted[name] for name in wanted.keys() & shown.keys()
        }
    assert read["progress"] == status["progress"] == progress.percent
    assert read["last_seq"] == status["last_seq"] == progress.last_seq
    assert status["agent_statuses"] == {step_id: own.status.value for step_id, own in progress.steps.items()}
    for step in read["steps"]:
        wanted = as_json(step_values(progress.steps[step["step_id"]]))
        assert {name: step[name] for name in wanted.keys() & step.keys()} == {
            name: wanted[name] for name in wanted.keys() & step.keys()
        }


async def check_approvals(person: Person, execution_id: str, log: list[StoredEvent]) -> None:
    """Every approval is what the events make of it; none is left open after the end."""
    wanted: dict[str, dict[str, Any]] = {}
    for event in log:
        if values := approval_values(event, person.user.user_id):
            wanted.setdefault(str(values["approval_id"]), {}).update(values)
    assert {asked["status"] for asked in wanted.values()} <= {"approved", "rejected", "void"}
    for approval_id, values in wanted.items():
        shown = (await person.get(f"/approvals/{approval_id}")).json()
        told = as_json({name: str(value) if isinstance(value, UUID) else value for name, value in values.items()})
        assert {name: shown[name] for name in told if name != "user_id"} == {
            name: value for name, value in told.items() if name != "user_id"
        }


def check_the_log(plan: Plan, log: list[StoredEvent]) -> None:
    """What is true of every log, whatever happened."""
    kinds = [event.kind for event in log]
    assert [kind for kind in kinds if kind in FINAL_KINDS] == [kinds[-1]]
    progress = progress_of(plan, log)
    assert all(own.status.is_final for own in progress.steps.values())
    ends = {EventKind.STEP_COMPLETED, EventKind.STEP_FAILED, EventKind.STEP_SKIPPED, EventKind.STEP_CANCELLED}
    ended = [event.data["step_id"] for event in log if event.kind in ends | {EventKind.STEP_REUSED}]
    assert sorted(ended) == sorted(progress.steps), "every step ends once"
    assert undocumented((event.kind.value, event.data) for event in log) == []


def as_json(values: dict[str, Any]) -> dict[str, Any]:
    """As the API writes it."""
    return json.loads(json.dumps(values, default=iso))


async def decides(person: Person, chance: random.Random) -> None:
    """A person who answers whatever is asked, until cancelled; what time or a stop has decided is a conflict."""
    while True:
        for asked in (await person.get("/approvals?limit=100")).json()["items"]:
            answer = await person.post(f"/approvals/{asked['approval_id']}", random_decision(chance))
            assert answer.status_code in (200, 409), answer.text
        await asyncio.sleep(0.1)


async def one_by_chance(stage: Stage, person: Person, settings: Settings, chance: random.Random) -> bool:
    """Play one team to its end, and sometimes again; False for a team that cannot run."""
    agent_ids = {agent.name: agent.agent_id for agent in await stage.agents(*NAMES)}
    answer = await person.post("/teams", random_team(chance, agent_ids))
    if answer.status_code == 422:
        return False
    started = await person.post(f"/teams/{answer.json()['team_id']}/execute", random_request(chance))
    execution_id = await looked_at_from_all_sides(stage, person, settings, chance, started)
    if (await person.get(f"/executions/{execution_id}/status")).json()["status"] == "failed":
        again = await person.post(f"/executions/{execution_id}/retry", {})
        await looked_at_from_all_sides(stage, person, settings, chance, again)
    return True


async def looked_at_from_all_sides(
    stage: Stage, person: Person, settings: Settings, chance: random.Random, started: httpx.Response
) -> str:
    assert started.status_code == 202, started.text
    execution_id = started.json()["execution_id"]
    watching = asyncio.create_task(watched(person, settings, execution_id))
    streaming = asyncio.create_task(streamed(person, execution_id))
    deciding = asyncio.create_task(decides(person, random.Random(chance.random())))
    if chance.random() < 0.2:
        await asyncio.sleep(chance.random() * 0.5)
        assert (await person.post(f"/executions/{execution_id}/stop")).status_code in (202, 409)
    seen, heard = await watching, await streaming
    if not deciding.cancel():
        await deciding
    plan, log = await check_rows(stage, execution_id)
    check_the_log(plan, log)
    await check_answers(person, execution_id, plan, log)
    await check_approvals(person, execution_id, log)
    listed = (await person.get(f"/executions/{execution_id}/events?limit=1000")).json()
    assert listed["items"] == seen == heard == [event.message() for event in log]
    return execution_id


async def test_all_views_of_random_teams_equal_the_reducers(stage: Stage, person: Person, settings: Settings) -> None:
    chance, played = seeded(), 0
    while played < 15:
        stage.backend.scripts = {name: random_script(chance) for name in NAMES}
        played += await one_by_chance(stage, person, settings, chance)


@pytest.mark.faults
@pytest.mark.timeout(600)
async def test_all_views_of_many_more_random_teams_equal_the_reducers(
    stage: Stage, person: Person, settings: Settings
) -> None:
    chance, played = seeded(), 0
    while played < 400:
        stage.backend.scripts = {name: random_script(chance) for name in NAMES}
        played += await one_by_chance(stage, person, settings, chance)
