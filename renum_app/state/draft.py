"""What the designer shows and is told: a team's draft as the API writes it, and all that helps to finish it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from renum_app.errors import NotFound
from renum_app.models.agent import AgentRead
from renum_app.models.execution import ExecutionStatus
from renum_app.models.team import TeamRead, TeamWrite
from renum_app.models.user import CurrentUser
from renum_app.models.workflow import WorkflowType
from renum_app.services import agents, executions, teams
from renum_app.state.sentence import Sentence, by_field_of

Draft = dict[str, Any]
"""The body of `POST /teams`, finished or not."""

_ONE_LOOK = 100
_MOST_AGENTS = 500
_MOST_SEEN = 60
_LONGEST_SEEN = 200


@dataclass(frozen=True)
class SeatableAgent:
    """An agent that can be given a seat."""

    agent_id: str
    name: str
    description: str
    model: str
    backend: str


@dataclass(frozen=True)
class Problem:
    """What keeps a draft from being saved, at its dotted path in the API's payload."""

    path: str
    message: Sentence


@dataclass(frozen=True)
class Seen:
    """A value that the team's last execution left in its context."""

    field: str
    """Dotted path, as conditions name it."""
    value: Any
    agent_id: str
    """The step it came from; empty where nobody knows."""


def blank() -> Draft:
    """A team that nobody has begun."""
    return {
        "name": "",
        "description": None,
        "agent_ids": [],
        "workflow_definition": {"type": WorkflowType.SEQUENTIAL.value, "agents": []},
        "team_config": {},
        "is_active": True,
    }


def draft_of(team: TeamRead) -> Draft:
    """A team as one goes on editing it."""
    known = TeamWrite.model_validate({name: getattr(team, name) for name in TeamWrite.model_fields})
    return known.model_dump(mode="json", exclude_none=True)


async def problems_in(user: CurrentUser, draft: object) -> list[Problem]:
    """Everything that keeps the draft from being saved, in the order of the workflow; empty when nothing does."""
    try:
        body = TeamWrite.model_validate(draft)
    except ValidationError as error:
        return _named(by_field_of(error))
    found = await teams.check(user, body)
    return _named({problem.field: Sentence.of_problem(problem) for problem in reversed(found)})


def _named(found: dict[str, Sentence]) -> list[Problem]:
    if "workflow_definition.agents" in found:
        message = found["workflow_definition.agents"]
        found["workflow_definition.agents"] = (
            Sentence("teams.no_members") if message.key == "forms.too_short" else message
        )
    return [Problem(path, message) for path, message in sorted(found.items(), key=lambda item: _in_order(item[0]))]


def _in_order(path: str) -> list[tuple[int, str]]:
    """Member 10 comes after member 9."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in path.split(".")]


async def seatable(user: CurrentUser, seated: Iterable[str] = ()) -> list[SeatableAgent]:
    """The person's agents by name, those of `seated` among them however many there are."""
    found: dict[str, AgentRead] = {}
    for page in range(1, _MOST_AGENTS // _ONE_LOOK + 1):
        look = await agents.list_agents(user, page=page, limit=_ONE_LOOK)
        found |= {agent.agent_id: agent for agent in look.items}
        if page >= look.pages:
            break
    for agent_id in seated:
        if agent_id not in found and (agent := await _find(user, agent_id)):
            found[agent_id] = agent
    return [_seatable(agent) for agent in sorted(found.values(), key=lambda agent: agent.name.casefold())]


async def _find(user: CurrentUser, agent_id: str) -> AgentRead | None:
    try:
        return await agents.get(user, agent_id)
    except NotFound:
        return None


def _seatable(agent: AgentRead) -> SeatableAgent:
    return SeatableAgent(agent.agent_id, agent.name, agent.description, agent.model, agent.backend.value)


async def seen_in(user: CurrentUser, team_id: UUID) -> list[Seen]:
    """What the team's last completed execution left behind."""
    last = await executions.list_executions(user, team_id=team_id, status=ExecutionStatus.COMPLETED, limit=1)
    if not last.items:
        return []
    result = (await executions.get(user, last.items[0].execution_id)).final_result or {}
    shared = result.get("details", {}).get("shared_context", {})
    return [Seen(key, _short(value), "") for key, value in list(shared.items())[:_MOST_SEEN]]


def _short(value: object) -> object:
    """A value as a hint shows it; what is large is left to the execution's own page."""
    if isinstance(value, str):
        return value[:_LONGEST_SEEN]
    return value if isinstance(value, bool | int | float) else str(value)[:_LONGEST_SEEN]
