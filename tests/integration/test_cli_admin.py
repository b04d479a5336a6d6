"""The command line's administration, beside a database on which no server need be running."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from renum_app import database
from renum_app.cli import app
from renum_app.database import reading
from renum_app.models.user import User
from renum_app.repositories import users
from renum_app.settings import get_settings

PASSWORD = "quiet river under stone"


@pytest.fixture
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("RENUM_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def renum(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(app, ["admin", *words], input=stdin)


def role_of(email: str) -> str | None:
    async def found() -> User | None:
        try:
            async with reading() as session:
                return await users.by_email(session, email)
        finally:
            await database.dispose()

    user = asyncio.run(found())
    return user.role if user else None


@pytest.mark.usefixtures("own_folder")
def test_an_administrator_is_made_by_a_password_from_a_pipe() -> None:
    made = renum("create", "Boss@Example.com", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert made.exit_code == 0, made.output
    assert role_of("boss@example.com") == "admin"
    assert PASSWORD not in made.output

    again = renum("create", "boss@example.com", "--password-stdin", stdin=f"{PASSWORD}\n")
    assert again.exit_code == 1
    assert "already has an account" in again.output


@pytest.mark.usefixtures("own_folder")
@pytest.mark.parametrize(
    ("email", "password", "why"),
    [("boss@example.com", "short", "12 to 128"), ("nobody", PASSWORD, "email"), ("a@example.com", "", "12 to 128")],
)
def test_what_cannot_be_an_account_is_refused_with_a_sentence(email: str, password: str, why: str) -> None:
    refused = renum("create", email, "--password-stdin", stdin=f"{password}\n")
    assert refused.exit_code == 1
    assert why in refused.output
    assert "Traceback" not in refused.output


@pytest.mark.usefixtures("own_folder")
def test_an_account_that_exists_is_granted_administration_and_one_that_does_not_is_named() -> None:
    assert renum("create", "boss@example.com", "--password-stdin", stdin=f"{PASSWORD}\n").exit_code == 0
    assert renum("grant", "BOSS@example.com").exit_code == 0
    missing = renum("grant", "nobody@example.com")
    assert missing.exit_code == 1
    assert "nobody@example.com" in missing.output


@pytest.mark.usefixtures("own_folder")
def test_stopping_everything_where_nothing_runs_is_no_error() -> None:
    stopped = renum("stop-all", "--reason", "maintenance")
    assert stopped.exit_code == 0
    assert "told to stop: 0" in stopped.output
