"""Following an execution: no gap, no repeat, the same text for everyone."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from renum_app.errors import NotFound
from renum_app.services import executions as use_cases
from tests import factories
from tests.fakes import says
from tests.integration.engine.conftest import Stage

LONG = "Uma frase que chega aos poucos, com acentos e ç. " * 120


def text_of(messages: list[dict[str, Any]], step_id: str) -> str:
    """What a reader has on the screen: pieces by their offset, cleared by each attempt."""
    text = ""
    for message in messages:
        data = message["data"]
        if data.get("step_id") != step_id:
            continue
        if message.get("kind") == "attempt_started":
            text = ""
        elif "delta" in data:
            text = text[: data["offset"]] + data["delta"] + text[data["offset"] + len(data["delta"]) :]
    return text


async def test_a_reader_that_reconnects_anywhere_misses_and_repeats_nothing(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says(LONG, seconds=1, pieces=60), "Bia": says(LONG, seconds=0.6, pieces=60)}
    execution_id = await stage.start(await stage.team("Ana", "Bia"))
    chance = random.Random(7)
    seen: list[dict[str, Any]] = []
    while not seen or seen[-1]["kind"] != "execution_completed":
        after = seen[-1]["seq"] if seen else 0
        left = chance.randint(1, 6)
        async for message in use_cases.follow(stage.user, execution_id, after=after):
            seen.append(message)
            left -= 1
            if not left:
                break
    assert [message["seq"] for message in seen] == list(range(1, len(seen) + 1))
    assert text_of(seen, "Ana") == text_of(seen, "Bia") == LONG
    assert seen == await stage.events(execution_id)


async def test_live_text_comes_before_it_is_stored_and_ends_equal(stage: Stage) -> None:
    stage.backend.scripts = {"Ana": says(LONG, seconds=0.8, pieces=100)}
    execution_id = await stage.start(await stage.team("Ana"))
    seen = [message async for message in use_cases.follow(stage.user, execution_id, live=True)]
    unstored = [message for message in seen if "seq" not in message]

    assert len(unstored) > 50
    assert text_of(seen, "Ana") == LONG
    assert text_of([message for message in seen if "seq" in message], "Ana") == LONG


async def test_a_reader_of_an_ended_execution_is_not_kept_waiting(stage: Stage) -> None:
    execution = await stage.run(await stage.team("Ana"))
    async with asyncio.timeout(1):
        assert [m async for m in use_cases.follow(stage.user, execution.execution_id, after=execution.last_seq)] == []


async def test_nobody_sees_another_persons_execution(stage: Stage) -> None:
    execution = await stage.run(await stage.team("Ana"))
    stranger = await factories.user()

    for ask in (use_cases.get, use_cases.status, use_cases.result, use_cases.logs, use_cases.events, use_cases.stop):
        with pytest.raises(NotFound):
            await ask(stranger, execution.execution_id)
    with pytest.raises(NotFound):
        await anext(use_cases.follow(stranger, execution.execution_id))
    assert (await use_cases.list_executions(stranger)).total == 0
    assert (await use_cases.list_executions(stage.user)).total == 1
