"""Approvals: what a step waits for from a person, and what was decided."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID, uuid4

from pydantic import Field
from sqlalchemy import Index
from sqlmodel import Field as Column

from renum_app.models.values import Moment, Read, Row, Shape, Text, UtcDateTime, utc_now


class ApprovalMoment(StrEnum):
    BEFORE = "before"
    """The input is shown; the agent has not been called."""
    AFTER = "after"
    """The output is shown; nobody has read it yet."""
    INPUT = "input"
    """A question of the agent's is shown; the text of the decision is the answer to it."""


class ApprovalStatus(StrEnum):
    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    VOID = "void"
    """Nobody needs it any more: the execution was stopped or has ended."""


class Verdict(StrEnum):
    APPROVE = "approve"
    REJECT = "reject"


class Approval(Row, table=True):
    """A projection of the event log."""

    __tablename__ = "renum_approvals"
    __table_args__ = (Index("ix_renum_approvals_user_status", "user_id", "status"),)

    approval_id: UUID = Column(default_factory=uuid4, primary_key=True)
    execution_id: UUID = Column(foreign_key="renum_team_executions.execution_id", index=True, ondelete="CASCADE")
    user_id: UUID = Column(foreign_key="renum_users.user_id", ondelete="CASCADE")
    step_id: str
    moment: str
    text: str
    """The input or the output in question, as it was when asked."""
    status: str = ApprovalStatus.OPEN
    deadline: datetime | None = Column(default=None, sa_type=UtcDateTime)
    on_deadline: str = Verdict.REJECT
    edited_text: str | None = None
    reason: str | None = None
    decided_by: str | None = None
    """`person` or `deadline`."""
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
    decided_at: datetime | None = Column(default=None, sa_type=UtcDateTime)


class Decision(Shape):
    """Body of `POST /approvals/{approval_id}`."""

    decision: Verdict
    text: Text | None = Field(
        default=None,
        min_length=1,
        description="With approve: takes the place of the text that was shown, or answers the agent's question.",
    )
    reason: Text | None = Field(default=None, max_length=2_000)


class ApprovalRead(Read):
    approval_id: UUID
    execution_id: UUID
    team_id: UUID
    team_name: str
    step_id: str
    agent_name: str
    moment: ApprovalMoment
    text: str
    status: ApprovalStatus
    deadline: Moment | None
    on_deadline: Verdict
    edited_text: str | None
    reason: str | None
    decided_by: str | None
    created_at: Moment
    decided_at: Moment | None
