"""A person looks back in time: the whole page shows that moment, and comes back to the present."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = pytest.mark.e2e

LANE = "button.run-lane"
BADGE = ".run-header [role=status]"


async def test_the_whole_page_shows_an_earlier_moment_and_comes_back(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    agents = [client.rehearsal_agent(name, reply=f"Parte de {name}.", seconds=0.4) for name in ("Ana", "Bia", "Cléo")]
    execution = client.wait(client.execute(client.team(*agents)))["execution_id"]
    await sign_in(page, client)
    await page.goto(f"/executions/{execution}")
    await expect(page.locator(".run-result-card")).to_be_visible()

    for _ in range(2):
        await page.keyboard.press("[")
    await expect(page.locator(".run-past")).to_contain_text("Você vê como estava às")
    await expect(page.locator(BADGE)).to_have_text("Em execução")
    await expect(page.locator(".run-result-card")).to_have_count(0)
    await expect(page.get_by_role("log")).not_to_contain_text("A equipe terminou.")

    slider = page.get_by_role("slider", name="Momento mostrado")
    await slider.focus()
    await slider.press("Home")
    await expect(page.locator(LANE).nth(0)).not_to_have_attribute("data-status", "completed")
    await expect(page.locator(LANE).nth(2)).to_have_attribute("data-status", "pending")
    await expect(page.get_by_role("button", name="Bifurcar daqui").first).to_be_visible()

    await page.get_by_role("button", name="Ir ao fim").click()
    await expect(page.locator(".run-past")).to_have_count(0)
    await expect(page.locator(BADGE)).to_have_text("Concluída")
    await expect(page.locator(".run-result-card")).to_be_visible()


async def test_the_playhead_is_dragged_and_keys_choose_members(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    agents = [client.rehearsal_agent(name, seconds=0.4) for name in ("Ana", "Bia")]
    execution = client.wait(client.execute(client.team(*agents)))["execution_id"]
    await sign_in(page, client)
    await page.goto(f"/executions/{execution}")
    await expect(page.locator(LANE)).to_have_count(2)

    axis = await page.locator(".run-axis").bounding_box()
    assert axis is not None
    await page.mouse.move(axis["x"] + axis["width"] - 2, axis["y"] + 10)
    await page.mouse.down()
    await page.mouse.move(axis["x"] + axis["width"] * 0.1, axis["y"] + 10, steps=5)
    await page.mouse.up()
    await expect(page.locator(".run-past")).to_be_visible()
    await expect(page.locator(LANE).nth(1)).to_have_attribute("data-status", "pending")

    await page.locator("body").press("Space")
    await expect(page.locator(".run-past")).to_have_count(0)
    await page.locator("body").press("ArrowLeft")
    await expect(page.locator(LANE).nth(0)).to_have_attribute("aria-pressed", "true")
    await page.locator("body").press("f")
    await expect(page.get_by_role("dialog")).to_be_visible()


async def test_the_graph_shares_the_moment_and_the_selection(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    agents = [client.rehearsal_agent(name, seconds=0.2) for name in ("Ana", "Bia")]
    execution = client.wait(client.execute(client.team(*agents)))["execution_id"]
    await sign_in(page, client)
    await page.goto(f"/executions/{execution}")

    await page.get_by_role("button", name="Ver como grafo").click()
    node = page.locator(".run-node", has_text="Ana")
    await expect(node).to_contain_text("concluído")
    await node.click()

    await expect(node).to_have_attribute("aria-pressed", "true")
    await expect(page.locator(".run-output-card")).to_contain_text("Ana")
