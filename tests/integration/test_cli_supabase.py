"""What the command line says about a sign-in that cannot work, before anybody tries it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from renum_app.cli import app
from renum_app.settings import get_settings
from tests.doubles.gotrue.keys import KeyRing
from tests.doubles.gotrue_server import PUBLISHABLE, GoTrueServer, gotrue_server_in_thread

SECRET = "a-shared-secret-of-an-older-project-0123456789"


@pytest.fixture
def gotrue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[GoTrueServer]:
    with gotrue_server_in_thread() as server:
        monkeypatch.setenv("RENUM_DATA_DIR", str(tmp_path))
        monkeypatch.delenv("DATABASE_URL", raising=False)
        monkeypatch.setenv("SUPABASE_URL", server.url)
        monkeypatch.setenv("SUPABASE_PUBLISHABLE_KEY", PUBLISHABLE)
        get_settings.cache_clear()
        yield server
        get_settings.cache_clear()


def renum(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), input="quiet river under stone\n")


def test_a_start_with_a_key_that_the_project_does_not_take_is_refused_in_one_line(
    gotrue: GoTrueServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SUPABASE_PUBLISHABLE_KEY", "sb_publishable_of_another_project")
    refused = renum("serve", "--skip-build")
    assert refused.exit_code == 2
    assert refused.output.count("\n") == 1
    assert "SUPABASE_PUBLISHABLE_KEY" in refused.output
    assert "of_another_project" not in refused.output


def test_a_start_with_a_project_whose_tokens_cannot_be_verified_is_refused(gotrue: GoTrueServer) -> None:
    gotrue.project.keys = KeyRing(secret=SECRET)
    refused = renum("serve", "--skip-build")
    assert (refused.exit_code, refused.output.count("\n")) == (2, 1)
    assert "publishes no signing keys" in refused.output


def test_the_doctor_says_how_the_sign_in_does(gotrue: GoTrueServer, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "ok      supabase: answers" in renum("doctor").output
    gotrue.is_away = True
    assert "BROKEN  supabase: SUPABASE_URL does not answer" in renum("doctor").output
    gotrue.is_away = False
    gotrue.project.keys = KeyRing(secret=SECRET)
    assert renum("doctor").exit_code == 1
    monkeypatch.setenv("SUPABASE_JWT_SECRET", SECRET)
    get_settings.cache_clear()
    assert "ok      supabase: answers" in renum("doctor").output


def test_no_local_administrator_is_made_beside_supabase(gotrue: GoTrueServer) -> None:
    refused = renum("admin", "create", "ana@example.com", "--password-stdin")
    assert (refused.exit_code, "renum admin grant" in refused.output) == (1, True)
