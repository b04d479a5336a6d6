"""Redoing an execution: again from where it failed, from any step, or under a higher cap."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from pydantic import Field

from renum_app.models.execution import ExecutionStatus
from renum_app.models.values import Moment, Read, Shape, Text


class RedoKind(StrEnum):
    RETRY = "retry"
    """From the failed steps on."""
    FORK = "fork"
    """From a step of the person's choice, perhaps with something changed."""
    RESUME = "resume"
    """From where a budget ended it, under a new cap."""


class ForkRequest(Shape):
    """Body of `POST /executions/{execution_id}/fork`."""

    from_step: Text = Field(min_length=1, max_length=200, description="This step and what follows from it run again.")
    input: Text | None = Field(default=None, min_length=1, description="Takes the place of what the step would read.")
    output: Text | None = Field(
        default=None, min_length=1, description="Takes the place of the step's answer; its agent is not called."
    )
    initial_prompt: Text | None = Field(default=None, min_length=1, description="For the steps that run again.")
    team_version: int | None = Field(
        default=None, ge=1, le=2_147_483_647, description="By default the version the execution pinned."
    )


class ResumeRequest(Shape):
    """Body of `POST /executions/{execution_id}/resume`."""

    max_cost_usd: float | None = Field(
        default=None, ge=0, description="For the new execution alone; by default the cap the ended one had."
    )
    max_tokens: int | None = Field(
        default=None, ge=1, description="For the new execution alone; by default the cap the ended one had."
    )


class RedoRead(Read):
    """How an execution came from another, and what that spared."""

    kind: RedoKind
    from_step: str | None
    changed: list[str] = Field(description="Of `input`, `output`, `initial_prompt`, `team_version`, `cap`.")
    reused_steps: list[str]
    saved_cost_usd: float | None = Field(description="What the reused results had cost; null where unknown.")
    saved_tokens: int


class ChildRead(Read):
    """An execution that redoes this one."""

    execution_id: UUID
    kind: RedoKind
    from_step: str | None
    status: ExecutionStatus
    created_at: Moment


class ForkForecast(Read):
    """What a fork would do, told before it is made."""

    again: list[str] = Field(description="Steps that would run, in the workflow's order.")
    reused: list[str] = Field(description="Steps whose results would be taken over.")
    saved_cost_usd: float | None = Field(description="What those had cost; null where unknown.")
    saved_tokens: int
