"""Agents over REST."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body

from renum_app.api import documented
from renum_app.api.dependencies import Language, Limit, PageNumber, ReadsAgents, Search, WritesAgents
from renum_app.api.once import OnceRoute
from renum_app.models.agent import AgentRead, AgentWrite, Backend, BackendStanding
from renum_app.models.values import Page
from renum_app.services import agents, backends

router = APIRouter(prefix="/agents", tags=["agents"], route_class=OnceRoute)

AgentBody = Annotated[
    AgentWrite,
    Body(openapi_examples=documented.examples(local=documented.AGENT, rehearsal=documented.REHEARSAL)),
]


@router.get("", responses=documented.errors(401))
async def list_agents(
    user: ReadsAgents, page: PageNumber = 1, limit: Limit = 10, search: Search = "", backend: Backend | None = None
) -> Page[AgentRead]:
    """Your agents on all backends, newest first."""
    return await agents.list_agents(user, page=page, limit=limit, search=search, backend=backend)


@router.post("", status_code=201, responses=documented.with_body(401))
async def create_agent(user: WritesAgents, body: AgentBody) -> AgentRead:
    """Add an agent."""
    return await agents.create(user, body)


@router.get("/backends", responses=documented.errors(401))
async def list_backends(user: ReadsAgents, language: Language) -> list[BackendStanding]:
    """The backends where agents live, as your key finds them: reachable, version, latency, limit of runs."""
    return await backends.standings(user, locale=language)


@router.get("/{agent_id}", responses=documented.errors(401, 404))
async def get_agent(user: ReadsAgents, agent_id: str) -> AgentRead:
    return await agents.get(user, agent_id)


@router.put("/{agent_id}", responses=documented.with_body(401, 404))
async def update_agent(user: WritesAgents, agent_id: str, body: AgentBody) -> AgentRead:
    """Replace an agent; executions under way keep the one they started with."""
    return await agents.update(user, agent_id, body)


@router.delete("/{agent_id}", status_code=204, responses=documented.errors(401, 404, 409))
async def delete_agent(user: WritesAgents, agent_id: str) -> None:
    """Remove an agent; 409 `agent_in_use` names the teams it sits in."""
    await agents.delete(user, agent_id)
