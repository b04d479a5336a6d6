"""A wire that is not to be trusted: certificates, redirects, drips, streams and lines without an end."""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from collections.abc import AsyncIterator
from multiprocessing.connection import Connection
from pathlib import Path
from uuid import UUID

import pytest
import pytest_asyncio

from renum_app.agents.backend import AgentError, AgentFailed, OpenCredential, RunUpdate, TextDelta
from renum_app.agents.suna import SunaBackend
from renum_app.agents.suna.timing import Timing
from tests.doubles.suna.certificates import self_signed
from tests.doubles.suna_server import Script, SunaServer, suna_server, suna_server_in_thread
from tests.integration.suna import GENERATIONS, QUICK, asked, backend_for, collected, identifiers, told, until

DRIP_SECONDS = 0.05
"""For the five seconds of a real drip; the waits of these tests are a hundredth of the real ones."""
MOST_LAG_SECONDS = 0.05
MOST_MIB = 50


@pytest_asyncio.fixture(params=GENERATIONS)
async def server(request: pytest.FixtureRequest) -> AsyncIterator[SunaServer]:
    async with suna_server(request.param) as server:
        yield server
    assert server.violations == []


async def test_a_certificate_that_nobody_vouches_for_is_named_and_refused(tmp_path: Path) -> None:
    async with suna_server("g5", tls=self_signed(tmp_path)) as server, backend_for(server) as backend:
        began = time.monotonic()
        with pytest.raises(AgentFailed) as caught:
            await told(backend.run(asked(server.agent("Ana"))))

    assert caught.value.message == "suna_certificate"
    assert not caught.value.will_help_to_retry
    assert time.monotonic() - began < 1, "a certificate does not become valid by asking again"
    assert server.headers == [], "nothing was said to a server that is not who it says it is"


@pytest.mark.parametrize("operation", ["health", "create_thread", "start", "run", "stream", "messages"])
async def test_a_redirect_to_another_host_is_refused_and_the_other_host_hears_nothing(operation: str) -> None:
    async with suna_server("g5") as other, suna_server("g5") as server:
        elsewhere = other.url.replace("127.0.0.1", "localhost")
        agent_id = server.agent("Ana", Script(seconds=0.2))
        server.will(operation, *["redirect"] * 50, to=f"{elsewhere}/v1/health")
        async with backend_for(server) as backend:
            with pytest.raises(AgentFailed) as caught:
                await told(backend.run(asked(agent_id)))

    assert caught.value.message == "suna_redirect"
    assert other.headers == []


@pytest.mark.parametrize("operation", ["create_thread", "runs", "messages"])
async def test_an_answer_that_drips_is_given_up_in_time(operation: str) -> None:
    async with suna_server("g5") as server:
        server.will(operation, *["drip"] * 2, seconds=DRIP_SECONDS)
        if operation == "runs":
            server.will("start", "lose")
        waits = {"read_seconds": 0.3, "write_seconds": 0.3, "away_seconds": 1.0}
        async with backend_for(server, **waits) as backend:
            async with asyncio.timeout(5):
                _, ended = await told(backend.run(asked(server.agent("Ana"))))
            await until(lambda: not server.open_requests)

    assert ended.text == Script().reply
    assert server.world.runs_per_thread() == [1]


async def test_a_stream_that_drips_delays_nothing_and_can_be_stopped(server: SunaServer) -> None:
    server.will("stream", *["drip"] * 20, after_events=6, seconds=DRIP_SECONDS)
    agent_id = server.agent("Ana", Script(seconds=0.4))
    async with backend_for(server, ping_idle_seconds=0.3) as backend:
        _, ended = await told(backend.run(asked(agent_id)))
        server.world.scripts[agent_id] = Script(seconds=30)
        request, seen = asked(agent_id), list[RunUpdate]()
        task = asyncio.create_task(collected(backend.run(request), seen))
        await until(lambda: any(isinstance(update, TextDelta) for update in seen))
        task.cancel()
        async with asyncio.timeout(2):
            assert await backend.stop(request, identifiers(seen))
        await until(lambda: not server.open_requests)

    assert ended.text == Script().reply
    assert [run.status for run in server.world.runs.values()][1:] == ["stopped"]


@pytest.mark.alone
async def test_the_loop_stays_free_during_drips() -> None:
    """Told up to three times: a machine that is busy with something else lags too, but not each time."""
    lags = [await lag_during_drips()]
    while lags[-1] >= MOST_LAG_SECONDS and len(lags) < 3:
        lags.append(await lag_during_drips())

    assert min(lags) < MOST_LAG_SECONDS, lags


async def lag_during_drips() -> float:
    """How late the loop comes back to somebody who waits, in 99 of 100 cases."""
    lags: list[float] = []

    async def measure() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.005)
            lags.append(time.perf_counter() - began - 0.005)

    with suna_server_in_thread("g5") as server:
        server.will("stream", *["drip"] * 40, after_events=6, seconds=DRIP_SECONDS)
        agent_id = server.agent("Ana", Script(seconds=1.0))
        async with backend_for(server, ping_idle_seconds=0.3) as backend:
            measuring = asyncio.create_task(measure())
            await asyncio.gather(*(told(backend.run(asked(agent_id))) for _ in range(5)))
            measuring.cancel()
    assert len(lags) > 50
    return sorted(lags)[int(len(lags) * 0.99)]


@pytest.mark.parametrize("fault", ["broken_events", "long_line", "drip"])
async def test_events_that_make_no_sense_cost_no_answer(server: SunaServer, fault: str) -> None:
    server.will("stream", fault, after_events=4)
    async with backend_for(server, ping_idle_seconds=0.3) as backend:
        _, ended = await told(backend.run(asked(server.agent("Ana", Script(seconds=0.2)))))

    assert ended.text == Script().reply
    assert server.world.runs_per_thread() == [1]


@pytest.mark.alone
@pytest.mark.parametrize("fault", ["endless_line", "long_line"])
def test_a_line_of_megabytes_takes_no_more_memory_than_it_may(fault: str) -> None:
    """In a process of its own: memory of the server and of other tests does not count."""
    with suna_server_in_thread("g5") as server:
        agent_id = server.agent("Ana", Script(seconds=0.2))
        server.will("stream", "", fault, after_events=4)
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=measured, args=(server.url, server.key, agent_id, theirs)
        )
        process.start()
        assert ours.poll(60)
        word, mib = ours.recv()
        process.join(10)

    assert word == ("suna_event_too_large" if fault == "endless_line" else "")
    assert mib < MOST_MIB


def measured(url: str, key: str, agent_id: str, into: Connection) -> None:
    """The failure of a run, and by how many MiB the process grew at most meanwhile; everything is imported before."""

    async def run() -> str:
        async def credentials(user_id: UUID, service_name: str) -> OpenCredential:
            return OpenCredential(service_name=service_name, provider="suna", api_key=key)

        backend = SunaBackend(credentials, url, timing=Timing(**QUICK))
        try:
            await told(backend.run(asked(agent_id)))
        except AgentError as error:
            return error.message
        finally:
            await backend.aclose()
        return ""

    asyncio.run(run())
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before = _mib("VmRSS")
    word = asyncio.run(run())
    into.send((word, _mib("VmHWM") - before))


def _mib(name: str) -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) / 1_024
