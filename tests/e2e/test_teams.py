"""A person reads and archives teams in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = pytest.mark.e2e


async def test_a_team_is_found_opened_and_archived(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    client.team(*(client.rehearsal_agent(name) for name in ("Ana", "Bia", "Caio")), name="Mesa redonda")
    client.team(client.rehearsal_agent("Davi"), name="Relatório de mercado")
    await sign_in(page, client)
    await page.goto("/teams?q=mesa")
    await page.get_by_role("link", name="Mesa redonda", exact=True).click()
    await expect(page.locator(".team-node")).to_have_count(3)
    await expect(page.locator(".team-node").nth(1)).to_contain_text("Bia")
    await page.get_by_role("button", name="Arquivar").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("0 execução continua legível")
    await dialog.get_by_role("button", name="Arquivar").click()
    await page.wait_for_url("**/teams")
    await expect(page.get_by_role("link", name="Relatório de mercado", exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name="Mesa redonda", exact=True)).to_have_count(0)
