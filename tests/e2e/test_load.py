"""Many at once."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from playwright.async_api import Page, expect

from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = [pytest.mark.e2e, pytest.mark.alone]


def test_four_parallel_agents_of_one_second_take_little_more_than_one(server: RunningServer) -> None:
    client = Client(server.url)
    agents = [client.rehearsal_agent(f"Voz {place}", seconds=1, first_token_seconds=0.1) for place in range(4)]

    execution = client.wait(client.execute(client.team(*agents, kind="parallel")))

    assert execution["status"] == "completed"
    assert execution["usage_metrics"]["execution_time"] < 1.5


async def test_two_hundred_executions_complete_while_the_page_answers(server: RunningServer, page: Page) -> None:
    client = Client(server.url)
    agents = [client.rehearsal_agent(f"Curto {place}", seconds=0.3, first_token_seconds=0.05) for place in range(3)]
    team = client.team(*agents)
    await page.goto("/login")

    with ThreadPoolExecutor(16) as threads:
        accepted = list(threads.map(lambda _: client.execute(team), range(200)))
    answers = [_seconds_to_answer(server) for _ in range(10)]
    await page.reload()
    await expect(page.locator("form").first).to_be_visible()
    ends = [await asyncio.to_thread(client.wait, execution_id, seconds=90) for execution_id in accepted]

    assert [end["status"] for end in ends] == ["completed"] * 200
    assert max(answers) < 2, "the web loop was held up"


def _seconds_to_answer(server: RunningServer) -> float:
    started = time.monotonic()
    httpx.get(f"{server.url}/health/live", timeout=10).raise_for_status()
    return time.monotonic() - started
