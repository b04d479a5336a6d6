"""`Idempotency-Key`: the first call does it, repeats get its answer."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy.exc import OperationalError

from renum_app.services import teams
from tests import factories
from tests.integration.people import Person

KEY = {"Idempotency-Key": "order-1"}


async def test_twenty_at_once_start_one_execution_and_get_the_same_answer(ana: Person) -> None:
    team_id = await ana.team(await ana.agent())
    path, body = f"/teams/{team_id}/execute", {"initial_prompt": "Analise"}
    answers = await asyncio.gather(*(ana.post(path, body, headers=KEY) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert (await ana.get("/executions")).json()["total"] == 1


async def test_the_key_for_something_else_is_a_conflict(ana: Person, bruno: Person) -> None:
    agent_id = await ana.agent()
    first = await ana.post("/teams", factories.team_body(agent_id), headers=KEY)
    other = await ana.post("/teams", factories.team_body(agent_id, name="Outra"), headers=KEY)
    assert first.status_code == 201
    assert (other.status_code, other.json()["error"]["code"]) == (409, "idempotency_key_reused")
    # Another person's key is another key.
    assert (await bruno.post("/teams", factories.team_body(await bruno.agent()), headers=KEY)).status_code == 201


async def test_a_refused_call_leaves_its_key_free(ana: Person) -> None:
    refused = await ana.post("/teams", factories.team_body("nobody"), headers=KEY)
    assert refused.status_code == 422
    assert (await ana.post("/agents", {"colour": 1}, headers=KEY)).status_code == 422
    assert (await ana.post("/teams", factories.team_body(await ana.agent()), headers=KEY)).status_code == 201


async def test_a_busy_database_leaves_the_key_free(ana: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(*_: object) -> None:
        raise OperationalError("insert", {}, Exception("database is locked"))

    body = factories.team_body(await ana.agent())
    with monkeypatch.context() as patch:
        patch.setattr(teams, "create", busy)
        assert (await ana.post("/teams", body, headers=KEY)).status_code == 503
    assert (await ana.post("/teams", body, headers=KEY)).status_code == 201


async def test_bad_keys_and_bad_tokens(ana: Person) -> None:
    assert (await ana.post("/teams", {}, headers={"Idempotency-Key": "x" * 201})).status_code == 422
    assert (await ana.post("/teams", {}, headers={"Idempotency-Key": ""})).status_code == 422
    answer = await ana.post("/teams", {}, headers={**KEY, "Authorization": "Bearer nonsense"})
    assert answer.status_code == 401
