"""A person's data taken along, and the end of an account."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select

from renum_app import migrations
from renum_app.database import reading
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.errors import Conflict
from renum_app.repositories import own_data as stored
from renum_app.services import own_data
from tests import factories
from tests.factories import PASSWORD
from tests.integration.accounts import code_of, form, login, signed_in
from tests.integration.people import Person

WAYS = {"user_id", "execution_id", "team_id"}
CANARY = "sk-CANARY-0123456789abcdef"


async def _exported(me: Person) -> dict[str, Any]:
    answer = await me.get("/auth/export")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="renum-')
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    about = json.loads(texts.pop("about.json"))
    lines = {
        name.removesuffix(".jsonl"): [json.loads(line) for line in text.splitlines()] for name, text in texts.items()
    }
    return {"about": about, **lines}


async def _rows_of(user_id: UUID) -> dict[str, int]:
    """How many rows are left of a person, by table."""
    found = {}
    async with reading() as session:
        for table in migrations.metadata().tables.values():
            if not WAYS & set(table.columns.keys()):
                continue
            mine = select(func.count()).select_from(table).where(stored._is_of(table, user_id))
            found[table.name] = await session.scalar(mine) or 0
    return {name: count for name, count in found.items() if count}


async def _full(http: httpx.AsyncClient) -> tuple[Person, str]:
    """Somebody with one of everything, and an execution that has ended."""
    me = await signed_in(http, await factories.person())
    await me.post("/api-keys", {"service_name": "openai", "api_key": CANARY})
    await me.post("/auth/tokens", {"name": "Job", "scopes": ["teams:read"]})
    await me.post("/auth/two-steps", {"password": PASSWORD})
    return me, await me.execution(await me.team(await me.agent()), prompt="Compare os riscos")


async def test_everything_of_a_person_is_in_the_file_and_no_secret(
    http: httpx.AsyncClient, engine: InProcessDispatcher, bruno: Person
) -> None:
    me, execution = await _full(http)
    await me.ended(execution)
    await bruno.team(await bruno.agent(name="Do Bruno"))
    found = await _exported(me)
    assert found["about"]["email"] == me.user.email
    assert [row["email"] for row in found["users"]] == [me.user.email]
    assert [row["execution_id"] for row in found["team_executions"]] == [execution]
    assert found["execution_events"]
    assert "Compare os riscos" in json.dumps(found["team_executions"])
    assert [row["service_name"] for row in found["user_api_keys"]] == ["openai"]
    for name in ("agents", "teams", "team_versions", "execution_steps", "api_tokens", "sessions"):
        assert found[name], name

    everything = json.dumps(found)
    assert "Do Bruno" not in everything
    for secret in (CANARY, PASSWORD, "$argon2", "v1.k1.", "token_hash", "encrypted_key", "sealed_secret"):
        assert secret not in everything, secret


async def test_more_than_one_batch_is_exported_once_each(http: httpx.AsyncClient, ana: Person) -> None:
    for n in range(7):
        await factories.agent(ana.user, name=f"Agente {n}")
    stored_size, stored._AT_ONCE = stored._AT_ONCE, 3
    try:
        found = await _exported(ana)
    finally:
        stored._AT_ONCE = stored_size
    assert sorted(row["name"] for row in found["agents"]) == [f"Agente {n}" for n in range(7)]


def test_every_table_says_whose_its_rows_are() -> None:
    unreachable = [
        table.name
        for table in stored.tables()
        if not {"user_id", "execution_id", "team_id"} & set(table.columns.keys())
    ]
    assert unreachable == [], "say in repositories/own_data.py how a person's rows of it are found"
    secretive = [
        f"{table.name}.{column.name}"
        for table in stored.tables()
        for column in table.columns
        if any(word in column.name for word in ("hash", "secret", "encrypted", "sealed", "provider_tokens"))
        and column.name not in stored.SECRET_COLUMNS
    ]
    assert secretive == []


async def test_an_account_ends_with_all_of_it_and_what_runs_is_stopped_first(
    http: httpx.AsyncClient, engine: InProcessDispatcher, bruno: Person
) -> None:
    me, execution = await _full(http)
    await me.ended(execution)
    slow = await me.agent(rehearsal={"reply": "Tarde.", "seconds": 600})
    await me.execution(await me.team(slow))
    await bruno.team(await bruno.agent())
    his = await _rows_of(bruno.user.user_id)
    told = (await me.get("/auth/data")).json()
    assert (told["agents"], told["teams"], told["executions"], told["running"]) == (2, 2, 2, 1)

    body = {"email": f" {me.user.email.upper()} ", "password": PASSWORD}
    gone = await me.post("/auth/delete", body)
    assert gone.status_code == 204, gone.text
    assert await _rows_of(me.user.user_id) == {}
    assert await _rows_of(bruno.user.user_id) == his
    assert (await me.get("/auth/me")).status_code == 401
    assert (await login(http, me.user)).status_code == 401


async def test_what_will_not_stop_keeps_the_account_as_it_was(http: httpx.AsyncClient) -> None:
    me, _ = await _full(http)  # without an engine nothing moves
    with pytest.raises(Conflict) as refused:
        await own_data.delete(me.user, email=me.user.email, password=PASSWORD, ip="", seconds=0)
    assert (refused.value.code, refused.value.params) == ("still_stopping", {"n": 1})
    assert (await me.get("/auth/me")).status_code == 200
    assert (await me.get("/auth/data")).json()["executions"] == 1


async def test_another_address_or_password_deletes_nothing(http: httpx.AsyncClient) -> None:
    me = await signed_in(http, await factories.person())
    for body, field, code in (
        ({"email": "other@example.com", "password": PASSWORD}, "email", "other_email"),
        ({"email": me.user.email, "password": "some other passphrase"}, "password", "wrong_password"),
    ):
        refused = (await me.post("/auth/delete", body)).json()["error"]["details"]["fields"][0]
        assert (refused["field"], refused["code"]) == (field, code)
    assert (await me.get("/auth/me")).status_code == 200


async def test_the_only_administrator_of_others_stays(http: httpx.AsyncClient, bruno: Person) -> None:
    me = await signed_in(http, await factories.person(role="admin"))
    body = {"email": me.user.email, "password": PASSWORD}
    refused = await me.post("/auth/delete", body)
    assert (refused.status_code, code_of(refused)) == (409, "last_administrator")
    await factories.user(role="admin")
    assert (await me.post("/auth/delete", body)).status_code == 204


async def test_the_demo_cannot_be_deleted(http: httpx.AsyncClient) -> None:
    await form(http, "demo")
    refused = await form(http, "delete", email="demo@renum.example", password="")
    assert refused.headers["location"] == "/settings/data?error=not_for_the_demo"
