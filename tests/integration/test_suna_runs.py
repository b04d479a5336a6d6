"""One run at a Suna server of each generation: text, tokens and end as the server has them on record."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from renum_app.agents.backend import RunStarted, TextDelta
from tests.doubles.suna_server import Script, SunaServer, suna_server
from tests.integration.suna import GENERATIONS, asked, backend_for, shown, told


@pytest_asyncio.fixture(params=GENERATIONS)
async def server(request: pytest.FixtureRequest) -> AsyncIterator[SunaServer]:
    async with suna_server(request.param) as server:
        yield server
    assert server.violations == []


@pytest.mark.parametrize("tool", ["complete", ""])
async def test_a_run_gives_its_answer_its_tokens_and_its_model(server: SunaServer, tool: str) -> None:
    script = Script(tool=tool, tool_steps=2)
    agent_id = server.agent("Ana", script)
    async with backend_for(server) as backend:
        updates, ended = await told(backend.run(asked(agent_id)))

    assert ended.text == script.reply
    assert shown(updates) == script.reply
    assert any(isinstance(update, TextDelta) for update in updates)
    assert (ended.usage.input_tokens, ended.usage.output_tokens, ended.usage.cached_tokens) == (300, 60, 30)
    assert (ended.provider, ended.model) == ("anthropic", "claude-sonnet-4-5")
    assert server.prompts == ["Analise."]
    assert server.world.runs_per_thread() == [1]


async def test_the_thread_is_on_record_before_the_run_is_started(server: SunaServer) -> None:
    agent_id = server.agent("Ana")
    async with backend_for(server) as backend:
        updates = backend.run(asked(agent_id))
        first = await anext(updates)

        assert isinstance(first, RunStarted)
        assert list(first.identifiers) == ["thread_id"]
        assert server.calls["start"] == 0
        second = await anext(updates)
        assert isinstance(second, RunStarted)
        assert set(second.identifiers) == {"thread_id", "agent_run_id"}
        await told(updates)


async def test_what_renum_adds_to_the_instructions_goes_before_the_input(server: SunaServer) -> None:
    agent_id = server.agent("Ana")
    async with backend_for(server) as backend:
        await told(backend.run(asked(agent_id, instructions="Você é útil.\n\nVocê lidera.", text="Faça.")))

    assert server.prompts == ["Você lidera.\n\nFaça."]
