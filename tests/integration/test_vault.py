"""The keys that seal secrets: known again at every start, and changed while people and runs go on."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from renum_app import crypto, runtime
from renum_app.database import reading, transaction
from renum_app.models.account import Authenticator
from renum_app.models.credential import Credential, CredentialWrite
from renum_app.models.user import Session
from renum_app.models.values import utc_now
from renum_app.repositories import sealed
from renum_app.services import credentials, provider_sessions, two_steps, vault
from renum_app.services.credentials import open_credential
from renum_app.settings import Settings, SettingsError
from tests import factories

OLD, NEW, WRONG = "0f" * 32, "a1" * 32, "77" * 32
ROOT = Path(__file__).parents[2]
PRODUCT = ROOT / "renum_app"
DIES = """
import asyncio, os, signal, sys
from renum_app import crypto, database
from renum_app.services import vault

async def main():
    database.configure(sys.argv[1])
    crypto.configure(sys.argv[2])
    await vault.rotate(on_batch=lambda done: os.kill(os.getpid(), signal.SIGKILL) if done >= 200 else None)

asyncio.run(main())
"""


@pytest.fixture
async def people(db: str, settings: Settings) -> list[UUID]:
    """Two people with 130 keys each, and a session with a provider's tokens, all sealed with the old key."""
    crypto.configure(OLD)
    runtime.start(runtime.Runtime(settings=settings))
    users = [await factories.user() for _ in range(2)]
    now = utc_now()
    async with transaction() as session:
        for user in users:
            for number in range(130):
                name = f"s-{number:03}"
                plain = crypto.seal(
                    f"sk-{user.user_id}-{number}", context=credentials.sealing_context(user.user_id, name)
                )
                session.add(Credential(user_id=user.user_id, service_name=name, provider="x", encrypted_key=plain))
        row = Session(user_id=users[0].user_id, kind="browser", token_hash="x", idle_expires=now, absolute_expires=now)
        row.provider_tokens = crypto.seal(
            '{"access_token": "a", "refresh_token": "r"}', context=provider_sessions.sealing_context(row.session_id)
        )
        session.add(row)
        context = two_steps.sealing_context(users[0].user_id)
        session.add(Authenticator(user_id=users[0].user_id, sealed_secret=crypto.seal("SECRET", context=context)))
    return [user.user_id for user in users]


async def _kids() -> set[str]:
    async with reading() as session:
        keys = list(await session.scalars(select(Credential.encrypted_key)))
        tokens = list(await session.scalars(select(Session.provider_tokens)))
    return {crypto.kid_of(text) for text in [*keys, *tokens] if text}


async def _all_open(people: list[UUID]) -> bool:
    for user_id in people:
        for number in (0, 64, 99, 100, 129):
            opened = await open_credential(user_id, f"s-{number:03}")
            if opened is None or opened.api_key != f"sk-{user_id}-{number}":
                return False
    async with reading() as session:
        row = (await session.scalars(select(Session))).one()
    return provider_sessions.opened(row) is not None


async def test_everything_is_sealed_anew_and_opens_with_the_new_key_alone(people: list[UUID]) -> None:
    crypto.configure(f"k2={NEW},k1={OLD}")
    seen: list[int] = []
    done = await vault.rotate(on_batch=seen.append)
    assert (done.kid, done.resealed, done.left) == ("k2", 262, {})
    assert seen == [100, 200, 260, 261, 262]
    crypto.configure(f"k2={NEW}")
    assert await _kids() == {"k2"}
    assert await _all_open(people)
    assert (await vault.rotate()).resealed == 0


async def test_a_kill_in_the_middle_loses_nothing_and_the_rest_is_done_next_time(db: str, people: list[UUID]) -> None:
    both = f"k2={NEW},k1={OLD}"
    command = [sys.executable, "-c", DIES, db, both]
    done = subprocess.run(command, cwd=ROOT, check=False, timeout=60, capture_output=True)  # noqa: ASYNC221
    assert done.returncode == -signal.SIGKILL, done.stderr
    crypto.configure(both)
    assert await _kids() == {"k1", "k2"}
    assert await _all_open(people)
    assert (await vault.rotate()).resealed == 62
    assert await _kids() == {"k2"}
    assert await _all_open(people)


async def test_what_is_stored_meanwhile_wins(people: list[UUID]) -> None:
    crypto.configure(f"k2={NEW},k1={OLD}")
    user = await factories.user()
    place, _ = vault.PLACES[0]
    async with reading() as session:
        secret = (await sealed.some(session, place, kid="k2", is_sealed_with=False, after=None, limit=1))[0]
    owner, name = secret.owners
    changed = CredentialWrite(service_name=name, api_key="sk-the-new-one-0123456789")
    await credentials.put(replace(user, user_id=owner), changed)
    async with transaction() as session:
        assert not await sealed.replace(session, place, secret, sealed="v1.k2.stale")
    opened = await open_credential(owner, name)
    assert opened is not None
    assert opened.api_key == "sk-the-new-one-0123456789"


async def test_what_does_not_open_is_left_and_told(people: list[UUID]) -> None:
    async with transaction() as session:
        rows = list(await session.scalars(select(Credential).order_by(Credential.key_id).limit(2)))  # type: ignore[arg-type]
        rows[0].encrypted_key, rows[1].encrypted_key = rows[1].encrypted_key, rows[0].encrypted_key
    crypto.configure(f"k2={NEW},k1={OLD}")
    done = await vault.rotate()
    assert (done.resealed, done.left) == (260, {"k1": 2})


async def test_a_start_knows_the_key_again(people: list[UUID]) -> None:
    await vault.check()
    await vault.check()
    crypto.configure(WRONG)
    with pytest.raises(SettingsError, match="its key k1 is not the one"):
        await vault.check()
    crypto.configure(f"k2={NEW},k1={WRONG}")
    with pytest.raises(SettingsError, match="its key k1 is not the one"):
        await vault.check()


async def test_a_wrong_key_is_noticed_also_before_any_start_has_taken_note(people: list[UUID]) -> None:
    crypto.configure(WRONG)
    with pytest.raises(SettingsError, match="its key k1 is not the one"):
        await vault.check()


async def test_a_key_is_left_out_only_when_nothing_is_sealed_with_it(people: list[UUID]) -> None:
    await vault.check()
    crypto.configure(f"k2={NEW}")
    with pytest.raises(SettingsError, match="no key k1, with which 262 secrets"):
        await vault.check()
    crypto.configure(f"k2={NEW},k1={OLD}")
    await vault.check()
    await vault.rotate()
    crypto.configure(f"k2={NEW}")
    await vault.check()
    crypto.configure(f"k1={WRONG},k2={NEW}")  # a name that is free again
    await vault.check()


async def test_an_empty_database_takes_any_key_and_remembers_it(db: str) -> None:
    crypto.configure(OLD)
    await vault.check()
    crypto.configure(WRONG)
    with pytest.raises(SettingsError):
        await vault.check()


def test_every_sealed_column_takes_part() -> None:
    """Whoever seals something new adds its column to `vault.PLACES`."""
    sealing = {
        path.relative_to(PRODUCT).as_posix()
        for path in PRODUCT.rglob("*.py")
        if re.search(r"crypto\.seal\(", path.read_text())
    }
    assert sealing == {f"services/{name}.py" for name in ("credentials", "provider_sessions", "two_steps", "vault")}
    assert {place.model.__name__ for place, _ in vault.PLACES} == {"Credential", "Session", "Authenticator"}
