"""What a person's executions have used, by team, agent, model or day."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from renum_app.models.values import Moment, Read


class UsageGroup(StrEnum):
    TEAM = "team"
    AGENT = "agent"
    MODEL = "model"
    DAY = "day"


class UsageRow(Read):
    key: str = Field(description="The team's or agent's id, the model, or the day in UTC, `2026-01-31`.")
    name: str
    executions: int
    steps: int = Field(description="Those that were begun; what a redo took over does not count again.")
    input_tokens: int
    output_tokens: int
    cost_usd: float | None = Field(description="Null where nothing is known of it.")
    unknown_steps: int = Field(description="Steps whose cost nobody knows; they are not in `cost_usd`.")


class UsageRead(Read):
    since: Moment = Field(serialization_alias="from")
    until: Moment = Field(serialization_alias="to")
    group_by: UsageGroup
    items: list[UsageRow] = Field(description="The dearest first, days in their order; at most a thousand.")
    cost_usd: float = Field(description="Of all items together, as far as it is known.")
