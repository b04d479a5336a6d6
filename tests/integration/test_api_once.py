"""`Idempotency-Key`: the first call does it, repeats get its answer."""

from __future__ import annotations

import asyncio
import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from renum_app.database import transaction
from renum_app.errors import Conflict
from renum_app.models.idempotency import IdempotencyKey
from renum_app.models.team import TeamWrite
from renum_app.models.values import utc_now
from renum_app.services import idempotency, teams
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


async def test_everything_that_makes_something_is_done_once_for_a_key(ana: Person) -> None:
    agent_id, other_id = await ana.agent(), await ana.agent()
    team_id = await ana.team(agent_id)
    calls: list[tuple[str, Any]] = [
        ("/agents", {"name": "Novo", "backend": "rehearsal"}),
        ("/teams", factories.team_body(agent_id)),
        (f"/teams/{team_id}/members", {"agent_id": other_id, "execution_order": 2}),
        (f"/teams/{team_id}/execute", {"initial_prompt": "Analise"}),
    ]
    for number, (path, body) in enumerate(calls):
        key = {"Idempotency-Key": f"order-{number}"}
        first, again = await ana.post(path, body, headers=key), await ana.post(path, body, headers=key)
        assert first.is_success, first.text
        assert (again.status_code, again.content) == (first.status_code, first.content), path
        assert again.headers.get("Location") == first.headers.get("Location")
    totals = [(await ana.get(path)).json()["total"] for path in ("/agents", "/teams", "/executions")]
    assert totals == [3, 2, 1]
    assert (await ana.get(f"/teams/{team_id}")).json()["version"] == 2


async def test_a_call_whose_process_died_before_it_did_anything_is_done_by_its_repeat(ana: Person) -> None:
    body = factories.team_body(await ana.agent())
    first = await _claimed(ana, body, seconds_ago=60)
    answer = await ana.post("/teams", body, headers=KEY)
    assert (answer.status_code, (await ana.get("/teams")).json()["total"]) == (201, 1)
    with idempotency.under(first), pytest.raises(Conflict, match="idempotency_unfinished"):
        await teams.create(ana.user, TeamWrite.model_validate(body))
    assert (await ana.get("/teams")).json()["total"] == 1, "one that only seemed dead does nothing any more"


async def test_a_call_whose_process_died_before_it_answered_is_answered_to_its_repeat(ana: Person) -> None:
    body = factories.team_body(await ana.agent())
    with idempotency.under(await _claimed(ana, body, seconds_ago=0)):
        made = await teams.create(ana.user, TeamWrite.model_validate(body))
    answer = await ana.post("/teams", body, headers=KEY)
    assert (answer.status_code, answer.json()["team_id"]) == (201, str(made.team_id))
    assert (await ana.get("/teams")).json()["total"] == 1


async def _claimed(person: Person, body: Any, *, seconds_ago: float) -> idempotency.Claim:
    """A first call of `POST /teams` that came so far and no further."""
    content = person.http.build_request("POST", "/", json=body).content
    fingerprint = hashlib.sha256(b"POST /api/v1/teams\n" + content).hexdigest()
    since = utc_now() - timedelta(seconds=seconds_ago)
    row = IdempotencyKey(
        user_id=person.user.user_id, key=KEY["Idempotency-Key"], fingerprint=fingerprint, created_at=since
    )
    async with transaction() as session:
        session.add(row)
    return idempotency.Claim(person.user, row.key, since, lambda read: idempotency.Answer(201, read.model_dump_json()))
