"""Agents that live at a backend of their own: the copy kept here, and what is done to them there.

The copy is what people see and teams name; while the backend is away it can be read and not changed.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable
from typing import TypeVar
from uuid import UUID, uuid5

from renum_app import runtime
from renum_app.agents.backend import AgentCatalogue, AgentError, CredentialMissing, RemoteAgent, RunTimeout
from renum_app.database import transaction
from renum_app.errors import BackendFailed
from renum_app.models.agent import Agent, AgentRead, AgentWrite, Backend
from renum_app.models.user import CurrentUser
from renum_app.models.values import utc_now
from renum_app.repositories import agents
from renum_app.services import idempotency

Found = TypeVar("Found")
log = logging.getLogger(__name__)

_FRESH_SECONDS = 15.0
_TRY_AGAIN_SECONDS = 2.0
"""After a reading that failed, so that somebody who asks again is not told what was true before."""
_PATIENCE_SECONDS = 5.0
"""How long a page waits for a backend before it shows the copy."""


async def refresh(user: CurrentUser) -> None:
    """Bring the copies up to date, unless that was done a moment ago or the backend is away."""
    for backend, catalogue in runtime.current().catalogues.items():
        reads, name = runtime.current().catalogue_reads, (user.user_id, backend)
        if time.monotonic() - reads.get(name, float("-inf")) < _FRESH_SECONDS:
            continue
        reads[name] = time.monotonic()
        try:
            found = await _read(user, backend, catalogue.agents(user.user_id))
        except AgentError as error:
            reads[name] -= _FRESH_SECONDS - _TRY_AGAIN_SECONDS
            log.info("Agents of a backend were not read", extra={"action": "agents_not_read", "why": str(error)})
            continue
        await _keep(user, backend, found)


def troubles(user: CurrentUser) -> dict[Backend, AgentError]:
    """Why the person's agents could not be read where they live, by the last try; without a key nobody tries."""
    found = {name[1]: error for name, error in runtime.current().catalogue_troubles.items() if name[0] == user.user_id}
    return {backend: error for backend, error in found.items() if not isinstance(error, CredentialMissing)}


async def refresh_one(user: CurrentUser, agent: Agent) -> Agent:
    """The agent as its backend has it now; the copy where that is away."""
    if (catalogue := runtime.current().catalogues.get(Backend(agent.backend))) is None:
        return agent
    try:
        found = await _read(user, Backend(agent.backend), catalogue.agent(user.user_id, agent.remote_id))
    except AgentError:
        return agent
    async with transaction() as session:
        row = await agents.require(session, owner=user.user_id, agent_id=agent.agent_id)
        if found is None:
            row.is_missing = True
        else:
            _copy(row, found)
        return await agents.add(session, row)


async def create(user: CurrentUser, body: AgentWrite) -> Agent:
    """Add an agent at its backend, and its copy.

    Raises:
        BackendFailed: It refused, or is away.
    """
    wanted = _remote("", body)
    made = await _answer(_catalogue(body.backend).create(user.user_id, wanted), name=body.name)
    return await _stored(user, body.backend, made)


async def update(user: CurrentUser, agent: Agent, body: AgentWrite) -> Agent:
    """Change an agent at its backend, and the copy; raises like `create`."""
    wanted = _remote(agent.remote_id, body)
    changed = await _answer(_catalogue(body.backend).update(user.user_id, wanted), name=body.name)
    if changed is None:
        raise BackendFailed("suna_agent_missing", agent=body.name)
    return await _stored(user, body.backend, changed)


async def delete(user: CurrentUser, agent: Agent) -> None:
    """Remove an agent, whose copy is deleted, from its backend too; raises like `create`, with the copy back."""
    catalogue = _catalogue(Backend(agent.backend))
    try:
        await _answer(catalogue.delete(user.user_id, agent.remote_id), name=agent.name)
    except BackendFailed:
        async with transaction() as session:
            agent.is_active = True
            await agents.put(session, agent)
        raise


def _catalogue(backend: Backend) -> AgentCatalogue:
    return runtime.current().catalogues[backend]


async def _read(user: CurrentUser, backend: Backend, call: Awaitable[Found]) -> Found:
    """What the backend answers while somebody looks at a page; how it went is remembered."""
    failures, name = runtime.current().catalogue_troubles, (user.user_id, backend)
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            found = await call
    except TimeoutError:
        failures[name] = RunTimeout("suna_silent")
        raise failures[name] from None
    except AgentError as error:
        failures[name] = error
        raise
    failures.pop(name, None)
    return found


async def _answer(call: Awaitable[Found], *, name: str) -> Found:
    try:
        return await call
    except AgentError as error:
        raise BackendFailed(error.message, **{"agent": name, **error.params}) from error


async def _keep(user: CurrentUser, backend: Backend, found: list[RemoteAgent]) -> None:
    """Make the copies what the backend has; what it has no more stays, marked as missing."""
    async with transaction() as session:
        known = await agents.copies(session, owner=user.user_id, backend=backend)
        for remote in found:
            row = known.pop(remote.remote_id, None) or _row(user.user_id, backend, remote.remote_id)
            await agents.add(session, _copy(row, remote))
        for gone in known.values():
            gone.is_missing = True


async def _stored(user: CurrentUser, backend: Backend, remote: RemoteAgent) -> Agent:
    async with transaction() as session:
        known = await agents.copies(session, owner=user.user_id, backend=backend)
        row = known.get(remote.remote_id) or _row(user.user_id, backend, remote.remote_id)
        agent = await agents.add(session, _copy(row, remote))
        await idempotency.made(session, AgentRead.model_validate(agent))
        return agent


def _row(user_id: UUID, backend: Backend, remote_id: str) -> Agent:
    """A new copy; its id follows from whose and which it is, so that no two copies can be made."""
    agent_id = uuid5(user_id, f"{backend.value}:{remote_id}")
    return Agent(agent_id=str(agent_id), user_id=user_id, name="", backend=backend.value, remote_id=remote_id)


def _copy(row: Agent, remote: RemoteAgent) -> Agent:
    read = {"name": remote.name, "description": remote.description, "model": remote.model}
    if remote.instructions is not None:
        read["instructions"] = remote.instructions
    if any(getattr(row, name) != value for name, value in read.items()):
        row.updated_at = utc_now()
    row.sqlmodel_update({**read, "last_seen_at": utc_now(), "is_missing": False, "is_active": True})
    return row


def _remote(remote_id: str, body: AgentWrite) -> RemoteAgent:
    return RemoteAgent(
        remote_id=remote_id,
        name=body.name,
        description=body.description,
        instructions=body.instructions,
        model=body.model,
    )
