"""People, and the sessions they are signed in with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid4

from pydantic import EmailStr, Field
from sqlmodel import Field as Column

from renum_app.models.api_token import Scope
from renum_app.models.month import MonthRead
from renum_app.models.values import JsonColumn, Moment, Name, Read, Row, Shape, Text, UtcDateTime, utc_now

NO_PASSWORD = "!"  # noqa: S105 (no hash has this form, so no password opens the account)


class UserRole(StrEnum):
    USER = "user"
    ADMIN = "admin"


class SignInProvider(StrEnum):
    """Who vouches for people."""

    LOCAL = "local"
    """Renum's own accounts."""
    SUPABASE = "supabase"
    """The Auth service of a Supabase project; a person's id is the one they have there."""


class SessionKind(StrEnum):
    BROWSER = "browser"
    """An opaque token in an HttpOnly cookie."""
    API = "api"
    """Access and refresh tokens for REST."""


class User(Row, table=True):
    __tablename__ = "renum_users"

    user_id: UUID = Column(default_factory=uuid4, primary_key=True)
    email: str = Column(unique=True, index=True)
    """Lower case."""
    name: str = ""
    password_hash: str
    provider: str = SignInProvider.LOCAL
    role: str = UserRole.USER
    is_demo: bool = False
    has_two_steps: bool = False
    """A code of an authenticator is asked for after the password."""
    suspended_at: datetime | None = Column(default=None, sa_type=UtcDateTime)
    """Since when an administrator lets nobody in with this account."""
    monthly_budget_usd: float | None = None
    """USD all of the person's executions together may cost in a calendar month in UTC; None is no limit."""
    preferences: dict[str, Any] = Column(default_factory=dict, sa_type=JsonColumn)
    """How they like to see the pages; `models.preference.Preference`."""
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
    updated_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)


class Session(Row, table=True):
    __tablename__ = "renum_sessions"

    session_id: UUID = Column(default_factory=uuid4, primary_key=True)
    user_id: UUID = Column(foreign_key="renum_users.user_id", index=True, ondelete="CASCADE")
    kind: str
    token_hash: str = Column(unique=True, index=True)
    """SHA-256 of the cookie's token, or of the refresh token."""
    previous_hash: str | None = Column(default=None, index=True)
    """The refresh token before the last rotation; who presents it again has a stolen or a lost one."""
    user_agent: str = ""
    ip: str = ""
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
    last_seen: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
    idle_expires: datetime = Column(sa_type=UtcDateTime)
    absolute_expires: datetime = Column(sa_type=UtcDateTime)
    revoked_at: datetime | None = Column(default=None, sa_type=UtcDateTime)
    provider: str = SignInProvider.LOCAL
    provider_tokens: str | None = None
    """The provider's own tokens, by `crypto.seal` with this session as context."""
    provider_expires: datetime | None = Column(default=None, sa_type=UtcDateTime)
    """When the provider's access token ends."""
    provider_leased_until: datetime | None = Column(default=None, sa_type=UtcDateTime)
    """Somebody renews the provider's tokens, or has just failed to; until then nobody else tries."""


@dataclass(frozen=True)
class CurrentUser:
    """Who is asking; made by `services.sessions` and `services.api_tokens` only, after what they showed was checked."""

    user_id: UUID
    email: str
    name: str
    role: UserRole = UserRole.USER
    session_id: UUID | None = None
    is_demo: bool = False
    monthly_budget_usd: float | None = None
    """As it was when the session was checked; the engine asks again before every call."""
    token_id: UUID | None = None
    """The API token that asks in their place."""
    scopes: frozenset[Scope] | None = None
    """What that token may be used for; None is the person themselves, signed in."""

    def may(self, scope: Scope) -> bool:
        """Whether who asks may be served where this scope is needed."""
        return self.scopes is None or scope in self.scopes


class UserRead(Read):
    user_id: UUID
    email: str
    name: str
    role: str
    is_demo: bool
    has_two_steps: bool = Field(description="A code of an authenticator is needed to sign in.")
    created_at: Moment


class MeRead(UserRead):
    monthly_budget_usd: float | None = Field(description="USD for a calendar month in UTC; null is no limit.")
    month: MonthRead


class MeWrite(Shape):
    """Body of `PATCH /auth/me`; what is left out stays as it is."""

    name: Name = ""
    monthly_budget_usd: float | None = Field(default=None, ge=0, description="USD; null takes the limit away.")


class RegisterRequest(Shape):
    email: EmailStr = Field(max_length=254)
    password: Text = Field(max_length=128, description="12 to 128 characters; common passwords are refused.")
    name: Text = Field(default="", max_length=200)


class ConfirmationSent(Read):
    """The account is there once the person has followed the link in the e-mail that was sent."""

    email: str
    confirmation: str = Field(default="sent", description="Always `sent`, also to an address that has an account.")


class LoginRequest(Shape):
    email: Text = Field(max_length=254)
    password: Text = Field(max_length=1_024)
    code: Text = Field(
        default="",
        max_length=40,
        description="Of the authenticator, or a recovery code; needed after `second_step_required`.",
    )


class TokenRead(Read):
    """What REST clients sign their calls with."""

    access_token: str
    refresh_token: str
    token_type: str = "bearer"  # noqa: S105 (the scheme of the Authorization header)
    expires_in: int = Field(description="Seconds until the access token ends.")
    user: UserRead
