"""What Renum refuses to start with, and what it makes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from renum_app.settings import Settings, SettingsError, get_settings

STRONG = "kP3-vX9_qL2wZ8rT5yN7mB4cF6hJ1dGs"
OTHER = "aQ1-bW2_cE3rD4tF5yG6uH7iJ8oK9pLz"


@pytest.fixture(autouse=True)
def own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    for name in (
        "ENVIRONMENT",
        "ENCRYPTION_KEY",
        "JWT_SECRET",
        "DATABASE_URL",
        "PORT",
        "JWT_EXPIRATION",
        "JWT_ALGORITHM",
    ):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("RENUM_DATA_DIR", str(tmp_path / "data"))
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


def test_development_makes_its_secrets_once_and_keeps_them_private(tmp_path: Path) -> None:
    first = get_settings()
    get_settings.cache_clear()

    assert get_settings().encryption_key == first.encryption_key
    assert first.encryption_key != first.jwt_secret
    for name in ("encryption_key", "jwt_secret"):
        assert (tmp_path / "data" / "keys" / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({}, "ENCRYPTION_KEY is not set"),
        ({"ENCRYPTION_KEY": STRONG}, "JWT_SECRET is not set"),
        ({"ENCRYPTION_KEY": "short", "JWT_SECRET": STRONG}, "ENCRYPTION_KEY is weak"),
        ({"ENCRYPTION_KEY": STRONG, "JWT_SECRET": "a" * 64}, "JWT_SECRET is weak"),
        ({"ENCRYPTION_KEY": "your-32-char-encryption-key-here", "JWT_SECRET": STRONG}, "ENCRYPTION_KEY is weak"),
        ({"ENCRYPTION_KEY": "super-secret-token-of-32-characters!", "JWT_SECRET": STRONG}, "ENCRYPTION_KEY is weak"),
        ({"ENCRYPTION_KEY": f"k2=short,k1={STRONG}", "JWT_SECRET": OTHER}, "ENCRYPTION_KEY is weak"),
        ({"ENCRYPTION_KEY": STRONG, "JWT_SECRET": STRONG}, "are equal"),
        ({"ENCRYPTION_KEY": f"k2={OTHER},k1={STRONG}", "JWT_SECRET": STRONG}, "are equal"),
    ],
)
def test_production_refuses_missing_weak_or_equal_secrets(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], said: str
) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=said):
        get_settings()


def test_production_starts_with_two_strong_secrets_and_closed_doors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("ENCRYPTION_KEY", STRONG)
    monkeypatch.setenv("JWT_SECRET", OTHER)

    settings = get_settings()

    assert not settings.signup_is_open
    assert not settings.private_urls_are_allowed


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "nine"), ("JWT_EXPIRATION", "soon"), ("ENVIRONMENT", "prod"), ("JWT_ALGORITHM", "none")],
)
def test_a_bad_value_is_one_line_that_names_the_variable(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=name):
        get_settings()


@pytest.mark.parametrize("scheme", ["postgresql", "postgres"])
def test_a_plain_database_url_gets_the_driver_renum_ships(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://renum@localhost/renum")

    assert get_settings().database == "postgresql+psycopg://renum@localhost/renum"


def test_every_setting_is_documented() -> None:
    told = (Path(__file__).parents[2] / "docs" / "configuration.md").read_text()

    assert [name for name in Settings.model_fields if f"`{name.upper()}`" not in told] == []


@pytest.mark.parametrize("origin", ["*", "https://*.example.com", "https://example.com/", "example.com", "null"])
def test_an_origin_that_is_not_exact_is_refused(monkeypatch: pytest.MonkeyPatch, origin: str) -> None:
    monkeypatch.setenv("ALLOWED_ORIGINS", f"https://fine.example.com, {origin}")
    with pytest.raises(SettingsError, match="ALLOWED_ORIGINS"):
        get_settings()


PROJECT = {"SUPABASE_URL": "https://abcdefgh.supabase.co", "SUPABASE_PUBLISHABLE_KEY": "sb_publishable_x"}


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"SUPABASE_URL": "https://abcdefgh.supabase.co"}, "without SUPABASE_PUBLISHABLE_KEY"),
        ({"SUPABASE_PUBLISHABLE_KEY": "sb_publishable_x"}, "SUPABASE_ANON_KEY is set without SUPABASE_URL"),
        ({"SUPABASE_ANON_KEY": "eyJ"}, "SUPABASE_ANON_KEY is set without SUPABASE_URL"),
        ({"SUPABASE_SECRET_KEY": "sb_secret_x"}, "SUPABASE_SERVICE_ROLE_KEY is set without SUPABASE_URL"),
        ({"SUPABASE_JWT_SECRET": STRONG}, "SUPABASE_JWT_SECRET is set without SUPABASE_URL"),
        ({"SUNA_USES_SUPABASE": "true"}, "SUNA_USES_SUPABASE is set without SUPABASE_URL"),
        ({**PROJECT, "SUPABASE_URL": "abcdefgh.supabase.co"}, "must begin with http"),
        ({**PROJECT, "SUPABASE_SECRET_KEY": "sb_publishable_x"}, "are equal"),
        ({**PROJECT, "SUPABASE_JWT_SECRET": "short"}, "SUPABASE_JWT_SECRET is weak"),
        ({**PROJECT, "SUPABASE_JWT_SECRET": STRONG, "JWT_SECRET": STRONG}, "one secret for one thing"),
    ],
)
def test_half_of_a_supabase_configuration_is_refused(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], said: str
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    with pytest.raises(SettingsError, match=said) as refused:
        get_settings()
    assert "\n" not in str(refused.value)


def test_the_older_names_of_the_projects_keys_are_read_too(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "SUPABASE_URL": "https://abcdefgh.supabase.co/",
        "SUPABASE_ANON_KEY": "anon",
        "SUPABASE_SERVICE_ROLE_KEY": "service",
        "SUNA_API_URL": "https://suna.example",
    }.items():
        monkeypatch.setenv(name, value)

    settings = get_settings()
    assert (settings.supabase_key, settings.supabase_admin_key) == ("anon", "service")
    assert settings.supabase_issuer == "https://abcdefgh.supabase.co/auth/v1"
    assert settings.suna_takes_sessions
    assert not {"anon", "service"} & set(repr(settings).split("'"))
