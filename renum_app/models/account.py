"""What belongs to an account beside the person: ways back in, a second step, and what there is to take along."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from pydantic import Field
from sqlmodel import Field as Column

from renum_app.models.values import Moment, Read, Row, Shape, Text, UtcDateTime, utc_now

_PASSWORD = "12 to 128 characters; common passwords are refused."  # noqa: S105 (a description)


class FirstAdministrator(Row, table=True):
    """At most one row: whoever used the set-up link; its key lets only one of two racing visitors in."""

    __tablename__ = "renum_first_administrator"

    place: int = Column(default=1, primary_key=True)
    user_id: UUID = Column(foreign_key="renum_users.user_id", ondelete="CASCADE")


class ResetLink(Row, table=True):
    """A way to a new password, for whoever holds the token."""

    __tablename__ = "renum_reset_links"

    token_hash: str = Column(primary_key=True)
    user_id: UUID = Column(foreign_key="renum_users.user_id", index=True, ondelete="CASCADE")
    password_mark: str
    """Of the password it replaces: once that has changed, the link is worth nothing."""
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
    expires_at: datetime = Column(sa_type=UtcDateTime)


class Authenticator(Row, table=True):
    """The secret that a person's authenticator shares with Renum."""

    __tablename__ = "renum_authenticators"

    user_id: UUID = Column(foreign_key="renum_users.user_id", primary_key=True, ondelete="CASCADE")
    sealed_secret: str
    confirmed_at: datetime | None = Column(default=None, sa_type=UtcDateTime)
    """None until a first code has shown that the secret arrived."""
    last_period: int = 0
    """The latest half minute whose code was taken; a code is taken once."""


class RecoveryCode(Row, table=True):
    """One of the codes that stand in for a lost authenticator; its row goes when it is used."""

    __tablename__ = "renum_recovery_codes"

    user_id: UUID = Column(foreign_key="renum_users.user_id", primary_key=True, ondelete="CASCADE")
    code_hash: str = Column(primary_key=True)


class SessionRead(Read):
    session_id: UUID
    kind: str = Field(description="`browser`, or `api` for tokens of `POST /auth/login`.")
    device: str = Field(description="As far as the program told: `Firefox · Linux`.")
    ip: str
    created_at: Moment
    last_seen: Moment
    expires_at: Moment = Field(description="When it ends if it is not used until then, and never later than its limit.")
    is_current: bool


class SessionList(Read):
    items: list[SessionRead]


class EndedSessions(Read):
    ended: int = Field(description="Sessions that this call ended.")


class PasswordChange(Shape):
    """Body of `POST /auth/password`."""

    current_password: Text = Field(max_length=1_024)
    new_password: Text = Field(max_length=128, description=_PASSWORD)


class ForgotRequest(Shape):
    email: Text = Field(max_length=254)


class ResetRequest(Shape):
    """Body of `POST /auth/reset`; a token of any other kind is a bad link, not a bad field."""

    token: Text | None = Field(default=None, max_length=200, description="From the link.")
    password: Text = Field(max_length=128, description=_PASSWORD)


class PasswordProof(Shape):
    """The password again, for what somebody at an open screen must not do."""

    password: Text = Field(max_length=1_024)


class TwoStepCode(Shape):
    code: Text = Field(max_length=40, description="Six digits.")


class TwoStepRead(Read):
    is_on: bool
    recovery_codes: int = Field(description="How many are left.")
    is_required: bool = Field(description="Without it, this account may not do what administrators do here.")


class TwoStepSecret(Read):
    """Shown once, for the authenticator."""

    secret: str = Field(description="For typing it in, in base 32.")
    uri: str = Field(description="What the picture says: `otpauth://…`.")
    picture: str = Field(description="The QR code as an SVG image.")


class RecoveryCodes(Read):
    """Shown once; each stands in for the authenticator one time."""

    recovery_codes: list[str]


class OwnDataRead(Read):
    """How much there is of a person, and what deleting the account would delete."""

    agents: int
    teams: int
    executions: int
    running: int = Field(description="Executions that have not ended; they would be stopped first.")
    credentials: int
    api_tokens: int
    sessions: int


class DeletionRequest(Shape):
    """Body of `POST /auth/delete`."""

    email: Text = Field(max_length=254, description="The account's own, typed again.")
    password: Text = Field(default="", max_length=1_024, description="Of a local account.")
