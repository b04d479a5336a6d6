"""The local backend: finds the user's key and has the agent's model called."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import TYPE_CHECKING

from renum_app.agents.backend import (
    Capabilities,
    CredentialMissing,
    CredentialSource,
    OpenCredential,
    RunRequest,
    RunUpdate,
    UnknownRun,
)
from renum_app.agents.local.names import model_name_of
from renum_app.agents.local.urls import PROVIDER_URLS
from renum_app.models.agent import Backend
from renum_app.settings import Settings

if TYPE_CHECKING:
    from renum_app.agents.local.caller import Caller


class LocalBackend:
    """Runs agents with pydantic-ai. Belongs to the event loop it is first used on."""

    name = Backend.LOCAL
    capabilities = Capabilities()

    def __init__(
        self, credentials: CredentialSource, settings: Settings, *, provider_urls: Mapping[str, str] = PROVIDER_URLS
    ) -> None:
        self._credentials = credentials
        self._settings = settings
        self._provider_urls = provider_urls
        self._caller: Caller | None = None

    async def run(self, request: RunRequest) -> AsyncIterator[RunUpdate]:
        """Call the agent's model once and stream its answer.

        Raises:
            AgentError: The model is not named, its key is missing, or the call failed.
        """
        name = model_name_of(request.agent)
        credential = await self._credential(request, service=name.service)
        caller = await self._opened()
        async with aclosing(caller.call(request, credential=credential, name=name)) as updates:
            async for update in updates:
                yield update

    async def attach(self, request: RunRequest, identifiers: Mapping[str, str]) -> AsyncIterator[RunUpdate]:
        """A call dies with its process; providers let nobody come back to it.

        Raises:
            UnknownRun: Always.
        """
        raise UnknownRun
        yield  # makes this an iterator, so that it fails where others would

    async def stop(self, request: RunRequest, identifiers: Mapping[str, str]) -> bool:
        """Closing the iterator closed the connection, which is all a provider can be told."""
        return True

    async def aclose(self) -> None:
        if self._caller is not None:
            await self._caller.clients.aclose()

    async def _credential(self, request: RunRequest, *, service: str) -> OpenCredential:
        credential = await self._credentials(request.user_id, service)
        if credential is None:
            raise CredentialMissing("credential_missing", agent=request.agent.name, service=service)
        return credential

    async def _opened(self) -> Caller:
        if self._caller is None:
            caller = await asyncio.to_thread(_caller_class)
            self._caller = self._caller or caller(self._settings, provider_urls=self._provider_urls)
        return self._caller


def _caller_class() -> type[Caller]:
    # Importing pydantic-ai takes longer than the rest of a start together, so the first call does it, off the loop.
    from renum_app.agents.local.caller import Caller

    return Caller
