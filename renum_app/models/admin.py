"""What administrators ask of the whole server, and what they are told."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from renum_app.models.audit import ChainRead
from renum_app.models.execution import ExecutionStatus
from renum_app.models.user import UserRole
from renum_app.models.values import Moment, Read, Shape, Text

Reason = Annotated[Text, Field(min_length=3, max_length=500, description="Why; it is written into the audit log.")]


class StopAllRequest(Shape):
    """Body of `POST /admin/stop-all`."""

    reason: Text = Field(default="", max_length=500, description="For the people whose executions are stopped.")


class StopAllRead(Read):
    ordered: int = Field(description="Executions that were told to stop by this call.")


class OpenRequest(Shape):
    """Body of `POST /admin/executions/{execution_id}/open`."""

    reason: Reason


class PersonWrite(Shape):
    """Body of `PATCH /admin/users/{user_id}`; what is left out stays as it is."""

    role: UserRole | None = None
    is_suspended: bool | None = Field(default=None, description="Nobody gets in; what runs goes on.")
    reason: Text = Field(default="", max_length=500, description="It is written into the audit log.")


class PersonRead(Read):
    """An account, as administrators see it."""

    user_id: UUID
    email: str
    name: str
    role: UserRole
    is_demo: bool
    is_suspended: bool
    created_at: Moment
    last_seen: Moment | None = Field(description="The last use of a session or an API token.")
    unfinished: int = Field(description="Executions that have not ended.")
    spent_usd: float = Field(description="This month, in UTC.")
    monthly_budget_usd: float | None


class ForeignExecution(Read):
    """Somebody's execution without what is in it: no prompt, no result, no words of an agent."""

    execution_id: UUID
    user_id: UUID
    owner: str = Field(description="The owner's e-mail address.")
    team_id: UUID
    team_name: str
    status: ExecutionStatus
    waiting_for: str | None
    stopping: bool
    current_step: int
    total_steps: int
    cost_usd: float | None
    total_tokens: int
    error_code: str | None
    started_at: Moment | None
    completed_at: Moment | None
    created_at: Moment


class SessionsRevoked(Read):
    ended: int = Field(description="Sessions that were ended by this call.")


class QueueRead(Read):
    """Everybody's executions that have not ended."""

    pending: int
    running: int
    parked: int = Field(description="Of those, how many only wait for a person or a moment.")
    people: int = Field(description="Whose they are.")


class ServerHealth(Read):
    """What an administrator looks at first."""

    version: str
    environment: str
    database: str = Field(description="`sqlite` or `postgresql`.")
    uptime_seconds: float
    dependencies: dict[str, Any] = Field(description="As `GET /health/ready` names them.")
    queue: QueueRead
    sockets: int = Field(description="Open monitor WebSockets of this process.")
    users: int
    audit: ChainRead
