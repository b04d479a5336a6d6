"""The plan: the frozen snapshot of team, workflow and agents that one execution follows. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from renum_app.models.agent import AgentSnapshot, Backend
from renum_app.models.execution import Overrides
from renum_app.models.team import TeamRead
from renum_app.models.workflow import (
    ApprovalPolicy,
    Condition,
    Join,
    Member,
    MemberRole,
    OnFailure,
    RetryPolicy,
    StepInput,
    TeamConfig,
    WorkflowType,
)


@dataclass(frozen=True, slots=True)
class Brief:
    """What the person asked of the team in one execution."""

    execution_id: UUID
    user_id: UUID
    prompt: str
    variables: Mapping[str, Any] = field(default_factory=dict)
    monthly_budget_usd: float | None = None
    """The person's own, as it stood when the engine took the execution up."""


class PlannedStep(BaseModel):
    """One member's seat, with the agents that may fill it."""

    model_config = ConfigDict(frozen=True)

    step_id: str
    place: int
    """In the workflow's list, from 0."""
    name: str
    role: MemberRole
    order: int
    agent: AgentSnapshot
    fallback: AgentSnapshot | None = None
    input: StepInput | None = None
    conditions: tuple[Condition, ...] = ()
    conditions_mode: Literal["all", "any"] = "all"
    on_failure: OnFailure = OnFailure.STOP
    retry: RetryPolicy = RetryPolicy()
    timeout_seconds: float
    """One attempt."""
    max_tokens: int | None = None
    """Output of one call."""
    temperature: float | None = None
    requires_approval: Literal["none", "before", "after"] = "none"
    approval: ApprovalPolicy = ApprovalPolicy()
    given_input: str | None = None
    """What a person put in place of the input, when they forked the execution here."""

    @property
    def is_coordinator(self) -> bool:
        return self.role is MemberRole.COORDINATOR


class Plan(BaseModel):
    model_config = ConfigDict(frozen=True)

    team_id: UUID
    team_name: str
    version: int
    type: WorkflowType
    steps: tuple[PlannedStep, ...]
    join: Join = Join.ALL
    join_k: int | None = None
    max_concurrency: int | None = None
    timeout_seconds: float | None = None
    """The whole execution."""
    max_tokens: int | None = None
    max_cost_usd: float | None = None
    monthly_budget_usd: float | None = None
    """All executions of the team together, by calendar month in UTC."""

    @cached_property
    def by_id(self) -> dict[str, PlannedStep]:
        return {step.step_id: step for step in self.steps}

    @cached_property
    def groups(self) -> tuple[tuple[PlannedStep, ...], ...]:
        """Members of equal order, lowest first, each in the list's order."""
        ordered = sorted(self.steps, key=lambda step: (step.order, step.place))
        return tuple(tuple(group) for _, group in groupby(ordered, key=lambda step: step.order))

    @cached_property
    def shown_to_people(self) -> tuple[PlannedStep, ...]:
        """The members that wait for approval at some time."""
        return tuple(step for step in self.steps if step.requires_approval != "none")

    @property
    def coordinator(self) -> PlannedStep | None:
        return next((step for step in self.steps if step.is_coordinator), None)

    @property
    def branches(self) -> tuple[PlannedStep, ...]:
        """The members of a parallel workflow that its join waits for."""
        return tuple(step for step in self.steps if not step.is_coordinator)

    @property
    def is_rehearsal(self) -> bool:
        return all(step.agent.backend is Backend.REHEARSAL for step in self.steps)


def plan_for(
    team: TeamRead, agents: Mapping[str, AgentSnapshot], overrides: Overrides, *, step_timeout_seconds: float
) -> Plan:
    """Freeze a valid team for one execution.

    Args:
        agents: A snapshot of every agent and fallback agent the workflow names.
        step_timeout_seconds: One attempt's time where the member says nothing.
    """
    config = team.team_config
    if overrides.rehearsal:
        agents = {agent_id: _rehearsed(agent) for agent_id, agent in agents.items()}
    steps = tuple(
        _seat(member, place, agents, config, step_timeout_seconds)
        for place, member in enumerate(team.workflow_definition.agents)
    )
    return Plan(
        team_id=team.team_id,
        team_name=team.name,
        version=team.version,
        type=team.workflow_definition.type,
        steps=steps,
        join=config.join,
        join_k=config.join_k,
        max_concurrency=config.max_concurrency,
        timeout_seconds=config.timeout if overrides.timeout is None else overrides.timeout,
        max_tokens=config.max_tokens if overrides.max_tokens is None else overrides.max_tokens,
        max_cost_usd=config.max_cost_usd if overrides.max_cost_usd is None else overrides.max_cost_usd,
        monthly_budget_usd=config.monthly_budget_usd,
    )


def agent_ids_of(members: list[Member]) -> set[str]:
    """Every agent a workflow may call: those seated and their fallbacks."""
    return {member.agent_id for member in members} | {
        member.fallback_agent_id for member in members if member.fallback_agent_id
    }


def _seat(
    member: Member, place: int, agents: Mapping[str, AgentSnapshot], config: TeamConfig, timeout_seconds: float
) -> PlannedStep:
    own = member.config
    agent = agents[member.agent_id]
    if own and own.tools is not None:
        agent = agent.model_copy(update={"tools": list(own.tools)})
    takes_over = member.on_failure is OnFailure.FALLBACK and member.fallback_agent_id
    return PlannedStep(
        step_id=member.id,
        place=place,
        name=member.name or agent.name,
        role=member.role,
        order=member.execution_order,
        agent=agent,
        fallback=agents[takes_over] if takes_over else None,
        input=member.input,
        conditions=tuple(member.conditions or ()),
        conditions_mode=member.conditions_mode,
        on_failure=member.on_failure,
        retry=member.retry or RetryPolicy(),
        timeout_seconds=member.timeout_seconds or timeout_seconds,
        max_tokens=own.max_tokens if own else None,
        temperature=own.temperature if own and own.temperature is not None else config.temperature,
        requires_approval=member.requires_approval,
        approval=member.approval or ApprovalPolicy(),
    )


def _rehearsed(agent: AgentSnapshot) -> AgentSnapshot:
    return agent.model_copy(update={"backend": Backend.REHEARSAL})
