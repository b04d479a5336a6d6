"""F2 and F21: what a client was told is true, whatever happens right after, and however often it asks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from renum_app.settings import Settings
from tests import factories
from tests.integration.engine.conftest import Stage
from tests.integration.people import Person
from tests.integration.processes import Killable, server_process


@pytest_asyncio.fixture
async def client(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    limits = httpx.Limits(max_connections=60, max_keepalive_connections=0)  # a killed server leaves no connection
    address = f"http://127.0.0.1:{settings.port}"
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30) as client:
        yield client


async def person_and_team(client: httpx.AsyncClient, settings: Settings) -> tuple[Person, str]:
    """Somebody with a team of one agent who answers at once."""
    user = await factories.user()
    team = await factories.team(user, await factories.agent(user))
    return Person(client, user, await factories.access_token(user, settings)), str(team.team_id)


async def accepted_before_a_kill(server: Killable, ana: Person, team_id: str, *, told: int) -> list[str]:
    """Executions of which the client has a 202, from ten who ask at once; the kill comes right after so many."""
    accepted: list[str] = []
    enough = asyncio.Event()

    async def keep_asking() -> None:
        while not enough.is_set():
            try:
                answer = await ana.post(f"/teams/{team_id}/execute", {"initial_prompt": "Analise."})
            except httpx.TransportError:
                return
            if answer.status_code == 202:
                accepted.append(answer.json()["execution_id"])
            if len(accepted) >= told and not enough.is_set():
                server.kill()
                enough.set()

    await asyncio.gather(*(keep_asking() for _ in range(min(10, told))))
    return accepted


async def check_that_all_complete(stage: Stage, accepted: list[str]) -> None:
    ends = [(await stage.ended(UUID(execution_id))).status for execution_id in accepted]
    assert ends == ["completed"] * len(accepted)


async def test_f2_fifty_executions_acknowledged_right_before_kills_exist_and_complete(
    idle: Stage, db: str, settings: Settings, tmp_path: Path, client: httpx.AsyncClient
) -> None:
    ana, team_id = await person_and_team(client, settings)
    accepted: list[str] = []
    with server_process(db, tmp_path / "server", settings) as server:
        for _ in range(3):
            await server.start()
            await check_that_all_complete(Stage(ana.user, idle.backend), accepted)  # three kills would be a crash loop
            accepted += await accepted_before_a_kill(server, ana, team_id, told=17)
        await server.start()
        await check_that_all_complete(Stage(ana.user, idle.backend), accepted)
    assert len(accepted) >= 50


@pytest.mark.faults
@pytest.mark.timeout(600)
async def test_f2_fifty_kills_each_right_after_an_acknowledgement(
    idle: Stage, db: str, settings: Settings, tmp_path: Path, client: httpx.AsyncClient
) -> None:
    ana, team_id = await person_and_team(client, settings)
    accepted: list[str] = []
    with server_process(db, tmp_path / "server", settings) as server:
        for _ in range(50):
            await server.start()
            await check_that_all_complete(Stage(ana.user, idle.backend), accepted[-1:])
            accepted += await accepted_before_a_kill(server, ana, team_id, told=1)
        await server.start()
        await check_that_all_complete(Stage(ana.user, idle.backend), accepted)
    assert len(accepted) == 50


async def test_f21_fifty_at_once_with_one_key_start_one_execution_and_get_fifty_equal_answers(
    idle: Stage, db: str, settings: Settings, tmp_path: Path, client: httpx.AsyncClient
) -> None:
    ana, team_id = await person_and_team(client, settings)
    path, body, headers = f"/teams/{team_id}/execute", {"initial_prompt": "Analise."}, {"Idempotency-Key": "order-1"}
    with server_process(db, tmp_path / "server", settings) as server:
        await server.start()
        answers = await asyncio.gather(*(ana.post(path, body, headers=headers) for _ in range(50)))
        later = await ana.post(path, body, headers=headers)
        total = (await ana.get("/executions")).json()["total"]
    assert {answer.status_code for answer in answers} == {202}
    assert {answer.content for answer in answers} == {later.content}
    assert {answer.headers["Location"] for answer in answers} == {later.headers["Location"]}
    assert total == 1


async def test_f2_what_was_asked_with_a_key_and_cut_off_by_a_kill_is_done_once_when_asked_again(
    idle: Stage, db: str, settings: Settings, tmp_path: Path, client: httpx.AsyncClient
) -> None:
    ana, team_id = await person_and_team(client, settings)
    path, body, answered = f"/teams/{team_id}/execute", {"initial_prompt": "Analise."}, 0

    async def ask(number: int) -> str | None:
        nonlocal answered
        try:
            answer = await ana.post(path, body, headers={"Idempotency-Key": f"order-{number}"})
        except httpx.TransportError:
            return None
        answered += 1
        if answered == 5:
            server.kill()
        assert answer.status_code == 202, answer.text
        return answer.json()["execution_id"]

    with server_process(db, tmp_path / "server", settings) as server:
        await server.start()
        told = await asyncio.gather(*(ask(number) for number in range(60)))
        assert None in told
        await server.start()
        again = await asyncio.gather(*(ask(number) for number in range(60)))
        total = (await ana.get("/executions")).json()["total"]
    assert all(first in (None, second) for first, second in zip(told, again, strict=True))
    assert (len(set(again)), total, None in again) == (60, 60, False)
