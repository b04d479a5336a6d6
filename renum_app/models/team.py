"""Teams: members, their workflow, and every version of both."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from pydantic import Field
from sqlmodel import Field as Column

from renum_app.models.values import JsonColumn, Moment, Name, Read, Row, Shape, Text, UtcDateTime, utc_now
from renum_app.models.workflow import TeamConfig, WorkflowDefinition


class Team(Row, table=True):
    __tablename__ = "renum_teams"

    team_id: UUID = Column(default_factory=uuid4, primary_key=True)
    user_id: UUID = Column(foreign_key="renum_users.user_id", index=True, ondelete="CASCADE")
    name: str
    description: str | None = None
    agent_ids: list[str] = Column(default_factory=list, sa_type=JsonColumn)
    workflow_definition: dict[str, Any] = Column(sa_type=JsonColumn)
    user_api_keys: dict[str, Any] = Column(default_factory=dict, sa_type=JsonColumn)
    team_config: dict[str, Any] = Column(default_factory=dict, sa_type=JsonColumn)
    version: int = 1
    is_active: bool = True
    """Switched off by its owner: it stays listed and cannot be executed."""
    archived_at: datetime | None = Column(default=None, sa_type=UtcDateTime)
    """Deleted by its owner; kept because its executions stay readable."""
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
    updated_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)


class TeamVersion(Row, table=True):
    """The team as one save left it; never changed afterwards."""

    __tablename__ = "renum_team_versions"

    team_id: UUID = Column(foreign_key="renum_teams.team_id", primary_key=True, ondelete="CASCADE")
    version: int = Column(primary_key=True)
    snapshot: dict[str, Any] = Column(sa_type=JsonColumn)
    """name, description, agent_ids, workflow_definition, team_config."""
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)


class TeamWrite(Shape):
    """Body of `POST /teams` and `PUT /teams/{team_id}`, as the specification prints it."""

    name: Name
    description: Text | None = Field(default=None, max_length=2_000)
    agent_ids: list[Text] = Field(max_length=1_000)
    workflow_definition: WorkflowDefinition
    user_api_keys: dict[str, Text] = Field(
        default={}, description="Kept for compatibility; must be empty: keys live under /api-keys."
    )
    team_config: TeamConfig = Field(default_factory=TeamConfig)
    is_active: bool = True


class TeamRead(Read):
    team_id: UUID
    user_id: UUID
    name: str
    description: str | None
    agent_ids: list[str]
    workflow_definition: WorkflowDefinition
    user_api_keys: dict[str, str]
    team_config: TeamConfig
    version: int
    is_active: bool
    missing_agent_ids: list[str] = Field(
        default=[], description="Its agents that their backend has no more; a team with any cannot run them."
    )
    created_at: Moment
    updated_at: Moment


class TeamVersionRead(Read):
    """The team as one save left it."""

    team_id: UUID
    version: int
    name: str
    description: str | None
    agent_ids: list[str]
    workflow_definition: WorkflowDefinition
    team_config: TeamConfig
    is_current: bool = Field(description="The one that an execution started now would follow.")
    created_at: Moment
