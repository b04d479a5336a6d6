"""The agents that live at a Suna server, for one account at a time; belongs to the event loop it is first used on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from renum_app.agents.backend import (
    AgentError,
    AgentFailed,
    BackendState,
    CredentialSource,
    RemoteAgent,
)
from renum_app.agents.suna import wire
from renum_app.agents.suna.client import Client, Speech
from renum_app.agents.suna.failures import ThingMissing
from renum_app.agents.suna.names import named_here, named_there
from renum_app.agents.suna.server import Call, Server
from renum_app.agents.suna.timing import Timing

_PAGE = 100
_MOST_PAGES = 20
_READ_SECONDS = 15.0
"""Somebody is looking at a page meanwhile."""


class SunaCatalogue:
    def __init__(self, credentials: CredentialSource, url: str, *, timing: Timing | None = None) -> None:
        self._credentials = credentials
        self._server = Server(url, timing=timing or Timing(read_seconds=_READ_SECONDS, write_seconds=_READ_SECONDS))
        self._speech = Speech(self._server)

    async def agents(self, user_id: UUID) -> list[RemoteAgent]:
        """Every agent of the account, whichever way the release pages."""
        client, found = await self._client(user_id), []
        for page in range(1, _MOST_PAGES + 1):
            query = {"page": str(page), "limit": str(_PAGE)}
            listed = await client.ask(lambda d, q=query: Call("GET", f"{d.prefix}/agents", params=q), wire.AgentList)
            found += [_read(agent) for agent in listed.agents]
            if page >= listed.pagination.pages:
                break
        return found

    async def agent(self, user_id: UUID, remote_id: str) -> RemoteAgent | None:
        client = await self._client(user_id)
        try:
            return _read(await client.ask(lambda d: Call("GET", f"{d.prefix}/agents/{remote_id}"), wire.AgentRow))
        except ThingMissing:
            return None

    async def create(self, user_id: UUID, agent: RemoteAgent) -> RemoteAgent:
        """Add an agent; description and model, which creating has no fields for, follow in an update."""
        client = await self._client(user_id)
        body = {"name": agent.name, "system_prompt": agent.instructions or ""}
        made = _read(await client.ask(lambda d: Call("POST", f"{d.prefix}/agents", json=body), wire.AgentRow))
        if not (agent.description or agent.model):
            return made
        whole = RemoteAgent(made.remote_id, agent.name, agent.description, agent.instructions, agent.model)
        return await self.update(user_id, whole) or made

    async def update(self, user_id: UUID, agent: RemoteAgent) -> RemoteAgent | None:
        client = await self._client(user_id)
        body: dict[str, Any] = {"name": agent.name, "description": agent.description}
        body |= {"system_prompt": agent.instructions} if agent.instructions is not None else {}
        body |= {"model": named_there(agent.model)} if agent.model else {}
        path = f"/agents/{agent.remote_id}"
        try:
            return _read(await client.ask(lambda d: Call("PUT", d.prefix + path, json=body), wire.AgentRow))
        except ThingMissing:
            return None

    async def delete(self, user_id: UUID, remote_id: str) -> None:
        client = await self._client(user_id)
        try:
            await client.send(lambda d: Call("DELETE", f"{d.prefix}/agents/{remote_id}"))
        except ThingMissing:
            return

    async def inspect(self, user_id: UUID | None) -> BackendState:
        """Whether the server answers, what it is, and whether it takes the person's key."""
        try:
            dialect = await self._speech.dialect()
            started = self._server.clock()
            status, _body = await self._server.peek("GET", f"{dialect.prefix}/health")
        except AgentError as error:
            return BackendState(problem=error)
        if status != 200:
            return BackendState(problem=AgentFailed("suna_failed", retryable=True, status=status, detail="–"))
        latency_ms = round((self._server.clock() - started) * 1_000)
        state = BackendState(is_reachable=True, version=dialect.generation.value, latency_ms=latency_ms)
        return state if user_id is None else await self._of_account(state, user_id)

    async def _of_account(self, state: BackendState, user_id: UUID) -> BackendState:
        try:
            client = await self._client(user_id)
            await client.ask(lambda d: Call("GET", f"{d.prefix}/agents", params={"limit": "1"}), wire.AgentList)
            return replace(state, run_limit=await client.run_limit())
        except AgentError as error:
            return replace(state, problem=error)

    async def aclose(self) -> None:
        await self._server.aclose()

    async def _client(self, user_id: UUID) -> Client:
        return await Client.of(user_id, self._credentials, server=self._server, speech=self._speech)


def _read(agent: wire.AgentRow) -> RemoteAgent:
    if not agent.name.strip():
        raise AgentFailed("suna_unreadable")
    return RemoteAgent(
        remote_id=agent.agent_id,
        name=agent.name[:200],
        description=(agent.description or "")[:2_000],
        instructions=agent.system_prompt,
        model=named_here(agent.model or "")[:200],
    )
