"""The parts of the local backend that need no server."""

from __future__ import annotations

import asyncio
from uuid import uuid4

import pytest

from renum_app.agents.backend import AgentFailed, OpenCredential
from renum_app.agents.local.clients import ClientPool
from renum_app.agents.local.failures import Call, redacted
from renum_app.agents.local.names import model_name_of
from renum_app.agents.local.urls import PROVIDER_URLS, url_to_try
from renum_app.models.agent import AgentSnapshot, Backend
from renum_app.settings import Settings

KEY = "sk-test-0123456789abcdefwxyz"
USER = uuid4()


def call_with(key: str = KEY, *, service: str = "mine") -> Call:
    return Call(agent="Ana", credential=OpenCredential(service, service, key, base_url="http://127.0.0.1:9/v1"))


async def test_an_idle_client_is_closed_and_a_used_one_stays() -> None:
    pool = ClientPool(Settings(), idle_seconds=0.05)
    async with pool.lease(USER, call_with()) as first:
        async with pool.lease(USER, call_with("another-key-0123456789")) as second:
            assert pool.size == 2
        await asyncio.sleep(0.4)
        assert pool.size == 1
        assert second.http.are_closed
        assert not first.http.are_closed
    await asyncio.sleep(0.4)
    assert pool.size == 0
    assert first.http.are_closed


async def test_the_same_user_key_and_url_share_a_client() -> None:
    pool = ClientPool(Settings())
    async with pool.lease(USER, call_with()) as first, pool.lease(USER, call_with()) as second:
        assert first is second
    async with pool.lease(uuid4(), call_with()) as others:
        assert others is not first
    await pool.aclose()
    assert first.http.are_closed
    assert others.http.are_closed


async def test_many_at_once_open_one_client() -> None:
    pool = ClientPool(Settings())

    async def lease() -> int:
        async with pool.lease(USER, call_with()) as client:
            return id(client)

    assert len(set(await asyncio.gather(*(lease() for _ in range(50))))) == 1
    await pool.aclose()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (f"Incorrect API key provided: {KEY}.", "Incorrect API key provided: [key]."),
        ("Incorrect API key provided: sk-te****wxyz.", "Incorrect API key provided: [key]"),
        ("Authorization: Bearer abcdefghijkl", "Authorization: [key]"),
        ("two\nlines\x00 and \ud800", "two lines\ufffd and ?"),
        ("x" * 500, "x" * 299 + "…"),
        ("x" * 1_000_000, "x" * 299 + "…"),
        ("x" * 1_000_000 + KEY, "x" * 299 + "…"),
        ("The model gpt-5 is overloaded.", "The model gpt-5 is overloaded."),
    ],
)
def test_a_providers_words_lose_the_key_and_stay_one_short_line(said: str, shown: str) -> None:
    assert redacted(said, key=KEY) == shown


@pytest.mark.parametrize(
    ("name", "service", "model"),
    [
        ("openai:gpt-5-mini", "openai", "gpt-5-mini"),
        (" mine : org/llama3:8b ", "mine", "org/llama3:8b"),
    ],
)
def test_the_word_before_the_first_colon_is_the_service(name: str, service: str, model: str) -> None:
    found = model_name_of(AgentSnapshot(agent_id="a", name="Ana", backend=Backend.LOCAL, model=name))
    assert (found.service, found.model) == (service, model)


@pytest.mark.parametrize(
    ("name", "word"),
    [("", "model_missing"), (" ", "model_missing"), ("gpt", "model_without_service"), ("a:", "model_without_service")],
)
def test_a_model_that_is_not_named_says_what_to_write(name: str, word: str) -> None:
    with pytest.raises(AgentFailed) as caught:
        model_name_of(AgentSnapshot(agent_id="a", name="Ana", backend=Backend.LOCAL, model=name))
    assert caught.value.message == word
    assert not caught.value.will_help_to_retry


def test_a_key_is_tried_where_its_provider_is() -> None:
    assert url_to_try("openai", None) == "https://api.openai.com/v1/models"
    assert url_to_try("openai", "http://127.0.0.1:8799/v1/") == "http://127.0.0.1:8799/v1/models"
    assert url_to_try("anthropic", None) == "https://api.anthropic.com/v1/models"
    assert url_to_try("openrouter", None) == "https://openrouter.ai/api/v1/key"
    assert url_to_try("no-such-provider", None) is None
    assert all(url.startswith("https://") and not url.endswith("/") for url in PROVIDER_URLS.values())


def test_a_call_never_shows_its_key() -> None:
    assert KEY not in repr(call_with())
    assert KEY not in repr(call_with().credential)
