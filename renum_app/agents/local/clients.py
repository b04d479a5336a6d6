"""Open connections to providers: one client per user, key and URL, closed when nobody has used it for a while."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic_ai.providers import Provider

from renum_app.agents.backend import AgentFailed, OpenCredential
from renum_app.agents.local.failures import Call
from renum_app.agents.local.providers import UnsupportedProvider, provider_of
from renum_app.agents.local.urls import PROVIDER_URLS
from renum_app.http import own_client, sdk_client
from renum_app.settings import Settings

_IDLE_SECONDS = 120.0


class HttpClients:
    """Makes HTTP clients by the settings and remembers them, so that they can be closed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._made: list[Any] = []

    def sdk(self) -> Any:
        return self._remember(sdk_client)

    def own(self) -> Any:
        return self._remember(own_client)

    @property
    def are_closed(self) -> bool:
        return all(client.is_closed for client in self._made)

    async def aclose(self) -> None:
        for client in self._made:
            await client.aclose()

    def _remember(self, make: Any) -> Any:
        settings = self._settings
        client = make(
            private_is_allowed=settings.private_urls_are_allowed, read_seconds=settings.first_token_timeout_seconds
        )
        self._made.append(client)
        return client


@dataclass
class Client:
    """A provider with its key, and who uses it."""

    provider: Provider[Any]
    http: HttpClients = field(repr=False)
    users: int = 0
    idle_since: float = 0.0


class ClientPool:
    """The clients of one event loop."""

    def __init__(
        self,
        settings: Settings,
        *,
        provider_urls: Mapping[str, str] = PROVIDER_URLS,
        idle_seconds: float = _IDLE_SECONDS,
    ) -> None:
        self._settings = settings
        self._provider_urls = provider_urls
        self._idle_seconds = idle_seconds
        self._clients: dict[str, Client] = {}
        self._opening = asyncio.Lock()
        self._sweeper: asyncio.Task[None] | None = None

    @property
    def size(self) -> int:
        return len(self._clients)

    @asynccontextmanager
    async def lease(self, user_id: UUID, call: Call) -> AsyncIterator[Client]:
        """A client for one call; it stays open at least until the call ends.

        Raises:
            AgentFailed: The credential's provider cannot be spoken to here.
        """
        client = await self._open(_name(user_id, call.credential), call)
        client.users += 1
        try:
            yield client
        finally:
            client.users -= 1
            client.idle_since = asyncio.get_running_loop().time()
            self._sweep_later()

    async def aclose(self) -> None:
        if self._sweeper is not None:
            self._sweeper.cancel()
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.http.aclose()

    async def _open(self, name: str, call: Call) -> Client:
        if name not in self._clients:
            async with self._opening:
                if name not in self._clients:
                    # Importing an SDK and reading certificates would hold up every other agent of this loop.
                    self._clients[name] = await asyncio.to_thread(self._made, call)
        return self._clients[name]

    def _made(self, call: Call) -> Client:
        http = HttpClients(self._settings)
        try:
            return Client(provider=provider_of(call.credential, http, urls=self._provider_urls), http=http)
        except (UnsupportedProvider, ImportError) as error:
            raise AgentFailed("provider_unsupported", agent=call.agent, **call.names()) from error

    def _sweep_later(self) -> None:
        if self._sweeper is None or self._sweeper.done():
            self._sweeper = asyncio.create_task(self._sweep())

    async def _sweep(self) -> None:
        """Close what nobody uses, until nothing is left that nobody uses."""
        while any(not client.users for client in self._clients.values()):
            await asyncio.sleep(self._idle_seconds)
            before = asyncio.get_running_loop().time() - self._idle_seconds
            for name, client in list(self._clients.items()):
                if not client.users and client.idle_since <= before:
                    del self._clients[name]
                    await client.http.aclose()


def _name(user_id: UUID, credential: OpenCredential) -> str:
    """A name for the user's connection that does not spell the key out."""
    parts = (str(user_id), credential.service_name, credential.provider, credential.base_url or "", credential.api_key)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
