"""Plans and progress for the pure tests, written in a line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self
from uuid import UUID

from renum_app.agents.backend import RunEnded, Usage
from renum_app.engine import facts
from renum_app.engine.plan import Brief, Plan, plan_for
from renum_app.engine.progress import Progress, nothing_yet
from renum_app.engine.reducer import Fact, fold
from renum_app.engine.strategies.decision import Skip
from renum_app.models.agent import AgentSnapshot, Backend
from renum_app.models.event import StoredEvent
from renum_app.models.execution import Overrides
from renum_app.models.team import TeamRead, TeamWrite
from renum_app.models.values import utc_now

ID = UUID(int=1)
BRIEF = Brief(execution_id=ID, user_id=ID, prompt="Analise.", variables={"region": "sul", "limit": 3})


def body(*members: dict[str, Any] | str, kind: str = "sequential", **config: Any) -> TeamWrite:
    """A team's body; a bare name is a member of the next order."""
    seats = [
        {"agent_id": member, "execution_order": place}
        if isinstance(member, str)
        else {"execution_order": place, **member}
        for place, member in enumerate(members, start=1)
    ]
    agent_ids = list(dict.fromkeys(seat["agent_id"] for seat in seats))
    definition = {"type": kind, "agents": seats}
    return TeamWrite.model_validate(
        {"name": "Equipe", "agent_ids": agent_ids, "workflow_definition": definition, "team_config": config}
    )


def plan(*members: dict[str, Any] | str, kind: str = "sequential", **config: Any) -> Plan:
    team = TeamRead(
        team_id=ID,
        user_id=ID,
        version=1,
        created_at=utc_now(),
        updated_at=utc_now(),
        **body(*members, kind=kind, **config).model_dump(),
    )
    ids = {*team.agent_ids, *(m.fallback_agent_id for m in team.workflow_definition.agents if m.fallback_agent_id)}
    agents = {name: AgentSnapshot(agent_id=name, name=name.upper(), backend=Backend.LOCAL) for name in ids}
    return plan_for(team, agents, Overrides(), step_timeout_seconds=60)


class Story:
    """An execution told by its events."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.progress: Progress = nothing_yet(plan)
        self.events: list[StoredEvent] = []
        self.tell(facts.execution_started(plan))

    def tell(self, new: Iterable[Fact]) -> Self:
        for kind, data in new:
            event = StoredEvent(ID, len(self.events) + 1, kind, utc_now(), data)
            self.events.append(event)
            fold(self.progress, event)
        return self

    def start(self, *step_ids: str) -> Self:
        for step_id in step_ids:
            own = self.progress.steps[step_id]
            step = self.plan.by_id[step_id]
            self.tell(facts.attempt_started(step, own.attempt + 1, is_fallback=own.is_fallback, reads=[]))
        return self

    def complete(self, **outputs: str) -> Self:
        for step_id, output in outputs.items():
            step, attempt = self.plan.by_id[step_id], self.progress.steps[step_id].attempt
            ended = RunEnded(text=output, usage=Usage(10, 5))
            self.tell(facts.step_completed(step, attempt, ended, output=output, cost_usd=0.5, seconds=1))
        return self

    def fail(self, *step_ids: str) -> Self:
        for step_id in step_ids:
            step, attempt = self.plan.by_id[step_id], self.progress.steps[step_id].attempt
            error = facts.error_data("agent_failed", "agent_errors.refused", agent=step.name)
            self.tell(facts.attempt_failed(step, attempt, error, will_retry=False, unmeasured=False))
            self.tell(facts.step_failed(step, attempt, error))
        return self

    def skip(self, *step_ids: str) -> Self:
        for step_id in step_ids:
            self.tell(facts.step_skipped(self.plan.by_id[step_id], Skip(step_id, "conditions_not_met")))
        return self

    def pause(self, *step_ids: str) -> Self:
        """Their last attempt failed, and they wait for the next one."""
        for step_id in step_ids:
            step, attempt = self.plan.by_id[step_id], self.progress.steps[step_id].attempt
            error = facts.error_data("backend_unreachable", "agent_errors.unreachable", agent=step.name)
            self.tell(facts.attempt_failed(step, attempt, error, will_retry=True, unmeasured=False))
            again = {"at": utc_now(), "seconds": 1.0, "reason": "backend_unreachable", "to_fallback": False}
            self.tell(facts.retry_scheduled(step, attempt + 1, **again))
        return self

    def cancel(self, *step_ids: str) -> Self:
        for step_id in step_ids:
            step, attempt = self.plan.by_id[step_id], self.progress.steps[step_id].attempt
            self.tell(facts.step_cancelled(step, attempt, reason="join_satisfied"))
        return self
