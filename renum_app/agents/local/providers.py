"""From a model's name and a credential to pydantic-ai's provider and model, never looking at the environment's keys."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any, Protocol

from pydantic_ai.models import Model, infer_model
from pydantic_ai.models.openai import OpenAIChatModel
from pydantic_ai.profiles.openai import OpenAIModelProfile
from pydantic_ai.providers import Provider, infer_provider_class
from pydantic_ai.providers.openai_compatible import OpenAICompatibleProvider
from pydantic_ai.settings import ModelSettings

from renum_app.agents.backend import OpenCredential
from renum_app.agents.local.names import ModelName
from renum_app.agents.local.urls import PROVIDER_URLS

_MUST_FINISH = OpenAIModelProfile(openai_chat_streaming_requires_finish_reason=True)
_PRICE_LISTS = {"openai-chat": "openai", "openai-responses": "openai"}
_SPEAKS_HTTPX = frozenset({"groq"})
"""Providers whose SDK has not moved to httpx2."""


class Clients(Protocol):
    """Makes the client that a provider's SDK takes."""

    def sdk(self) -> Any: ...

    def own(self) -> Any: ...


class UnsupportedProvider(Exception):
    """This installation cannot speak that provider's own API; a base URL would make it OpenAI-compatible."""


def provider_of(
    credential: OpenCredential, clients: Clients, *, urls: Mapping[str, str] = PROVIDER_URLS
) -> Provider[Any]:
    """The provider with the user's own key. Slow at first: it imports the SDK.

    Raises:
        UnsupportedProvider: Nothing here speaks its API.
    """
    provider = _compatible(credential, clients) if credential.base_url else _known(credential, clients, urls=urls)
    client = provider.client
    if hasattr(client, "max_retries"):
        client.max_retries = 0
    if hasattr(client, "organization"):
        client.organization = client.project = None  # read from the environment, where it goes with another key
    return provider


def without_retries(provider: Provider[Any]) -> ModelSettings:
    """Settings that keep the SDK from retrying, which is the engine's to do, where a person can see it.

    Empty where the client itself says so: these SDKs would copy it for a setting, and the copy reads the environment.
    """
    return ModelSettings() if hasattr(provider.client, "max_retries") else ModelSettings(max_retries=0)


def model_of(provider: Provider[Any], *, credential: OpenCredential, name: ModelName) -> Model[Any]:
    """The model as pydantic-ai would infer it, except that a stream without a finish reason is an error."""
    if credential.base_url:
        return OpenAIChatModel(name.model, provider=provider, profile=_MUST_FINISH)
    model = infer_model(f"{credential.provider}:{name.model}", provider_factory=lambda _: provider)
    if isinstance(model, OpenAIChatModel):
        return type(model)(name.model, provider=provider, profile=_MUST_FINISH)
    return model


def price_list(credential: OpenCredential) -> str:
    """Whose prices apply, as genai-prices names it; empty for a server of one's own."""
    return "" if credential.base_url else _PRICE_LISTS.get(credential.provider, credential.provider)


def _compatible(credential: OpenCredential, clients: Clients) -> Provider[Any]:
    return OpenAICompatibleProvider(
        credential.service_name,
        base_url=credential.base_url or "",
        api_key=credential.api_key,
        http_client=clients.sdk(),
    )


def _known(credential: OpenCredential, clients: Clients, *, urls: Mapping[str, str]) -> Provider[Any]:
    if (url := urls.get(credential.provider)) is None:
        raise UnsupportedProvider(credential.provider)
    make: Any = infer_provider_class(credential.provider)
    given: dict[str, Any] = {"api_key": credential.api_key}
    if "base_url" in inspect.signature(make).parameters:
        given["base_url"] = url
    client = clients.own() if credential.provider in _SPEAKS_HTTPX else clients.sdk()
    return make(**given, http_client=client)
