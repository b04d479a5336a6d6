"""Local agents on the providers' own APIs: each SDK, each dialect, the same updates and the same failures."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import pytest

from renum_app.agents.backend import (
    AgentError,
    AgentFailed,
    BadStream,
    CredentialRejected,
    OpenCredential,
    RateLimited,
    RunEnded,
    RunRequest,
    TextDelta,
)
from renum_app.agents.local import LocalBackend
from renum_app.models.agent import AgentSnapshot, Backend
from renum_app.settings import Settings
from tests.doubles.provider_server import REPLY, TOLD, ProviderServer, provider_server

PROVIDERS = ("anthropic", "google", "groq", "mistral", "moonshotai", "openai", "openai-chat")
PRICED_AS = {"openai-chat": "openai"}


@pytest.fixture
async def server() -> AsyncIterator[ProviderServer]:
    async with provider_server() as running:
        yield running


@pytest.fixture
async def backend(server: ProviderServer) -> AsyncIterator[LocalBackend]:
    async def credentials(_user_id: UUID, service_name: str) -> OpenCredential:
        return OpenCredential(service_name, service_name, server.key)

    urls = dict.fromkeys(PROVIDERS, server.url)
    running = LocalBackend(credentials, Settings(allow_private_urls=True), provider_urls=urls)
    yield running
    await running.aclose()


def request_for(provider: str) -> RunRequest:
    agent = AgentSnapshot(agent_id="ana", name="Ana", backend=Backend.LOCAL, model=f"{provider}:some-model")
    return RunRequest(
        user_id=uuid4(),
        execution_id=uuid4(),
        step_id="ana",
        attempt=1,
        agent=agent,
        instructions="Be brief.",
        input="Hi  \n",
        max_tokens=64,
    )


@pytest.mark.parametrize("provider", PROVIDERS)
async def test_each_provider_streams_counts_and_ends(
    server: ProviderServer, backend: LocalBackend, provider: str
) -> None:
    updates = [update async for update in backend.run(request_for(provider))]
    assert tuple(update.text for update in updates if isinstance(update, TextDelta)) == REPLY
    end = updates[-1]
    assert isinstance(end, RunEnded)
    assert (end.usage.input_tokens, end.usage.output_tokens) == (TOLD["input"], TOLD["output"])
    assert (end.text, end.model, end.finish_reason) == ("".join(REPLY), "the-model", "stop")
    assert end.provider == PRICED_AS.get(provider, provider)
    sent = str(server.bodies[0])
    assert "Be brief." in sent
    assert "Hi  \\n" in sent
    assert "64" in sent


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize(
    ("fault", "kind", "word", "retry_after"),
    [
        ("401", CredentialRejected, "credential_rejected", None),
        ("403", CredentialRejected, "credential_rejected", None),
        ("429", RateLimited, "rate_limited", 3.0),
        ("500", AgentFailed, "provider_failed", None),
        ("400", AgentFailed, "provider_refused", None),
        ("garbage", BadStream, "answer_unreadable", None),
        ("cut", BadStream, "stream_cut", None),
    ],
)
async def test_each_provider_fails_in_the_same_words(
    server: ProviderServer,
    backend: LocalBackend,
    *,
    provider: str,
    fault: str,
    kind: type[AgentError],
    word: str,
    retry_after: float | None,
) -> None:
    server.fault = fault
    with pytest.raises(AgentError) as caught:
        _ = [update async for update in backend.run(request_for(provider))]
    error = caught.value
    assert (type(error), error.message, error.retry_after) == (kind, word, retry_after)
    assert server.calls == 1
    assert server.key not in str(error.params)
