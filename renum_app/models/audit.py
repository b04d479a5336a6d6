"""The audit log: who did what to what, from where, and with what outcome. Rows are added and never changed."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import Field
from sqlmodel import Field as Column

from renum_app.models.values import Moment, Page, Read, Row, UtcDateTime


class AuditAction(StrEnum):
    """What is written down."""

    REGISTERED = "registered"
    SIGNED_IN = "signed_in"
    SIGN_IN_FAILED = "sign_in_failed"
    SIGNED_OUT = "signed_out"
    REFRESH_REUSED = "refresh_reused"
    """A refresh token was shown a second time, and its session ended."""
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (what happened, no password)
    PASSWORD_RESET = "password_reset"  # noqa: S105
    TWO_STEPS_ON = "two_steps_on"
    TWO_STEPS_OFF = "two_steps_off"
    ACCOUNT_DELETED = "account_deleted"
    KEY_STORED = "key_stored"
    KEY_DELETED = "key_deleted"
    TOKEN_MADE = "token_made"  # noqa: S105
    TOKEN_REVOKED = "token_revoked"  # noqa: S105
    STOPPED_ALL = "stopped_all"
    ROLE_CHANGED = "role_changed"
    SUSPENDED = "suspended"
    UNSUSPENDED = "unsuspended"
    SESSIONS_REVOKED = "sessions_revoked"
    EXECUTION_OPENED = "execution_opened"
    """An administrator looked into somebody else's execution."""


class AuditResult(StrEnum):
    DONE = "done"
    REFUSED = "refused"


class AuditRow(Row, table=True):
    __tablename__ = "renum_audit"

    number: int = Column(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """From 1 and without a gap."""
    at: datetime = Column(sa_type=UtcDateTime)
    actor_id: UUID | None = Column(default=None, index=True)
    """None: whoever has the server's own shell, or somebody who was not signed in."""
    action: str
    object: str = ""
    """A kind and what names it: `user:<id>`, `key:openai`."""
    result: str
    ip: str = ""
    reason: str = ""
    previous_hash: str
    """That of the row before; empty for the first."""
    row_hash: str
    """SHA-256 over everything before it in this row."""


class AuditHead(Row, table=True):
    """The end of the chain, so that it shows when the last rows are gone."""

    __tablename__ = "renum_audit_head"

    place: int = Column(primary_key=True, sa_column_kwargs={"autoincrement": False})
    """1: there is one."""
    number: int
    row_hash: str


class AuditRead(Read):
    number: int
    at: Moment
    actor_id: UUID | None
    actor: str | None = Field(description="The e-mail address, while the account is there.")
    action: AuditAction
    object: str = Field(description="A kind and what names it, `user:…`, `key:openai`.")
    result: AuditResult
    ip: str
    reason: str


AuditPage = Page[AuditRead]


class ChainRead(Read):
    """Whether the log is whole."""

    ok: bool
    rows: int
    broken_at: int | None = Field(description="The first number that is missing, changed or out of order.")
