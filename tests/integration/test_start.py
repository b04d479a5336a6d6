"""What the server does not start with: one line on standard error, and an exit code that a service manager sees."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from renum_app.cli import app
from renum_app.settings import get_settings

STRONG, OTHER = "kP3-vX9_qL2wZ8rT5yN7mB4cF6hJ1dGs", "aQ1-bW2_cE3rD4tF5yG6uH7iJ8oK9pLz"
GOOD = {"ENVIRONMENT": "production", "ENCRYPTION_KEY": STRONG, "JWT_SECRET": OTHER}
ENVIRONMENTS = {
    "no encryption key": {"ENCRYPTION_KEY": ""},
    "no JWT secret": {"JWT_SECRET": ""},
    "an example": {"ENCRYPTION_KEY": "your-32-char-encryption-key-here"},
    "a short one": {"JWT_SECRET": "Xy1-abcdef"},
    "one character": {"JWT_SECRET": "a" * 64},
    "equal": {"JWT_SECRET": STRONG},
    "any origin": {"ALLOWED_ORIGINS": "*"},
    "no signature": {"JWT_ALGORITHM": "none"},
    "named twice": {"ENCRYPTION_KEY": f"k1={STRONG},k1={STRONG}x"},
}


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("RENUM_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.mark.parametrize("environment", ENVIRONMENTS.values(), ids=ENVIRONMENTS.keys())
def test_production_does_not_start_with_it(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]) -> None:
    for name, value in {**GOOD, **environment}.items():
        monkeypatch.setenv(name, value)
    refused = CliRunner().invoke(app, ["serve", "--skip-build"])
    assert refused.exit_code == 2
    assert refused.stderr.startswith("renum: ")
    assert refused.stderr.count("\n") == 1
    assert "Traceback" not in refused.output
    assert not any(value in refused.output for value in environment.values() if len(value) > 8)


def test_a_start_with_another_encryption_key_is_refused_by_the_process_itself(tmp_path: Path) -> None:
    environment = {**os.environ, **GOOD, "RENUM_DATA_DIR": str(tmp_path / "data")}
    rotate = [sys.executable, "-m", "renum_app.cli", "keys", "rotate"]  # as `serve`, but for the serving
    first = subprocess.run(rotate, env=environment, check=False, capture_output=True, text=True, timeout=60)
    assert (first.returncode, first.stdout) == (0, "0 secrets sealed anew with k1.\n"), first.stderr
    wrong = {**environment, "ENCRYPTION_KEY": OTHER[::-1]}
    serve = [sys.executable, "-m", "renum_app.cli", "serve", "--skip-build"]
    refused = subprocess.run(serve, env=wrong, check=False, capture_output=True, text=True, timeout=60)
    assert refused.returncode == 2
    assert refused.stderr.startswith("renum: ENCRYPTION_KEY: its key k1 is not the one")
    assert refused.stderr.count("\n") == 1
