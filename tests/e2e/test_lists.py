"""A list shows the slice that its address names, and nothing else."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = pytest.mark.e2e


async def test_the_search_field_says_what_the_address_searches_for(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    for name in ("Relatora", "Revisora"):
        client.rehearsal_agent(name)
    await sign_in(page, client)
    await page.goto("/agents?q=Relatora")
    field, cards = page.locator("input[type=search]"), page.locator("a.card-link")
    await expect(field).to_have_value("Relatora")
    await expect(cards).to_have_count(1)

    await field.fill("nobody has this name")
    await expect(cards).to_have_count(0)
    await page.go_back()
    await expect(field).to_have_value("Relatora")
    await expect(cards).to_have_count(1)

    await page.go_forward()
    await expect(cards).to_have_count(0)
    await page.get_by_role("button", name="Limpar filtros").click()
    await expect(field).to_have_value("")
    await expect(cards).to_have_count(2)


async def test_typing_keeps_the_search_field_and_its_focus(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    client.team(client.rehearsal_agent("Relatora"), name="Mesa redonda")
    await sign_in(page, client)
    await page.goto("/teams")
    field = page.locator("input[type=search]")
    await field.press_sequentially("Mesa", delay=20)
    await page.wait_for_url(re.compile(r"q=Mesa$"))
    await field.press_sequentially(" redonda", delay=20)
    await page.wait_for_url(re.compile(r"q=Mesa\+redonda$"))
    await expect(page.get_by_role("heading", name="Mesa redonda")).to_be_visible()
    await expect(field).to_be_focused()
    await expect(field).to_have_value("Mesa redonda")
