"""Local agents against a real HTTP server that answers, and fails, as providers do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from renum_app.agents.backend import (
    AgentError,
    AgentFailed,
    BackendUnreachable,
    BadStream,
    CredentialMissing,
    CredentialRejected,
    OpenCredential,
    RateLimited,
    RunEnded,
    RunRequest,
    RunTimeout,
    RunUpdate,
    TextDelta,
    UnknownRun,
    Usage,
)
from renum_app.agents.local import LocalBackend, probe
from renum_app.agents.local.clients import HttpClients
from renum_app.agents.local.names import ModelName
from renum_app.agents.local.providers import model_of, price_list, provider_of, without_retries
from renum_app.agents.local.urls import PROVIDER_URLS
from renum_app.i18n import text
from renum_app.models.agent import AgentSnapshot, Backend
from renum_app.settings import Settings
from tests.doubles.openai_server import OpenAIServer, openai_server

USER = uuid4()
SETTINGS = Settings(allow_private_urls=True)
IMPATIENT = SETTINGS.model_copy(update={"first_token_timeout_seconds": 0.5, "idle_timeout_seconds": 0.5})


class Credentials:
    """A CredentialSource with what a test put in."""

    def __init__(self, *credentials: OpenCredential) -> None:
        self.stored: dict[str, OpenCredential] = {one.service_name: one for one in credentials}

    async def __call__(self, user_id: UUID, service_name: str) -> OpenCredential | None:
        return self.stored.get(service_name) if user_id == USER else None


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with openai_server() as running:
        yield running


@pytest.fixture
def credential(server: OpenAIServer) -> OpenCredential:
    return OpenCredential("mine", "mine", server.key, base_url=server.base_url)


@pytest.fixture
async def backend(credential: OpenCredential) -> AsyncIterator[LocalBackend]:
    running = LocalBackend(Credentials(credential), SETTINGS)
    yield running
    await running.aclose()


def request_for(model: str = "mine:tiny", **more: Any) -> RunRequest:
    agent = AgentSnapshot(agent_id="ana", name="Ana", backend=Backend.LOCAL, model=model)
    given: dict[str, Any] = {"instructions": "Be brief.", "input": "What is the answer?"} | more
    return RunRequest(
        user_id=given.pop("user_id", USER), execution_id=uuid4(), step_id="ana", attempt=1, agent=agent, **given
    )


async def run(backend: LocalBackend, request: RunRequest) -> list[RunUpdate]:
    return [update async for update in backend.run(request)]


async def end_of(backend: LocalBackend, request: RunRequest) -> RunEnded:
    end = (await run(backend, request))[-1]
    assert isinstance(end, RunEnded)
    return end


async def failure_of(backend: LocalBackend, request: RunRequest) -> AgentError:
    with pytest.raises(AgentError) as caught:
        await run(backend, request)
    return caught.value


async def until(condition: Any, *, seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - the server's counters tell nobody when they change
            await asyncio.sleep(0.01)


async def test_an_answer_streams_word_by_word_and_counts_what_the_server_counted(
    server: OpenAIServer, backend: LocalBackend
) -> None:
    updates = await run(backend, request_for())
    deltas = [update.text for update in updates if isinstance(update, TextDelta)]
    end = updates[-1]
    assert isinstance(end, RunEnded)
    assert len(deltas) == len(server.reply.split())
    assert "".join(deltas) == end.text == server.reply
    told = server.usages[0]
    assert end.usage == Usage(
        input_tokens=told["prompt_tokens"], output_tokens=told["completion_tokens"], cached_tokens=16
    )
    assert (end.model, end.finish_reason, end.provider, end.is_free) == ("tiny", "stop", "", False)


async def test_instructions_and_input_arrive_verbatim_as_one_message_each(
    server: OpenAIServer, backend: LocalBackend
) -> None:
    instructions, asked = "  You are Ana.\n\n# Rules\n- ção ☂\n", "Line 1\n\n<data>{x}</data>  \n"
    await run(backend, request_for(instructions=instructions, input=asked, max_tokens=7, temperature=0.25))
    body = server.requests[0]
    assert [(message["role"], message["content"]) for message in body["messages"]] == [
        ("system", instructions),
        ("user", asked),
    ]
    assert (body["model"], body["stream"], body["temperature"]) == ("tiny", True, 0.25)
    assert body.get("max_tokens", body.get("max_completion_tokens")) == 7
    assert body["stream_options"] == {"include_usage": True}


async def test_without_instructions_there_is_no_system_message(server: OpenAIServer, backend: LocalBackend) -> None:
    await run(backend, request_for(instructions=""))
    assert [message["role"] for message in server.requests[0]["messages"]] == ["user"]


async def test_a_bound_on_the_output_ends_the_answer_with_its_reason(
    server: OpenAIServer, backend: LocalBackend
) -> None:
    end = await end_of(backend, request_for(max_tokens=2))
    assert (end.text.split(), end.finish_reason) == (server.reply.split()[:2], "length")


async def test_a_model_may_have_colons_and_slashes(server: OpenAIServer, backend: LocalBackend) -> None:
    await run(backend, request_for("mine:org/llama3:8b-q4"))
    assert server.requests[0]["model"] == "org/llama3:8b-q4"


async def test_usage_the_server_does_not_tell_is_unknown(server: OpenAIServer, backend: LocalBackend) -> None:
    server.will("no_usage")
    assert (await end_of(backend, request_for())).usage == Usage()


@pytest.mark.parametrize("count", [10**30, 1.5, -5, "many"])
async def test_usage_that_cannot_be_is_unknown(
    server: OpenAIServer, backend: LocalBackend, monkeypatch: pytest.MonkeyPatch, count: Any
) -> None:
    told = {"prompt_tokens": count, "completion_tokens": 1, "total_tokens": count}
    monkeypatch.setattr(server, "_usage", lambda body, words: told)
    assert (await end_of(backend, request_for())).usage == Usage()


async def test_the_name_of_the_model_that_answered_can_be_stored(
    server: OpenAIServer, backend: LocalBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.doubles import openai_server

    chunk = openai_server._chunk
    monkeypatch.setattr(openai_server, "_chunk", lambda _, delta, **ends: chunk("odd\ud800\x00", delta, **ends))
    model = (await end_of(backend, request_for())).model
    assert model.startswith("odd")
    assert "\x00" not in model.encode().decode()


async def test_keys_of_the_environment_are_never_used(
    server: OpenAIServer, backend: LocalBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_ORG_ID", "OPENAI_PROJECT_ID"):
        monkeypatch.setenv(name, "sk-of-the-operator")
    await run(backend, request_for())
    assert server.headers[0]["Authorization"] == f"Bearer {server.key}"
    assert "sk-of-the-operator" not in str(server.headers)


FAILURES: list[tuple[str, type[AgentError], str, bool]] = [
    ("401", CredentialRejected, "credential_rejected", False),
    ("403", CredentialRejected, "credential_rejected", False),
    ("400", AgentFailed, "provider_refused", False),
    ("404", AgentFailed, "model_not_found", False),
    ("429", RateLimited, "rate_limited", True),
    ("500", AgentFailed, "provider_failed", True),
    ("502", AgentFailed, "provider_failed", True),
    ("in_stream_error", AgentFailed, "provider_failed", True),
    ("redirect", AgentFailed, "redirect_refused", False),
    ("garbage", BadStream, "answer_unreadable", True),
    ("bad_json", BadStream, "answer_unreadable", True),
    ("odd_json", BadStream, "answer_unreadable", True),
    ("endless_line", BadStream, "answer_unreadable", True),
    ("nothing", BadStream, "answer_unreadable", True),
    ("drop_at_once", BadStream, "stream_cut", True),
    ("drop", BadStream, "stream_cut", True),
    ("no_finish", BadStream, "stream_cut", True),
    ("in_stream_garbage", BadStream, "answer_unreadable", True),
    ("empty", BadStream, "answer_empty", True),
    ("slow_first", RunTimeout, "provider_silent", True),
    ("stall", RunTimeout, "provider_silent", True),
]


@pytest.mark.parametrize(("fault", "kind", "word", "retries"), FAILURES, ids=[fault for fault, *_ in FAILURES])
async def test_a_failure_is_named_asked_once_and_never_tells_the_key(
    server: OpenAIServer, credential: OpenCredential, *, fault: str, kind: type[AgentError], word: str, retries: bool
) -> None:
    backend = LocalBackend(Credentials(credential), IMPATIENT if word == "provider_silent" else SETTINGS)
    server.will(fault)
    error = await failure_of(backend, request_for())
    assert (type(error), error.message, error.will_help_to_retry) == (kind, word, retries)
    assert server.calls == 1
    for locale in ("pt-BR", "en"):
        sentence = text(f"agent_errors.{error.message}", locale, **error.params)
        assert "Ana" in sentence
        assert "mine" in sentence
        assert "{" not in sentence
        assert server.key not in sentence
    await until(lambda: server.open_streams == 0)
    await backend.aclose()


async def test_after_a_failure_the_same_backend_answers_again(server: OpenAIServer, backend: LocalBackend) -> None:
    server.will("drop", "garbage", "500")
    for _ in range(3):
        await failure_of(backend, request_for())
    assert (await end_of(backend, request_for())).text == server.reply


@pytest.mark.parametrize(("given", "seconds"), [("7", 7.0), ("0", 0.0), ("soon", None)])
async def test_retry_after_is_read_as_seconds(
    server: OpenAIServer, backend: LocalBackend, given: str, seconds: float | None
) -> None:
    server.will("429", retry_after=given)
    error = await failure_of(backend, request_for())
    assert error.retry_after == seconds


async def test_retry_after_is_read_as_a_date(server: OpenAIServer, backend: LocalBackend) -> None:
    then = datetime.now(UTC) + timedelta(seconds=1_000)
    server.will("429", retry_after=format_datetime(then, usegmt=True))
    error = await failure_of(backend, request_for())
    assert error.retry_after == pytest.approx(1_000, abs=60)


async def test_a_provider_that_repeats_the_key_in_its_words_is_redacted(
    server: OpenAIServer, backend: LocalBackend
) -> None:
    masked = "sk-test******wxyz"
    server.will("400", message=f"Bad thing with {server.key} and {masked}")
    error = await failure_of(backend, request_for())
    assert error.params["detail"].startswith("Bad thing with [key]")
    assert "wxyz" not in str(error.params)


async def test_an_endless_answer_ends_when_the_caller_closes(server: OpenAIServer, backend: LocalBackend) -> None:
    server.will("endless")
    seen = 0
    async with aclosing(backend.run(request_for())) as updates:  # type: ignore[type-var]
        async for _ in updates:
            seen += 1
            if seen > 30:
                break
    await until(lambda: server.open_streams == 0)


async def test_a_cancelled_task_closes_the_connection(server: OpenAIServer, backend: LocalBackend) -> None:
    for fault in ("endless", "slow_first"):
        server.will(fault)
        calls = server.calls
        task = asyncio.create_task(run(backend, request_for()))
        await until(lambda: server.calls > calls)  # noqa: B023 - awaited at once
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until(lambda: server.open_streams == 0)


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:9/v1", "http://no-such-host.invalid/v1"])
async def test_nobody_there_is_unreachable(base_url: str) -> None:
    backend = LocalBackend(Credentials(OpenCredential("mine", "mine", "k" * 20, base_url=base_url)), SETTINGS)
    error = await failure_of(backend, request_for())
    assert (type(error), error.message) == (BackendUnreachable, "backend_unreachable")
    await backend.aclose()


async def test_a_private_address_is_refused_where_it_is_not_allowed(
    server: OpenAIServer, credential: OpenCredential
) -> None:
    backend = LocalBackend(Credentials(credential), SETTINGS.model_copy(update={"allow_private_urls": False}))
    error = await failure_of(backend, request_for())
    assert (type(error), error.message, error.will_help_to_retry) == (AgentFailed, "address_refused", False)
    assert server.connections == 0
    await backend.aclose()


@pytest.mark.parametrize(
    ("model", "kind", "word"),
    [
        ("", AgentFailed, "model_missing"),
        ("  ", AgentFailed, "model_missing"),
        ("tiny", AgentFailed, "model_without_service"),
        (":tiny", AgentFailed, "model_without_service"),
        ("mine:", AgentFailed, "model_without_service"),
        ("other:tiny", CredentialMissing, "credential_missing"),
        ("odd:tiny", AgentFailed, "provider_unsupported"),
        ("router:tiny", AgentFailed, "model_not_found"),
    ],
)
async def test_what_is_missing_is_said_before_anything_is_called(
    server: OpenAIServer, credential: OpenCredential, model: str, kind: type[AgentError], word: str
) -> None:
    others = (OpenCredential("odd", "odd", "k" * 20), OpenCredential("router", "openrouter", "k" * 20))
    backend = LocalBackend(Credentials(credential, *others), SETTINGS)
    error = await failure_of(backend, request_for(model))
    assert (type(error), error.message, error.will_help_to_retry) == (kind, word, False)
    for locale in ("pt-BR", "en"):
        sentence = text(f"agent_errors.{error.message}", locale, **error.params)
        assert "Ana" in sentence
        assert "{" not in sentence
    assert server.connections == 0
    await backend.aclose()


async def test_another_users_key_is_not_found(backend: LocalBackend) -> None:
    assert isinstance(await failure_of(backend, request_for(user_id=uuid4())), CredentialMissing)


async def test_a_new_key_is_used_at_once(server: OpenAIServer, credential: OpenCredential) -> None:
    credentials = Credentials(OpenCredential("mine", "mine", "sk-wrong-key-0000", base_url=credential.base_url))
    backend = LocalBackend(credentials, SETTINGS)
    assert isinstance(await failure_of(backend, request_for()), CredentialRejected)
    credentials.stored["mine"] = credential
    assert (await end_of(backend, request_for())).text == server.reply
    await backend.aclose()


async def test_a_hundred_agents_at_once_share_a_client_and_finish_together(
    server: OpenAIServer, backend: LocalBackend
) -> None:
    server.reply_with("word " * 10, seconds=0.5)
    await run(backend, request_for())
    started = asyncio.get_running_loop().time()
    ends = await asyncio.gather(*(end_of(backend, request_for()) for _ in range(100)))
    assert asyncio.get_running_loop().time() - started < 20.0, "one after the other would take 50 s"
    assert {end.text for end in ends} == {server.reply}
    assert server.most_open_streams == 100
    assert backend._caller is not None
    assert backend._caller.clients.size == 1


async def test_a_run_cannot_be_attached_to_and_stop_is_confirmed(backend: LocalBackend) -> None:
    identifiers: Mapping[str, str] = {"id": "1"}
    with pytest.raises(UnknownRun):
        await anext(aiter(backend.attach(request_for(), identifiers)))
    assert await backend.stop(request_for(), identifiers)


async def test_a_credential_that_works_lists_its_models(credential: OpenCredential) -> None:
    found = await probe(credential, SETTINGS)
    assert (found.ok, found.code, found.models) == (True, None, ["small", "tiny"])
    assert found.latency_ms is not None
    assert found.message == "The key mine works."
    assert (await probe(credential, SETTINGS, locale="pt-BR")).message == "A chave mine funciona."


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("401", "credential_rejected"),
        ("403", "credential_rejected"),
        ("404", "agent_failed"),
        ("429", "agent_failed"),
        ("500", "agent_failed"),
        ("502", "agent_failed"),
        ("redirect", "agent_failed"),
        ("garbage", "bad_stream"),
        ("nothing", "bad_stream"),
    ],
)
async def test_a_credential_that_fails_says_why_without_the_key(
    server: OpenAIServer, credential: OpenCredential, fault: str, code: str
) -> None:
    server.will(fault)
    found = await probe(credential, SETTINGS)
    assert (found.ok, found.code, found.models) == (False, code, [])
    assert "mine" in found.message
    assert "{" not in found.message
    assert server.key not in found.message


@pytest.mark.parametrize(
    ("base_url", "private", "code"),
    [
        ("http://127.0.0.1:9/v1", True, "backend_unreachable"),
        ("http://no-such-host.invalid/v1", True, "backend_unreachable"),
        ("http://127.0.0.1:9/v1", False, "agent_failed"),
        (None, True, "agent_failed"),
    ],
)
async def test_a_credential_that_leads_nowhere_says_so(base_url: str | None, *, private: bool, code: str) -> None:
    settings = SETTINGS.model_copy(update={"allow_private_urls": private})
    found = await probe(OpenCredential("mine", "mine", "k" * 20, base_url=base_url), settings)
    assert (found.ok, found.code) == (False, code)


@pytest.mark.parametrize("provider", sorted(PROVIDER_URLS))
async def test_every_provider_takes_the_users_own_key_and_its_own_url(
    provider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = provider.upper().replace("-", "_")
    for name in ("API_KEY", "BASE_URL", "INFERENCE_URL", "AUTH_TOKEN"):
        monkeypatch.setenv(f"{word}_{name}", "https://operator.invalid")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-the-operator")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://operator.invalid")
    credential = OpenCredential("svc", provider, "sk-of-the-user")
    http = HttpClients(SETTINGS)
    opened = provider_of(credential, http)
    model = model_of(opened, credential=credential, name=ModelName("svc", "openai/some-model"))
    assert opened.base_url.rstrip("/").removesuffix("/v1") == PROVIDER_URLS[provider].removesuffix("/v1")
    assert "operator" not in (model.base_url or "")
    assert without_retries(opened).get("max_retries", getattr(opened.client, "max_retries", None)) == 0
    assert "operator" not in str(getattr(opened.client, "organization", ""))
    assert getattr(opened.client, "api_key", "sk-of-the-user") == "sk-of-the-user"
    assert price_list(credential) == {"openai-chat": "openai", "openai-responses": "openai"}.get(provider, provider)
    await http.aclose()
