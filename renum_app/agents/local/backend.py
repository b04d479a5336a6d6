"""The local backend: finds the user's key, opens the model and streams one answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any

from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model
from pydantic_ai.providers import Provider

from renum_app.agents.backend import (
    AgentFailed,
    Capabilities,
    CredentialMissing,
    CredentialSource,
    OpenCredential,
    RunRequest,
    RunUpdate,
    UnknownRun,
)
from renum_app.agents.local.clients import ClientPool
from renum_app.agents.local.failures import Call, redacted
from renum_app.agents.local.providers import ModelName, model_of, parse_model_name, without_retries
from renum_app.agents.local.stream import Limits, stream_answer
from renum_app.models.agent import Backend
from renum_app.settings import Settings


class LocalBackend:
    """Runs agents with pydantic-ai. Belongs to the event loop it is first used on."""

    name = Backend.LOCAL
    capabilities = Capabilities()

    def __init__(self, credentials: CredentialSource, settings: Settings) -> None:
        self._credentials = credentials
        self._limits = Limits.of(settings)
        self._clients = ClientPool(settings)

    async def run(self, request: RunRequest) -> AsyncIterator[RunUpdate]:
        """Call the agent's model once and stream its answer.

        Raises:
            AgentError: The model is not named, its key is missing, or the call failed.
        """
        name = _model_name(request)
        credential = await self._credential(request, service=name.service)
        call = Call(agent=request.agent.name, credential=credential, model=name.model)
        async with self._clients.lease(request.user_id, call) as client:
            model = _model(client.provider, call=call, name=name)
            settings = without_retries(client.provider)
            updates = stream_answer(model, request=request, call=call, limits=self._limits, settings=settings)
            async with aclosing(updates):
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
        await self._clients.aclose()

    async def _credential(self, request: RunRequest, *, service: str) -> OpenCredential:
        credential = await self._credentials(request.user_id, service)
        if credential is None:
            raise CredentialMissing("credential_missing", agent=request.agent.name, service=service)
        return credential


def _model(provider: Provider[Any], *, call: Call, name: ModelName) -> Model[Any]:
    try:
        return model_of(provider, credential=call.credential, name=name)
    except UserError as error:  # the provider's rules for a model's name
        detail = redacted(str(error), key=call.credential.api_key)
        raise AgentFailed("model_not_found", agent=call.agent, detail=detail, **call.names()) from None


def _model_name(request: RunRequest) -> ModelName:
    agent = request.agent
    if not agent.model.strip():
        raise AgentFailed("model_missing", agent=agent.name)
    if (name := parse_model_name(agent.model)) is None:
        raise AgentFailed("model_without_service", agent=agent.name, model=agent.model)
    return name
