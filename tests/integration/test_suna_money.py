"""Tokens and bill of a run at Suna: the whole of it, or unknown, also where the account's ledger is long."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.doubles.suna_server import Script, SunaServer, suna_server
from tests.integration.suna import GENERATIONS, asked, backend_for, told

LONG_AGO = "2024-05-01T10:00:00+00:00"


@pytest_asyncio.fixture(params=GENERATIONS)
async def server(request: pytest.FixtureRequest) -> AsyncIterator[SunaServer]:
    async with suna_server(request.param) as server:
        yield server
    assert server.violations == []


@pytest.mark.parametrize("end", ["no_usage", "half_usage", "late_usage"])
async def test_usage_is_waited_for_and_unknown_rather_than_nought_or_a_part(server: SunaServer, end: str) -> None:
    agent_id = server.agent("Ana", Script(end=end))
    async with backend_for(server) as backend:
        _, ended = await told(backend.run(asked(agent_id)))

    assert ended.usage.total == (240 if end == "late_usage" else None)
    assert ended.model == ("claude-sonnet-4-5" if end == "late_usage" else "")
    has_ledger = server.generation != "g2"
    assert ended.billed_usd == (pytest.approx(0.04) if end == "late_usage" and has_ledger else None)


async def test_a_bill_is_summed_over_the_pages_of_the_ledger(server: SunaServer) -> None:
    for _ in range(500):
        server.world.charge(9.0, thread_id="other", message_id="other", created_at=LONG_AGO)
    agent_id = server.agent("Ana", Script(tool_steps=2, foreign_charges=110))
    async with backend_for(server, usage_seconds=5.0) as backend:
        _, ended = await told(backend.run(asked(agent_id)))

    has_ledger = server.generation != "g2"
    assert len(server.world.charges) == 833
    assert ended.billed_usd == (pytest.approx(0.06) if has_ledger else None)
    assert server.calls["ledger"] == (4 if has_ledger else 0), "what is older than the thread is not read"


async def test_a_bill_of_which_a_line_is_missing_is_unknown(server: SunaServer) -> None:
    agent_id = server.agent("Ana", Script(end="half_charged"))
    async with backend_for(server) as backend:
        _, ended = await told(backend.run(asked(agent_id)))

    assert ended.usage.total == 240
    assert ended.billed_usd is None


@pytest.mark.parametrize("fault", ["500", "html", "bad_json", "odd_json", "drop", "404_route"])
async def test_a_ledger_that_fails_costs_no_answer(fault: str) -> None:
    async with suna_server("g5") as server, backend_for(server) as backend:
        server.will("ledger", *[fault] * 30)
        _, ended = await told(backend.run(asked(server.agent("Ana"))))

    assert (ended.text, ended.usage.total, ended.billed_usd) == (Script().reply, 240, None)
