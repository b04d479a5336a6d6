"""What administrators see and do about everybody, and what of it is written down."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from renum_app.models.user import UserRole
from renum_app.settings import Settings
from tests import factories
from tests.integration.people import Person


@pytest.fixture
async def admin(http: httpx.AsyncClient, settings: Settings) -> Person:
    user = await factories.user(role=UserRole.ADMIN.value)
    return Person(http, user, await factories.access_token(user, settings))


async def _audited(admin: Person) -> list[tuple[str, str]]:
    rows = (await admin.get("/admin/audit?limit=100")).json()["items"]
    return [(row["action"], row["reason"]) for row in reversed(rows)]


async def test_accounts_are_listed_with_what_they_do(ana: Person, admin: Person) -> None:
    for _ in range(2):
        await ana.execution(await ana.team(await ana.agent()))
    found = (await admin.get("/admin/users", params={"search": ana.user.email})).json()
    assert found["total"] == 1
    person = found["items"][0]
    assert (person["role"], person["is_suspended"], person["unfinished"]) == ("user", False, 2)
    assert person["last_seen"]
    assert person["spent_usd"] == 0
    assert "password" not in str(person)
    assert (await admin.get("/admin/users?limit=1")).json()["pages"] == 2


async def test_a_suspended_person_is_out_at_once_with_every_token_and_comes_back(ana: Person, admin: Person) -> None:
    token = (await ana.post("/auth/tokens", {"name": "x", "scopes": ["teams:read"]})).json()["token"]
    robot = Person(ana.http, ana.user, token)
    assert (await robot.get("/teams")).status_code == 200
    path = f"/admin/users/{ana.user.user_id}"
    changed = await admin.ask("PATCH", path, json={"is_suspended": True, "reason": "Saiu da empresa"})
    assert (changed.status_code, changed.json()["is_suspended"]) == (200, True)
    assert [(await each.get("/teams")).status_code for each in (ana, robot)] == [401, 401]
    assert (await admin.ask("PATCH", path, json={"is_suspended": True})).status_code == 200
    assert not (await admin.ask("PATCH", path, json={"is_suspended": False})).json()["is_suspended"]
    assert (await robot.get("/teams")).status_code == 200
    assert [row for row in await _audited(admin) if "suspend" in row[0]] == [
        ("suspended", "Saiu da empresa"),
        ("unsuspended", ""),
    ]


async def test_a_role_is_given_and_taken_but_never_ones_own(ana: Person, admin: Person, settings: Settings) -> None:
    path = f"/admin/users/{ana.user.user_id}"
    assert (await admin.ask("PATCH", path, json={"role": "admin"})).json()["role"] == "admin"
    assert (await ana.get("/admin/users")).status_code == 401  # who has another role signs in again
    ana.token = await factories.access_token(ana.user, settings)
    assert (await ana.get("/admin/users")).status_code == 200
    for body in ({"role": "user"}, {"is_suspended": True}):
        refused = await ana.ask("PATCH", path, json=body)
        assert (refused.status_code, refused.json()["error"]["code"]) == (409, "not_yourself")
    assert (await admin.ask("PATCH", path, json={"role": "user"})).json()["role"] == "user"
    assert [row[0] for row in await _audited(admin)].count("role_changed") == 2


async def test_what_an_account_cannot_become(ana: Person, admin: Person) -> None:
    demo = await factories.user(is_demo=True)
    refused = await admin.ask("PATCH", f"/admin/users/{demo.user_id}", json={"role": "admin"})
    assert refused.json()["error"]["code"] == "demo_has_no_role"
    for path, status in ((f"/admin/users/{uuid4()}", 404), ("/admin/users/nobody", 404)):
        assert (await admin.ask("PATCH", path, json={"role": "user"})).status_code == status
    for body in ({"role": "root"}, {"email": "x@example.com"}, {"is_suspended": "perhaps"}):
        assert (await admin.ask("PATCH", f"/admin/users/{ana.user.user_id}", json=body)).status_code == 422


async def test_sessions_of_somebody_are_ended(ana: Person, admin: Person, settings: Settings) -> None:
    await factories.access_token(ana.user, settings)
    assert (await ana.get("/teams")).status_code == 200
    ended = await admin.ask("DELETE", f"/admin/users/{ana.user.user_id}/sessions")
    assert ended.json() == {"ended": 2}
    assert (await ana.get("/teams")).status_code == 401
    assert ("sessions_revoked", "") in await _audited(admin)


async def test_executions_of_everybody_are_listed_without_what_is_in_them(ana: Person, admin: Person) -> None:
    execution_id = await ana.execution(await ana.team(await ana.agent()), prompt="um segredo de família")
    listed = await admin.get("/admin/executions", params={"search": ana.user.email, "status": "pending"})
    row = listed.json()["items"][0]
    assert (row["execution_id"], row["owner"], row["total_steps"]) == (execution_id, ana.user.email, 1)
    assert "segredo" not in listed.text
    assert (await admin.get("/admin/executions?status=failed")).json()["total"] == 0
    assert (await admin.get(f"/executions/{execution_id}")).status_code == 404


async def test_to_look_into_one_takes_a_reason_and_is_written_down(ana: Person, admin: Person) -> None:
    execution_id = await ana.execution(await ana.team(await ana.agent()), prompt="um segredo de família")
    path = f"/admin/executions/{execution_id}/open"
    for body in ({}, {"reason": ""}, {"reason": "x"}):
        assert (await admin.post(path, body)).status_code == 422
    opened = await admin.post(path, {"reason": "Chamado 4711"})
    assert opened.json()["initial_prompt"] == "um segredo de família"
    assert (await admin.post(f"/admin/executions/{uuid4()}/open", {"reason": "Chamado"})).status_code == 404
    assert [row for row in await _audited(admin) if row[0] == "execution_opened"] == [
        ("execution_opened", "Chamado 4711")
    ]


async def test_health_tells_what_waits_and_whether_the_log_is_whole(ana: Person, admin: Person) -> None:
    await ana.execution(await ana.team(await ana.agent()))
    told = (await admin.get("/admin/health")).json()
    assert told["queue"] == {"pending": 1, "running": 0, "parked": 0, "people": 1}
    assert told["dependencies"]["database"]["ok"]
    assert not told["dependencies"]["engine"]["ok"]  # there is none in this test
    assert (told["users"], told["sockets"]) == (2, 0)
    assert told["audit"]["ok"]
    assert told["database"] in {"sqlite", "postgresql"}
