"""API tokens: what a person gives to a program in the place of themselves, and what it may do with them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID, uuid4

from annotated_types import Len
from pydantic import Field
from sqlmodel import Field as Column

from renum_app.models.values import JsonColumn, Moment, Name, Read, Row, Shape, UtcDateTime, utc_now

DEFAULT_DAYS, MAX_DAYS = 90, 365


class Scope(StrEnum):
    """What an API token may be used for; none includes another."""

    TEAMS_READ = "teams:read"
    TEAMS_WRITE = "teams:write"
    EXECUTIONS_READ = "executions:read"
    EXECUTIONS_RUN = "executions:run"
    AGENTS_READ = "agents:read"
    AGENTS_WRITE = "agents:write"
    KEYS_WRITE = "keys:write"
    ADMIN = "admin"
    """Only an administrator's token can have it, and it counts only while they are one."""


class ApiToken(Row, table=True):
    __tablename__ = "renum_api_tokens"

    token_id: UUID = Column(default_factory=uuid4, primary_key=True)
    user_id: UUID = Column(foreign_key="renum_users.user_id", index=True, ondelete="CASCADE")
    name: str
    token_hash: str
    """SHA-256 of the whole token, which is nowhere."""
    hint: str
    """Its last characters, to tell it from others."""
    scopes: list[str] = Column(sa_type=JsonColumn)
    created_ip: str = ""
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
    expires_at: datetime = Column(sa_type=UtcDateTime)
    last_used_at: datetime | None = Column(default=None, sa_type=UtcDateTime)
    """To the hour."""


class ApiTokenWrite(Shape):
    """Body of `POST /auth/tokens`."""

    name: Name
    scopes: Annotated[list[Scope], Len(1, len(Scope))] = Field(description="What it may be used for.")
    expires_in_days: int = Field(default=DEFAULT_DAYS, ge=1, le=MAX_DAYS)


class ApiTokenRead(Read):
    token_id: UUID
    name: str
    hint: str = Field(description="The token's last four characters.")
    scopes: list[Scope]
    created_at: Moment
    expires_at: Moment
    last_used_at: Moment | None = Field(description="To the hour.")


class ApiTokenMade(ApiTokenRead):
    """The answer to its making, which alone has the token itself."""

    token: str = Field(description="`rnm_pat_…`; shown this once, because only a hash of it is stored.")
