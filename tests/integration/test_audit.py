"""Who did what is written down, nobody can change it, and what is missing shows."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from renum_app import database
from renum_app.database import reading, transaction
from renum_app.models.audit import AuditAction
from renum_app.models.user import CurrentUser, UserRole
from renum_app.services import audit
from renum_app.settings import Settings
from tests import factories
from tests.integration.people import Person


@pytest.fixture
async def admin(http: httpx.AsyncClient, settings: Settings) -> Person:
    user = await factories.user(role=UserRole.ADMIN.value)
    return Person(http, user, await factories.access_token(user, settings))


@pytest.fixture
def boss(admin: Person) -> CurrentUser:
    return CurrentUser(user_id=admin.user.user_id, email=admin.user.email, name="", role=UserRole.ADMIN)


async def _told(admin: Person, **query: Any) -> list[tuple[str, str, str]]:
    answer = await admin.get("/admin/audit", params={"limit": 100, **query})
    assert answer.status_code == 200, answer.text
    return [(row["action"], row["object"], row["result"]) for row in answer.json()["items"]]


async def _rows(boss: CurrentUser, *objects: str) -> None:
    for about in objects:
        await audit.note_alone(AuditAction.KEY_STORED, actor_id=boss.user_id, about=about)


async def test_what_matters_is_written_down_with_who_and_from_where(
    http: httpx.AsyncClient, ana: Person, admin: Person, passphrase: str
) -> None:
    address = {"email": "carla@example.com", "password": passphrase}
    await http.post("/api/v1/auth/register", json={**address, "name": "Carla"})
    await http.post("/api/v1/auth/login", json={**address, "password": "some other passphrase"})
    await http.post("/api/v1/auth/login", json={**address, "email": "a secret in the wrong field"})
    signed_in = (await http.post("/api/v1/auth/login", json=address)).json()
    renewed = await http.post("/api/v1/auth/refresh", json={"refresh_token": signed_in["refresh_token"]})
    await http.post("/api/v1/auth/refresh", json={"refresh_token": signed_in["refresh_token"]})
    assert renewed.status_code == 200
    await ana.post("/api-keys", {"service_name": "openai", "api_key": "sk-very-secret-0123456789"})
    await ana.ask("DELETE", "/api-keys/openai")
    token = (await ana.post("/auth/tokens", {"name": "my own words", "scopes": ["teams:read"]})).json()
    await ana.ask("DELETE", f"/auth/tokens/{token['token_id']}")
    await admin.post("/admin/stop-all", {"reason": "Manutenção"})
    await ana.post("/auth/logout")

    told = await _told(admin)
    assert [row[0] for row in reversed(told)] == [
        "registered", "sign_in_failed", "sign_in_failed", "signed_in", "refresh_reused",
        "key_stored", "key_deleted", "token_made", "token_revoked", "stopped_all", "signed_out",
    ]  # fmt: skip
    assert ("key_stored", "key:openai", "done") in told
    assert ("sign_in_failed", "", "refused") in told
    rows = (await admin.get("/admin/audit?limit=100")).json()["items"]
    assert {row["ip"] for row in rows} == {"198.51.100.7"}
    stopped = next(row for row in rows if row["action"] == "stopped_all")
    assert (stopped["actor"], stopped["reason"]) == (admin.user.email, "Manutenção")
    everything = str(rows)
    assert not any(word in everything for word in ("secret", "my own words", token["token"], passphrase))


async def test_the_log_is_searched_narrowed_and_for_administrators_only(ana: Person, admin: Person) -> None:
    await ana.post("/api-keys", {"service_name": "openai", "api_key": "k" * 20})
    await ana.post("/auth/tokens", {"name": "x", "scopes": ["teams:read"]})
    assert [row[0] for row in await _told(admin, action="key_stored")] == ["key_stored"]
    assert [row[0] for row in await _told(admin, search="token:")] == ["token_made"]
    assert len(await _told(admin, search=ana.user.email)) == 2
    assert (await admin.get("/admin/audit?action=guessed")).status_code == 422
    assert (await ana.get("/admin/audit")).status_code == 404


@pytest.mark.parametrize("statement", ["UPDATE renum_audit SET ip = ''", "DELETE FROM renum_audit"])
async def test_the_database_lets_nobody_change_a_row(admin: Person, boss: CurrentUser, statement: str) -> None:
    await _rows(boss, "key:a")
    with pytest.raises(DatabaseError, match="append-only"):
        async with transaction() as session:
            await session.execute(text(statement))
    assert len(await _told(admin)) == 1


async def test_postgresql_lets_nobody_empty_it(admin: Person, boss: CurrentUser) -> None:
    await _rows(boss, "key:a")
    if database.is_sqlite():  # which has no TRUNCATE
        return
    with pytest.raises(DatabaseError, match="append-only"):
        async with transaction() as session:
            await session.execute(text("TRUNCATE renum_audit"))


@pytest.mark.parametrize(
    ("tampering", "broken_at"),
    [
        ("DELETE FROM renum_audit WHERE number = 2", 2),
        ("DELETE FROM renum_audit WHERE number = 1", 1),
        ("DELETE FROM renum_audit WHERE number = 3", 3),
        ("DELETE FROM renum_audit", 1),
        ("UPDATE renum_audit SET ip = '127.0.0.1' WHERE number = 2", 2),
        ("UPDATE renum_audit SET actor_id = NULL WHERE number = 3", 3),
        ("UPDATE renum_audit SET number = number + 10", 1),
    ],
)
async def test_whoever_gets_past_that_leaves_a_gap_that_shows(
    db: str, live_objects: Any, own_hands: Any, tampering: str, broken_at: int
) -> None:
    boss = await factories.user(role=UserRole.ADMIN.value)
    user = CurrentUser(user_id=boss.user_id, email=boss.email, name="", role=UserRole.ADMIN)
    await _rows(user, "key:a", "key:b", "key:c")
    assert (await audit.chain(user)).model_dump() == {"ok": True, "rows": 3, "broken_at": None}
    await own_hands(tampering)
    found = await audit.chain(user)
    assert (found.ok, found.broken_at) == (False, broken_at)


@pytest.fixture
async def own_hands(db: str) -> Any:
    """What somebody with the database's own rights can do: switch its guards off for a moment."""

    async def act(statement: str) -> None:
        async with transaction() as session:
            if not database.is_sqlite():
                await session.execute(text("SET LOCAL session_replication_role = replica"))
                await session.execute(text(statement))
                return
            made = await session.execute(text("SELECT sql FROM sqlite_master WHERE type = 'trigger'"))
            triggers = [row[0] for row in made]
            for name in ("update", "delete"):
                await session.execute(text(f"DROP TRIGGER renum_audit_no_{name}"))
            await session.execute(text(statement))
            for sql in triggers:
                await session.execute(text(sql))

    return act


async def test_many_at_once_make_one_chain(admin: Person, boss: CurrentUser) -> None:
    await asyncio.gather(*(_rows(boss, f"key:{n}") for n in range(12)))
    found = await audit.chain(boss)
    assert (found.ok, found.rows) == (True, 12)


async def test_what_is_rolled_back_is_not_written_down(admin: Person, boss: CurrentUser) -> None:
    async def half() -> None:
        async with transaction() as session:
            await audit.note(session, AuditAction.KEY_STORED, actor_id=boss.user_id)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await half()
    async with reading() as session:
        assert (await session.scalar(text("SELECT count(*) FROM renum_audit"))) == 0


async def test_a_thousand_wrong_passwords_are_throttled_before_they_fill_the_log(
    http: httpx.AsyncClient, ana: Person, admin: Person
) -> None:
    wrong = {"email": ana.user.email, "password": "some other passphrase"}
    for _ in range(30):
        await http.post("/api/v1/auth/login", json=wrong)
    assert len(await _told(admin, action="sign_in_failed")) <= 7
