"""Workflows: how the members of a team are wired; the shapes of the user's specification."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Literal

from pydantic import Field

from renum_app.models.values import Shape, Text


class WorkflowType(StrEnum):
    SEQUENTIAL = "sequential"
    PARALLEL = "parallel"
    PIPELINE = "pipeline"
    CONDITIONAL = "conditional"


class MemberRole(StrEnum):
    LEADER = "leader"
    MEMBER = "member"
    COORDINATOR = "coordinator"


class InputSource(StrEnum):
    INITIAL_PROMPT = "initial_prompt"
    AGENT_RESULT = "agent_result"
    COMBINED = "combined"


class CombinedType(StrEnum):
    AGENT_RESULT = "agent_result"
    CONTEXT = "context"
    VARIABLE = "variable"
    INITIAL_PROMPT = "initial_prompt"


class Operator(StrEnum):
    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    GREATER_THAN = "greater_than"
    GREATER_OR_EQUAL = "greater_or_equal"
    LESS_THAN = "less_than"
    LESS_OR_EQUAL = "less_or_equal"
    EXISTS = "exists"
    NOT_EXISTS = "not_exists"


class OnFailure(StrEnum):
    STOP = "stop"
    CONTINUE = "continue"
    FALLBACK = "fallback"


class Join(StrEnum):
    ALL = "all"
    ANY = "any"
    FIRST = "first"
    K = "k"


class CombinedSource(Shape):
    type: CombinedType
    agent_id: Text | None = Field(default=None, max_length=200, description="A step id, for agent_result.")
    key: Text | None = Field(default=None, max_length=200, description="Dotted path, for context and variable.")


class StepInput(Shape):
    """What a member is given to read; it never says when the member runs."""

    source: InputSource
    agent_id: Text | None = Field(default=None, max_length=200, description="A step id, for agent_result.")
    sources: list[CombinedSource] | None = Field(default=None, max_length=50)


class Condition(Shape):
    field: Text = Field(min_length=1, max_length=200, description="Dotted path into the context.")
    operator: Operator
    value: Any = None


class RetryPolicy(Shape):
    max_attempts: int = Field(default=3, ge=1, le=10)
    backoff_seconds: float = Field(default=1.0, ge=0, le=300)


class ApprovalPolicy(Shape):
    """What happens when nobody decides."""

    deadline_seconds: float | None = Field(default=None, gt=0, le=31_536_000, description="None waits for ever.")
    on_deadline: Literal["approve", "reject"] = "reject"


class MemberConfig(Shape):
    max_tokens: int | None = Field(default=None, ge=1, le=10_000_000, description="Output of one call.")
    temperature: float | None = Field(default=None, ge=0, le=2)
    tools: list[Text] | None = Field(default=None, max_length=50)


class Position(Shape):
    x: float
    y: float


class Member(Shape):
    """One seat in the team (`AgentWorkflowConfig` of the specification)."""

    agent_id: Text = Field(min_length=1, max_length=200)
    step_id: Text | None = Field(default=None, min_length=1, max_length=200, description="Defaults to the agent's id.")
    name: Text | None = Field(default=None, max_length=200)
    role: MemberRole = MemberRole.MEMBER
    execution_order: int = Field(default=1, ge=0, le=1_000_000)
    input: StepInput | None = None
    conditions: list[Condition] | None = Field(default=None, max_length=10)
    conditions_mode: Literal["all", "any"] = "all"
    config: MemberConfig | None = None
    timeout_seconds: float | None = Field(default=None, gt=0, le=86_400, description="One attempt.")
    retry: RetryPolicy | None = None
    on_failure: OnFailure = OnFailure.STOP
    fallback_agent_id: Text | None = Field(default=None, max_length=200)
    requires_approval: Literal["none", "before", "after"] = "none"
    approval: ApprovalPolicy | None = None
    position: Position | None = None

    @property
    def id(self) -> str:
        """The step id, which is the agent's unless given."""
        return self.step_id or self.agent_id


class WorkflowDefinition(Shape):
    type: WorkflowType
    agents: list[Member] = Field(min_length=1, max_length=1_000)


class Variable(Shape):
    """A value that whoever executes the team is asked for; it becomes `global_variables.<name>`."""

    name: Text = Field(min_length=1, max_length=100, pattern=r"^[^\W\d][\w-]*$")
    description: Text = Field(default="", max_length=300, description="What to give, for the person who fills it in.")
    default: Any = Field(default=None, description="Taken where an execution gives none; null is no default.")


class TeamConfig(Shape):
    """Totals of one execution, and how branches come together."""

    max_tokens: int | None = Field(default=None, ge=1)
    temperature: float | None = Field(default=None, ge=0, le=2)
    timeout: float | None = Field(default=None, gt=0, le=604_800, description="Seconds.")
    max_cost_usd: float | None = Field(default=None, ge=0)
    monthly_budget_usd: float | None = Field(
        default=None, ge=0, description="All executions of this team together, by calendar month in UTC."
    )
    max_concurrency: int | None = Field(default=None, ge=1, le=1_000)
    join: Join = Join.ALL
    join_k: int | None = Field(default=None, ge=1)
    variables: list[Variable] = Field(default=[], max_length=50)
