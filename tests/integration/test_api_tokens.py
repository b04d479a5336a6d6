"""API tokens: made by a person, used by a program, and never more than their scopes."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from sqlalchemy import select, update
from sqlmodel import col

from renum_app import runtime
from renum_app.auth import api_tokens
from renum_app.auth.remembered import RememberedSessions
from renum_app.database import reading, transaction
from renum_app.models.api_token import ApiToken, Scope
from renum_app.models.user import User, UserRole
from renum_app.models.values import utc_now
from renum_app.settings import Settings
from tests import factories
from tests.integration.people import Person

ALL = [scope.value for scope in Scope if scope is not Scope.ADMIN]


async def made(person: Person, *scopes: str, **changes: Any) -> dict[str, Any]:
    answer = await person.post("/auth/tokens", {"name": "Robô", "scopes": list(scopes), **changes})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def program(person: Person, *scopes: str) -> Person:
    """A client with an API token of the person's."""
    return Person(person.http, person.user, (await made(person, *scopes))["token"])


async def forget() -> None:
    """As after five seconds."""
    runtime.current().sessions = RememberedSessions()


async def test_a_token_is_shown_once_and_only_its_hash_is_kept(ana: Person) -> None:
    token = await made(ana, "teams:read", "executions:read")
    listed = (await ana.get("/auth/tokens")).json()
    assert listed["items"] == [{name: value for name, value in token.items() if name != "token"}]
    assert listed["items"][0]["hint"] == token["token"][-4:]
    async with reading() as session:
        row = (await session.scalars(select(ApiToken))).one()
    assert token["token"] not in row.model_dump_json()
    assert (row.created_ip, row.last_used_at) == ("198.51.100.7", None)
    assert timedelta(days=89) < row.expires_at - utc_now() <= timedelta(days=90)


async def test_a_program_works_with_its_scopes(ana: Person) -> None:
    robot = await program(ana, "agents:write", "teams:write", "executions:run", "executions:read")
    execution_id = await robot.execution(await robot.team(await robot.agent()))
    assert (await robot.get(f"/executions/{execution_id}")).status_code == 200
    assert (await robot.get("/auth/me")).json()["email"] == ana.user.email
    assert (await robot.get("/teams")).status_code == 403
    last_used = (await ana.get("/auth/tokens")).json()["items"][0]["last_used_at"]
    assert last_used.endswith(":00:00.000Z")


async def test_a_revoked_token_is_refused_at_once(ana: Person, bruno: Person) -> None:
    token = await made(ana, *ALL)
    robot = Person(ana.http, ana.user, token["token"])
    assert (await robot.get("/teams")).status_code == 200
    path = f"/auth/tokens/{token['token_id']}"
    assert (await bruno.ask("DELETE", path)).status_code == 404
    assert (await robot.ask("DELETE", path)).status_code == 403
    assert (await ana.ask("DELETE", path)).status_code == 204
    assert (await robot.get("/teams")).status_code == 401
    assert (await ana.ask("DELETE", path)).status_code == 404


async def test_an_expired_token_a_wrong_secret_and_one_of_nobody_are_refused(ana: Person) -> None:
    token = await made(ana, *ALL)
    token_id = UUID(token["token_id"])
    for wrong in (api_tokens.new(token_id), api_tokens.new(uuid4()), token["token"] + "x", token["token"][:-1]):
        assert (await Person(ana.http, ana.user, wrong).get("/teams")).status_code == 401
    robot = Person(ana.http, ana.user, token["token"])
    assert (await robot.get("/teams")).status_code == 200
    async with transaction() as session:
        await session.execute(update(ApiToken).values(expires_at=utc_now()))
    await forget()
    assert (await robot.get("/teams")).status_code == 401


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"scopes": []}, "scopes"),
        ({"scopes": ["teams:delete"]}, "scopes"),
        ({"scopes": ["admin"]}, "scopes"),
        ({"scopes": ["session"]}, "scopes"),
        ({"scopes": ["teams:read"] * 9}, "scopes"),
        ({"name": ""}, "name"),
        ({"name": "   "}, "name"),
        ({"expires_in_days": 0}, "expires_in_days"),
        ({"expires_in_days": 366}, "expires_in_days"),
        ({"user_id": str(uuid4())}, "user_id"),
    ],
)
async def test_what_no_token_can_have(ana: Person, changes: dict[str, Any], field: str) -> None:
    answer = await ana.post("/auth/tokens", {"name": "x", "scopes": ["teams:read"], **changes})
    assert answer.status_code == 422
    assert answer.json()["error"]["field"].startswith(field)


async def test_an_administrators_scope_counts_only_while_they_are_one(
    http: httpx.AsyncClient, settings: Settings
) -> None:
    boss = await factories.user(role=UserRole.ADMIN.value)
    person = Person(http, boss, await factories.access_token(boss, settings))
    full, narrow = await program(person, "admin"), await program(person, "teams:read")
    assert (await full.post("/admin/stop-all", {})).status_code == 200
    assert (await narrow.post("/admin/stop-all", {})).json()["error"]["code"] == "missing_scope"
    async with transaction() as session:
        await session.execute(update(User).where(col(User.user_id) == boss.user_id).values(role="user"))
    await forget()
    assert [(await each.post("/admin/stop-all", {})).status_code for each in (full, narrow)] == [404, 404]


async def test_an_idempotency_key_gives_no_answer_to_a_token_without_the_scope(ana: Person) -> None:
    team_id = await ana.team(await ana.agent())
    path, body, key = f"/teams/{team_id}/execute", {"initial_prompt": "x"}, {"Idempotency-Key": "same"}
    first = await ana.post(path, body, headers=key)
    assert first.status_code == 202
    reader = await program(ana, "teams:read")
    assert (await reader.post(path, body, headers=key)).status_code in (403, 409)
    assert (await ana.post(path, body, headers=key)).content == first.content


async def test_nobody_gathers_tokens_without_end(ana: Person) -> None:
    row = {"user_id": ana.user.user_id, "name": "x", "token_hash": "x", "hint": "x", "scopes": []}
    async with transaction() as session:
        session.add_all(ApiToken(**row, expires_at=utc_now()) for _ in range(50))
    refused = await ana.post("/auth/tokens", {"name": "x", "scopes": ["teams:read"]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "too_many_api_tokens")


async def test_the_demo_account_has_no_tokens(http: httpx.AsyncClient, settings: Settings) -> None:
    anybody = await factories.user(is_demo=True)
    person = Person(http, anybody, await factories.access_token(anybody, settings))
    refused = await person.post("/auth/tokens", {"name": "x", "scopes": ["teams:read"]})
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, "not_for_the_demo")
