"""Stopping what nobody knows the id of: no stop is confirmed while a run goes on, by the server's own count."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from renum_app.agents.backend import InputNeeded, RunRequest, RunUpdate
from tests.doubles.suna_server import Script, SunaServer, suna_server
from tests.integration.suna import GENERATIONS, asked, backend_for, collected, identifiers, until

LATE_SECONDS = 0.4
PATIENT = {"start_window_seconds": 20.0, "late_window_seconds": 20.0, "stop_patience_seconds": 0.1}


@pytest_asyncio.fixture(params=GENERATIONS)
async def server(request: pytest.FixtureRequest) -> AsyncIterator[SunaServer]:
    async with suna_server(request.param) as server:
        yield server
    assert server.violations == []


@pytest_asyncio.fixture
async def late() -> AsyncIterator[SunaServer]:
    """A server that writes a run's row some time after its reply."""
    async with suna_server("g5") as server:
        server.late_seconds = LATE_SECONDS
        yield server
    assert server.violations == []


def endings(server: SunaServer) -> list[str]:
    return [run.status for run in server.world.runs.values()]


async def cut_after_start(server: SunaServer, request: RunRequest, seen: list[RunUpdate]) -> None:
    """An engine that dies between the start and its reply."""
    starts = server.calls["start"]
    server.will("start", "hold_reply")
    async with backend_for(server) as dying:
        task = asyncio.create_task(collected(dying.run(request), seen))
        await until(lambda: server.calls["start"] > starts)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_a_stop_finds_a_run_whose_row_comes_late(late: SunaServer) -> None:
    request, seen = asked(late.agent("Ana", Script(seconds=30))), list[RunUpdate]()
    await cut_after_start(late, request, seen)
    assert set(identifiers(seen)) == {"thread_id"}
    async with backend_for(late, stop_window_seconds=3.0) as backend:
        assert await backend.stop(request, identifiers(seen))

    assert endings(late) == ["stopped"]


async def test_a_stop_of_an_answers_run_does_not_take_the_asking_run_for_it(late: SunaServer) -> None:
    script = Script(tool="ask", reply="Qual é o prazo?", then=Script(seconds=30))
    request, seen = asked(late.agent("Ana", script)), list[RunUpdate]()
    async with backend_for(late) as backend:
        with pytest.raises(InputNeeded):
            await collected(backend.run(request), seen)
    answer, answered = replace(request, attempt=2, input="Maio.", reply_to=identifiers(seen)), list[RunUpdate]()
    await cut_after_start(late, answer, answered)
    async with backend_for(late, stop_window_seconds=3.0) as backend:
        assert await backend.stop(answer, identifiers(answered))

    assert endings(late) == ["completed", "stopped"]


async def test_a_stop_of_a_start_that_is_still_on_its_way_waits_for_what_comes_of_it(server: SunaServer) -> None:
    """The server acts on a request that was cut, and only after the stop has given the start up."""
    request, seen = asked(server.agent("Ana", Script(seconds=30))), list[RunUpdate]()
    server.will("start", "slow_and_uncut", seconds=0.6)
    async with backend_for(server, **PATIENT) as backend:
        task = asyncio.create_task(collected(backend.run(request), seen))
        await until(lambda: server.calls["start"])
        task.cancel()
        assert await backend.stop(request, identifiers(seen))

    assert endings(server) == ["stopped"]


async def test_a_start_that_waits_for_a_place_never_starts_once_it_is_stopped(server: SunaServer) -> None:
    server.run_limit = 0
    request, seen = asked(server.agent("Ana")), list[RunUpdate]()
    async with backend_for(server, **PATIENT) as backend:
        task = asyncio.create_task(collected(backend.run(request), seen))
        await until(lambda: server.calls["start"] > 1)
        task.cancel()
        async with asyncio.timeout(15):
            assert await backend.stop(request, identifiers(seen))
        starts = server.calls["start"]
        await asyncio.sleep(0.3)

    assert server.calls["start"] == starts
    assert server.world.runs == {}
