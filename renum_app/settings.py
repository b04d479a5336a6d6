"""Every environment variable Renum reads, typed, documented and read once."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from renum_app.own_secrets import SettingsError, checked_secret, parts, secret

_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?|https?://\[[0-9A-Fa-f:]+\](:\d{1,5})?")
"""Exact ones only: a `*` would let every site in."""


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class SmtpSecurity(StrEnum):
    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"
    """In the clear: for a mail server on the same machine."""


class Settings(BaseSettings):
    """The environment, by the field's upper-case name."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, str_strip_whitespace=True)

    app_name: str = "Renum"
    app_version: str = "0.1.0"
    environment: Environment = Environment.DEVELOPMENT
    host: str = "127.0.0.1"
    port: int = Field(default=9000, ge=1, le=65535)
    log_level: str = "INFO"
    log_format: str = "text"
    """`text` for people, `json` for machines."""

    renum_data_dir: Path = Path("data")
    """Where the embedded database and generated secrets live; created with mode 0700."""
    database_url: str = ""
    """SQLAlchemy URL; empty means SQLite inside `RENUM_DATA_DIR`."""

    encryption_key: str = ""
    """Seals third-party keys at rest. At least 32 characters; created once in development."""
    jwt_secret: str = ""
    """Signs access tokens. At least 32 characters; created once in development."""
    jwt_algorithm: Literal["HS256", "HS384", "HS512"] = "HS256"
    jwt_expiration: str = "24h"
    """Lifetime of an access token: a number followed by s, m, h or d."""

    suna_api_url: str = ""
    """Address of a Suna server, before its `/api` or `/v1`; empty: no Suna agents."""
    suna_api_key: str = Field(default="", repr=False)
    """Service account (`pk:sk`, or a bearer token) for people who have stored no Suna key of their own."""

    supabase_url: str = ""
    """Address of a Supabase project, before its `/auth/v1`; set: its Auth service signs people in, not Renum."""
    supabase_publishable_key: str = Field(default="", repr=False)
    supabase_anon_key: str = Field(default="", repr=False)
    """The older name and kind of the publishable key."""
    supabase_secret_key: str = Field(default="", repr=False)
    """Only sent so that sign-in limits count each person's address and not this server's; may be left out."""
    supabase_service_role_key: str = Field(default="", repr=False)
    """The older name and kind of the secret key."""
    supabase_jwt_secret: str = Field(default="", repr=False)
    """Of a project that still signs with a shared secret (HS256); others publish their keys."""
    supabase_jwt_issuer: str = ""
    """What the project's tokens name as their issuer, where that is not `SUPABASE_URL/auth/v1`."""
    suna_uses_supabase: bool | None = None
    """Does the Suna server take tokens of the same Supabase project? By default where `SUPABASE_URL` is set."""

    allow_signup: bool | None = None
    """Open registration; by default only outside production."""
    public_url: str = ""
    """Where people reach the server, `https://renum.example.com`: what its links and mails begin with, and an allowed
    origin. Never guessed from a request, which anybody can make say anything."""
    require_admin_two_steps: bool = False
    """Administrators who sign in with a password alone may not do what administrators do."""

    smtp_host: str = ""
    """Sends the mails of a forgotten password; empty: there is no mail."""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: SmtpSecurity = SmtpSecurity.STARTTLS
    smtp_username: str = ""
    smtp_password: str = Field(default="", repr=False)
    smtp_from: str = ""
    """Whom the mails are from: an address, or `Renum <renum@example.com>`."""

    allow_private_urls: bool | None = None
    """May users' base URLs point at private addresses; by default only outside production."""
    allowed_origins: str = ""
    """Further browser origins, comma separated; the app's own is always allowed."""

    redis_url: str = Field(default="", repr=False)
    """Redis or Valkey for what several processes share: counters of calls."""
    metrics_token: str = Field(default="", repr=False)
    """Whoever shows it as a bearer token may read `/metrics` from elsewhere; without one only this machine may."""
    trusted_proxy_hops: int = Field(default=0, ge=0, le=10)
    """Proxies of one's own before this server, which say in `X-Forwarded-For` whom they serve."""
    reads_per_second: int = Field(default=50, ge=1)
    """Calls of the API that change nothing, per person, or per network for whoever is not signed in."""
    writes_per_minute: int = Field(default=600, ge=1)
    """Calls of the API that may change something, likewise."""

    shutdown_grace_seconds: float = Field(default=20.0, ge=0, le=600)
    """How long what runs may go on after SIGTERM; the next start goes on with the rest."""

    max_members: int = Field(default=50, ge=1)
    """Members a team may have."""
    max_waiting_executions: int = Field(default=2_000, ge=1)
    """Executions one user may have waiting or running at once."""
    max_running_executions: int = Field(default=256, ge=1)
    """Executions this process advances at once; the rest wait in the queue."""
    max_running_per_user: int | None = Field(default=None, ge=1)
    """How many of those may be one person's; by default three quarters, so that nobody takes every place."""
    max_prompt_chars: int = Field(default=200_000, ge=1)
    max_body_bytes: int = Field(default=1_048_576, ge=1_024)
    max_output_bytes: int = Field(default=1_048_576, ge=1_024)
    """Text one agent may produce in one attempt; more ends the attempt."""
    max_context_bytes: int = Field(default=4_194_304, ge=1_024)
    """What one attempt may be sent, instructions and input together; more fails the step."""
    max_steps_per_execution: int = Field(default=1_000, ge=1)
    """Attempts of all steps of one execution together."""
    step_timeout_seconds: float = Field(default=600.0, gt=0)
    """One attempt's time where the team says nothing."""
    first_token_timeout_seconds: float = Field(default=180.0, gt=0)
    """How long a provider may think before the first piece of an answer."""
    idle_timeout_seconds: float = Field(default=60.0, gt=0)
    """How long a stream may be silent between two pieces."""
    stalled_after_seconds: float = Field(default=30.0, gt=0)
    """How long an agent may give no sign of life before its step is shown as stalled."""

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @property
    def running_per_user(self) -> int:
        return self.max_running_per_user or max(1, self.max_running_executions * 3 // 4)

    @property
    def signup_is_open(self) -> bool:
        return not self.is_production if self.allow_signup is None else self.allow_signup

    @property
    def uses_supabase(self) -> bool:
        """Whether a Supabase project signs people in."""
        return bool(self.supabase_url)

    @property
    def supabase_auth_url(self) -> str:
        return f"{self.supabase_url.rstrip('/')}/auth/v1"

    @property
    def supabase_issuer(self) -> str:
        return self.supabase_jwt_issuer or self.supabase_auth_url

    @property
    def supabase_key(self) -> str:
        return self.supabase_publishable_key or self.supabase_anon_key

    @property
    def supabase_admin_key(self) -> str:
        return self.supabase_secret_key or self.supabase_service_role_key

    @property
    def suna_takes_sessions(self) -> bool:
        """Whether people act at Suna with their own sign-in."""
        declared = self.suna_uses_supabase is not False
        return bool(self.suna_api_url) and self.uses_supabase and declared

    @property
    def private_urls_are_allowed(self) -> bool:
        return not self.is_production if self.allow_private_urls is None else self.allow_private_urls

    @property
    def database(self) -> str:
        """The SQLAlchemy URL in use."""
        if self.database_url:
            return _with_driver(self.database_url)
        return f"sqlite+aiosqlite:///{self.renum_data_dir.resolve() / 'renum.db'}"

    @property
    def base_url(self) -> str:
        """What links to this server begin with, without a slash at the end."""
        return self.public_url.rstrip("/") or f"http://localhost:{self.port}"

    @property
    def has_mail(self) -> bool:
        return bool(self.smtp_host)

    @property
    def origins(self) -> list[str]:
        """Browser origins that may call this server."""
        own = [f"http://{host}:{self.port}" for host in ("localhost", "127.0.0.1")]
        own += [self.base_url] if self.public_url else []
        return own + [origin.strip() for origin in self.allowed_origins.split(",") if origin.strip()]

    @property
    def jwt_seconds(self) -> int:
        """Lifetime of an access token in seconds."""
        return _seconds(self.jwt_expiration)


def keep_private() -> None:
    """What this process writes from now on is its owner's alone, whatever the shell's umask says."""
    os.umask(0o077)


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, with secrets made or checked.

    Raises:
        SettingsError: A value is missing or unsafe for this environment.
    """
    settings = _from_environment()
    for origin in settings.origins:
        if not _ORIGIN.fullmatch(origin):
            raise SettingsError(f"ALLOWED_ORIGINS: {origin!r} is no origin; write them like https://app.example.com.")
    if settings.suna_api_url and not settings.suna_api_url.startswith(("http://", "https://")):
        raise SettingsError("SUNA_API_URL must begin with http:// or https://.")
    _check_supabase(settings)
    _check_address_and_mail(settings)
    _seconds(settings.jwt_expiration)
    settings.renum_data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    kept: dict[str, Any] = {"folder": settings.renum_data_dir / "keys", "is_required": settings.is_production}
    encryption_key = secret("encryption_key", settings.encryption_key, **kept)
    jwt_secret = secret("jwt_secret", settings.jwt_secret, **kept)
    if set(parts(encryption_key)) & set(parts(jwt_secret)):
        raise SettingsError("ENCRYPTION_KEY and JWT_SECRET are equal: whoever reads one would have both.")
    if settings.supabase_jwt_secret in {encryption_key, jwt_secret}:
        raise SettingsError("SUPABASE_JWT_SECRET is also ENCRYPTION_KEY or JWT_SECRET: use one secret for one thing.")
    return settings.model_copy(update={"encryption_key": encryption_key, "jwt_secret": jwt_secret})


def _check_supabase(settings: Settings) -> None:
    """Refuse half of a configuration: it would look like sign-in by Supabase and be something else."""
    further = {
        "SUPABASE_PUBLISHABLE_KEY or SUPABASE_ANON_KEY": settings.supabase_key,
        "SUPABASE_SECRET_KEY or SUPABASE_SERVICE_ROLE_KEY": settings.supabase_admin_key,
        "SUPABASE_JWT_SECRET": settings.supabase_jwt_secret,
        "SUPABASE_JWT_ISSUER": settings.supabase_jwt_issuer,
        "SUNA_USES_SUPABASE": settings.suna_uses_supabase,
    }
    if not settings.uses_supabase:
        if given := [name for name, value in further.items() if value]:
            raise SettingsError(f"{given[0]} is set without SUPABASE_URL: set both, or neither.")
        return
    if not settings.supabase_url.startswith(("http://", "https://")):
        raise SettingsError("SUPABASE_URL must begin with http:// or https://.")
    if not settings.supabase_key:
        raise SettingsError("SUPABASE_URL is set without SUPABASE_PUBLISHABLE_KEY (or SUPABASE_ANON_KEY): set both.")
    if settings.supabase_key == settings.supabase_admin_key:
        raise SettingsError("The publishable and the secret key of Supabase are equal: the first must not be secret.")
    if settings.supabase_jwt_secret:
        checked_secret("supabase_jwt_secret", settings.supabase_jwt_secret)


def _check_address_and_mail(settings: Settings) -> None:
    if settings.public_url and not re.fullmatch(r"https?://[^/?#\s]+/?", settings.public_url):
        raise SettingsError("PUBLIC_URL must be the server's address and nothing more: https://renum.example.com")
    if settings.smtp_host and not settings.smtp_from:
        raise SettingsError("SMTP_FROM is not set: the address that mails are from.")


def _from_environment() -> Settings:
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        raise SettingsError(f"{str(first['loc'][0]).upper()}: {first['msg']}") from None


def _with_driver(url: str) -> str:
    """The URL with the driver Renum ships for its database."""
    for plain, driven in (
        ("postgresql://", "postgresql+psycopg://"),
        ("postgres://", "postgresql+psycopg://"),
        ("sqlite:///", "sqlite+aiosqlite:///"),
    ):
        if url.startswith(plain):
            return driven + url.removeprefix(plain)
    return url


def _seconds(duration: str) -> int:
    units = {"s": 1, "m": 60, "h": 3_600, "d": 86_400}
    try:
        return int(duration[:-1]) * units[duration[-1]]
    except (ValueError, KeyError, IndexError):
        raise SettingsError(f"JWT_EXPIRATION is not a duration such as 24h: {duration!r}") from None
