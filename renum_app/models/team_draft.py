"""Teams that are not finished: what a person has filled in of a new one, kept until it is created or discarded."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import Field as Column

from renum_app.models.values import JsonColumn, Moment, Read, Row, UtcDateTime, utc_now


class TeamDraft(Row, table=True):
    __tablename__ = "renum_team_drafts"

    draft_id: UUID = Column(default_factory=uuid4, primary_key=True)
    user_id: UUID = Column(foreign_key="renum_users.user_id", index=True, ondelete="CASCADE")
    name: str = ""
    step: int = 1
    """Of the wizard, from 1."""
    content: dict[str, Any] = Column(default_factory=dict, sa_type=JsonColumn)
    """What was filled in, as it was typed; it need not be valid."""
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
    updated_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)


class TeamDraftRead(Read):
    draft_id: UUID
    name: str
    step: int
    content: dict[str, Any]
    updated_at: Moment
