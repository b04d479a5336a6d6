"""Which agents could run now: those that are there, with a key for their model."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from renum_app.errors import NotFound
from renum_app.models.agent import AgentRead, Backend
from renum_app.models.user import CurrentUser
from renum_app.services import agents, credentials
from renum_app.state.wizard_view import KnownAgent


async def stored_services(user: CurrentUser) -> set[str]:
    """Whose keys the person has."""
    return {credential.service_name for credential in await credentials.list_credentials(user)}


def known(agent: AgentRead, stored: Collection[str]) -> KnownAgent:
    service = agent.model.split(":", 1)[0] if agent.backend is Backend.LOCAL else ""
    return KnownAgent(
        name=agent.name,
        model=agent.model,
        backend=agent.backend.value,
        is_missing=agent.is_missing,
        agent_id=agent.agent_id,
        service=service,
        lacks_key=bool(service) and service not in stored,
    )


async def known_by_id(user: CurrentUser, agent_ids: Iterable[str]) -> dict[str, KnownAgent]:
    """These agents by id; one that is gone says so."""
    stored, found = await stored_services(user), {}
    for agent_id in set(agent_ids):
        try:
            found[agent_id] = known(await agents.get(user, agent_id), stored)
        except NotFound:
            found[agent_id] = KnownAgent(is_missing=True, agent_id=agent_id)
    return found
