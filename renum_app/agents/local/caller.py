"""Calls models on one event loop: a leased client, the model, and the stream of its answer."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from pydantic_ai.exceptions import UserError
from pydantic_ai.models import Model
from pydantic_ai.providers import Provider

from renum_app.agents.backend import AgentFailed, OpenCredential, RunRequest, RunUpdate
from renum_app.agents.local.clients import ClientPool
from renum_app.agents.local.failures import Call, redacted
from renum_app.agents.local.names import ModelName
from renum_app.agents.local.providers import model_of, without_retries
from renum_app.agents.local.stream import Limits, stream_answer
from renum_app.settings import Settings


class Caller:
    def __init__(self, settings: Settings, *, provider_urls: Mapping[str, str]) -> None:
        self._limits = Limits.of(settings)
        self.clients = ClientPool(settings, provider_urls=provider_urls)

    async def call(
        self, request: RunRequest, *, credential: OpenCredential, name: ModelName
    ) -> AsyncGenerator[RunUpdate]:
        """Call the model once.

        Raises:
            AgentError: The call failed.
        """
        call = Call(agent=request.agent.name, credential=credential, model=name.model)
        async with self.clients.lease(request.user_id, call) as client:
            model = _model(client.provider, call=call, name=name)
            settings = without_retries(client.provider)
            updates = stream_answer(model, request=request, call=call, limits=self._limits, settings=settings)
            async with aclosing(updates):
                async for update in updates:
                    yield update


def _model(provider: Provider[Any], *, call: Call, name: ModelName) -> Model[Any]:
    try:
        return model_of(provider, credential=call.credential, name=name)
    except UserError as error:  # the provider's rules for a model's name
        detail = redacted(str(error), key=call.credential.api_key)
        raise AgentFailed("model_not_found", agent=call.agent, detail=detail, **call.names()) from None
