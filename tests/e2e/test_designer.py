"""A person edits a team in the designer: as a picture, in words and as YAML, in a real browser."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = pytest.mark.e2e


async def opened(page: Page, server: RunningServer, *names: str, kind: str = "sequential", **config: Any) -> Client:
    """The designer on a new team of these agents; the client's person is signed in."""
    client = Client(server.url)
    client.team(*(client.rehearsal_agent(name) for name in names), kind=kind, **config)
    await sign_in(page, client)
    team_id = client.get("/teams")["items"][0]["team_id"]
    await page.goto(f"/teams/{team_id}/edit")
    await expect(page.locator(".wd-node")).to_have_count(len(names))
    return client


def saved(client: Client) -> dict[str, Any]:
    return client.get("/teams")["items"][0]


async def save(page: Page) -> None:
    await page.get_by_role("button", name="Salvar", exact=True).click()
    await expect(page.get_by_role("button", name="Salvo", exact=True)).to_be_visible()


async def test_saving_a_team_again_keeps_what_nobody_touched(page: Page, server: RunningServer) -> None:
    client = await opened(page, server, "Ana", "Bia", temperature=0.3)
    await page.get_by_label("Nome", exact=True).fill("Dupla")
    await save(page)

    team = saved(client)
    assert (team["name"], team["version"], team["team_config"]["temperature"]) == ("Dupla", 2, 0.3)
    assert [member["execution_order"] for member in team["workflow_definition"]["agents"]] == [1, 2]
