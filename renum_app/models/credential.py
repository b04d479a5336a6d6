"""Credentials: a user's sealed third-party keys."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import UniqueConstraint
from sqlmodel import Field as Column

from renum_app.models.values import Moment, Read, Row, Shape, Text, UtcDateTime, utc_now


class Credential(Row, table=True):
    __tablename__ = "renum_user_api_keys"
    __table_args__ = (UniqueConstraint("user_id", "service_name"),)

    key_id: UUID = Column(default_factory=uuid4, primary_key=True)
    user_id: UUID = Column(foreign_key="renum_users.user_id", index=True, ondelete="CASCADE")
    service_name: str
    provider: str
    """Which API it speaks; the word of pydantic-ai's provider."""
    encrypted_key: str
    """`crypto.seal` with user and service as context."""
    key_hint: str = ""
    """Last four characters of a key that has at least 20."""
    base_url: str | None = None
    is_active: bool = True
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
    updated_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
    last_used_at: datetime | None = Column(default=None, sa_type=UtcDateTime)


class CredentialWrite(Shape):
    """Body of `POST /api-keys`; the same name again replaces."""

    service_name: Text = Field(min_length=1, max_length=64, pattern=r"^[a-z0-9][a-z0-9_.-]*$")
    provider: Text = Field(default="", max_length=64, description="Which API it speaks; defaults to the name.")
    api_key: Text = Field(min_length=1, max_length=4_096)
    base_url: Text | None = Field(
        default=None, max_length=2_048, description="Spoken to as OpenAI-compatible chat completions."
    )


class CredentialRead(Read):
    key_id: UUID
    service_name: str
    provider: str
    key_hint: str
    base_url: str | None
    is_active: bool
    created_at: Moment
    updated_at: Moment
    last_used_at: Moment | None


class CredentialTest(Read):
    """What a connectivity test found."""

    ok: bool
    latency_ms: int | None = None
    code: str | None = Field(default=None, description="Why not: one of the engine's error codes.")
    message: str = ""
    models: list[str] = Field(default=[], description="Models the service lists, where it lists any.")
