"""Idempotency keys: a repeated call gets the first one's answer instead of doing it again."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlmodel import Field as Column

from renum_app.models.values import Row, UtcDateTime, utc_now


class IdempotencyKey(Row, table=True):
    __tablename__ = "renum_idempotency_keys"

    user_id: UUID = Column(foreign_key="renum_users.user_id", primary_key=True, ondelete="CASCADE")
    key: str = Column(primary_key=True)
    fingerprint: str
    """SHA-256 of method, path and body: the same key for something else is a mistake."""
    status: int | None = None
    """Of the answer; None while the first call is under way, or when it was cut off."""
    body: str | None = None
    """As it was sent, to the byte."""
    location: str | None = None
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
