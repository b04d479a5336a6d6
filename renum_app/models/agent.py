"""Agents: what a member of a team is, whichever backend runs it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID, uuid4

from pydantic import Field
from sqlmodel import Field as Column

from renum_app.models.price import PriceSnapshot
from renum_app.models.values import JsonColumn, Moment, Name, Read, Row, Shape, Text, UtcDateTime, utc_now


class Backend(StrEnum):
    """What can run agents."""

    SUNA = "suna"
    LOCAL = "local"
    REHEARSAL = "rehearsal"


FaultKind = Literal["error", "rate_limit", "unreachable", "empty", "cut", "garbage", "crash"]


class RehearsalFault(Shape):
    """A failure injected on purpose into some attempts."""

    kind: FaultKind
    attempts: list[int] = Field(default=[1], max_length=20, description="Attempts that fail, from 1; empty: all.")
    after_chars: int = Field(default=0, ge=0, description="Characters streamed before it fails.")
    retry_after: float | None = Field(default=None, ge=0, le=3_600, description="Seconds, for rate_limit.")


class RehearsalScript(Shape):
    """How a rehearsal agent behaves; everything has a default that looks like a real run."""

    reply: Text | None = Field(default=None, max_length=1_048_576, description="The answer; empty: one is written.")
    seconds: float = Field(default=4.0, ge=0, le=3_600, description="Length of the whole answer.")
    first_token_seconds: float = Field(default=0.4, ge=0, le=3_600)
    input_tokens: int | None = Field(default=None, ge=0, le=10_000_000)
    output_tokens: int | None = Field(default=None, ge=0, le=10_000_000)
    faults: list[RehearsalFault] = Field(default=[], max_length=20)


class Agent(Row, table=True):
    __tablename__ = "renum_agents"

    agent_id: str = Column(default_factory=lambda: str(uuid4()), primary_key=True)
    user_id: UUID = Column(foreign_key="renum_users.user_id", index=True, ondelete="CASCADE")
    name: str
    description: str = ""
    instructions: str = ""
    model: str = ""
    tools: list[Any] = Column(default_factory=list, sa_type=JsonColumn)
    backend: str
    rehearsal: dict[str, Any] | None = Column(default=None, sa_type=JsonColumn)
    is_active: bool = True
    """False: deleted by its owner."""
    remote_id: str = ""
    """What it is called where it lives, for a backend that keeps agents of its own."""
    last_seen_at: datetime | None = Column(default=None, sa_type=UtcDateTime)
    """When that backend last had it; what is here is a copy of then."""
    is_missing: bool = False
    """That backend has it no more."""
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
    updated_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)


class AgentWrite(Shape):
    """Body of `POST /agents` and `PUT /agents/{agent_id}`."""

    name: Name
    description: Text = Field(default="", max_length=2_000)
    instructions: Text = Field(default="", max_length=100_000)
    model: Text = Field(
        default="", max_length=200, description="As pydantic-ai names it, `openai:gpt-5-mini`; empty: the default."
    )
    tools: list[Text] = Field(default=[], max_length=50)
    backend: Backend = Backend.LOCAL
    rehearsal: RehearsalScript | None = Field(default=None, description="Only for backend `rehearsal`.")


class AgentRead(Read):
    agent_id: str
    name: str
    description: str
    instructions: str
    model: str
    tools: list[str]
    backend: Backend
    rehearsal: RehearsalScript | None
    remote_id: str = Field(default="", description="What it is called at the backend it lives at.")
    last_seen_at: Moment | None = Field(default=None, description="When that backend last had it.")
    is_missing: bool = Field(default=False, description="That backend has it no more; teams with it cannot run it.")
    created_at: Moment
    updated_at: Moment


class AgentSnapshot(Read):
    """The agent as one execution pinned it."""

    agent_id: str
    name: str
    backend: Backend
    instructions: str = ""
    model: str = ""
    tools: list[str] = []
    rehearsal: RehearsalScript | None = None
    price: PriceSnapshot | None = None
    """The owner's own price of the model; None leaves it to the public lists."""
    remote_id: str = ""
    """What the agent is called where it lives, for a backend that keeps agents of its own."""
    is_missing: bool = Field(default=False, exclude=True)
    """Gone from there, as far as is known; asked when an execution starts, and no part of what it pins."""


class BackendStanding(Read):
    """How a backend where agents live does, for one person."""

    backend: Backend
    ok: bool
    version: str = ""
    latency_ms: int | None = None
    run_limit: int | None = Field(default=None, description="Runs the account may have at once; null: not told.")
    has_own_key: bool = Field(default=False, description="A stored key of theirs is used.")
    uses_service_account: bool = False
    uses_sign_in: bool = Field(default=False, description="The person acts there with their own Supabase sign-in.")
    code: str | None = Field(default=None, description="Why not: one of the engine's error codes.")
    message_key: str = ""
    message: str = ""
