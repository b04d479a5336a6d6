"""Getting around: by the palette, by keys, on a phone; and what the header tells."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = pytest.mark.e2e


async def test_the_palette_goes_to_a_team_found_by_a_word_without_its_accent(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    team = client.team(client.rehearsal_agent("Ana"), name="Análise de mercado")
    await sign_in(page, client)
    await expect(page.locator("main h1")).to_be_visible()

    await page.keyboard.press("Control+k")
    await page.get_by_role("combobox", name="Ir para qualquer lugar").fill("mercado")
    await expect(page.get_by_role("option", name="Análise de mercado", exact=True)).to_be_visible()
    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/teams/{team}")
    await expect(page.locator("main h1")).to_have_text("Análise de mercado")

    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("option").first).to_have_text("Análise de mercado")
    await page.get_by_role("combobox").fill("/tema")
    await page.keyboard.press("Enter")
    await expect(page.locator("html")).to_have_class(re.compile("dark"))


async def test_letters_jump_and_open_the_sheet_but_not_while_typing(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    client.team(client.rehearsal_agent("Ana"), name="Equipe um")
    await sign_in(page, client)
    await expect(page.locator("main h1")).to_be_visible()

    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Atalhos de teclado")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.keyboard.press("g")
    await page.keyboard.press("a")
    await page.wait_for_url("**/agents")
    search = page.get_by_role("searchbox", name="Buscar agentes")
    await expect(search).to_be_visible()
    await page.keyboard.press("/")
    await page.keyboard.type("gx?n")
    await expect(search).to_have_value("gx?n")
    await expect(page).to_have_url(re.compile("/agents"))


async def test_a_failure_is_told_by_the_bell_and_leads_to_the_execution(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    broken = client.rehearsal_agent("Teimosa", seconds=0, faults=[{"kind": "garbage", "attempts": []}])
    execution = client.wait(client.execute(client.team(broken, name="Jurídico")))["execution_id"]
    await sign_in(page, client)

    await page.locator("summary[aria-label='1 notificação não lida']").click()
    note = page.locator(".tray-notes button")
    await expect(note).to_contain_text("Jurídico falhou: Falha ensaiada")
    await note.click()

    await page.wait_for_url(f"**/executions/{execution}")
    await expect(page.locator("summary[aria-label='Notificações']")).to_be_visible()


async def test_five_places_fit_a_phone_and_the_rest_is_in_a_sheet(browser: Browser, server: RunningServer) -> None:
    client = Client(server.url)
    context = await browser.new_context(
        base_url=server.url, locale="pt-BR", viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    page = await context.new_page()
    await sign_in(page, client)
    await expect(page.locator("main h1")).to_be_visible()

    labels = page.locator(".bottom-bar > * > span:first-of-type")
    await expect(labels).to_have_text(["Painel", "Equipes", "Execuções", "Agentes", "Mais"])
    boxes = [box for each in await labels.all() if (box := await each.bounding_box())]
    gaps = [right["x"] - left["x"] - left["width"] for left, right in pairwise(boxes)]
    assert min(gaps) >= 6, gaps
    await page.get_by_role("button", name="Mais").click()
    await page.get_by_role("dialog", name="Mais").get_by_role("link", name="Configurações").click()
    await page.wait_for_url("**/settings*")
    await context.close()
