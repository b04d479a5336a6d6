"""A person reads and archives teams in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = pytest.mark.e2e


async def test_a_menu_closes_on_escape_and_on_a_click_elsewhere(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    team = client.team(client.rehearsal_agent("Ana"), name="Mesa", max_cost_usd=0.5)
    await sign_in(page, client)
    await page.goto(f"/teams/{team}?tab=settings")
    await expect(page.get_by_label("Custo máximo (US$)")).to_have_value("0,5")
    opener, item = page.get_by_label("Mais ações"), page.get_by_role("menuitem", name="Arquivar")
    await opener.click()
    await expect(item).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(item).to_be_hidden()
    await expect(opener).to_be_focused()
    await opener.click()
    await page.get_by_role("heading", level=1).click()
    await expect(item).to_be_hidden()


async def test_a_team_is_found_opened_and_archived(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    client.team(*(client.rehearsal_agent(name) for name in ("Ana", "Bia", "Caio")), name="Mesa redonda")
    client.team(client.rehearsal_agent("Davi"), name="Relatório de mercado")
    await sign_in(page, client)
    await page.goto("/teams?q=mesa")
    await page.get_by_role("link", name="Mesa redonda", exact=True).click()
    await expect(page.locator(".team-node")).to_have_count(3)
    await expect(page.locator(".team-node").nth(1)).to_contain_text("Bia")
    await page.get_by_label("Mais ações").click()
    await page.get_by_role("menuitem", name="Arquivar").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("0 execução continua legível")
    await dialog.get_by_role("button", name="Arquivar").click()
    await page.wait_for_url("**/teams")
    await expect(page.get_by_role("link", name="Relatório de mercado", exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name="Mesa redonda", exact=True)).to_have_count(0)


async def test_versions_say_what_changed_and_an_old_one_is_restored(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    agent_id = client.rehearsal_agent("Ana")
    team_id = client.team(agent_id, name="Trio")
    await sign_in(page, client)
    await page.goto(f"/teams/{team_id}?tab=settings")
    await page.get_by_label("Nome", exact=True).fill("")
    await page.get_by_role("button", name="Salvar", exact=True).click()
    await expect(page.locator("#name-error")).to_be_visible()
    await page.get_by_label("Nome", exact=True).fill("Quarteto")
    await page.get_by_label("Custo máximo (US$)").fill("0,25")
    await page.get_by_role("button", name="Salvar", exact=True).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Quarteto")

    await page.get_by_role("navigation", name="Partes da equipe").get_by_role("link", name="Versões").click()
    changes = page.locator(".version").first.locator(".change")
    await expect(changes).to_have_text([re.compile("Nome:.*Trio.*Quarteto"), re.compile("Custo máximo.*0,25")])
    await page.get_by_role("button", name="Restaurar a versão 1").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Trio")
    team = client.get(f"/teams/{team_id}")
    assert (team["name"], team["version"], team["team_config"]["max_cost_usd"]) == ("Trio", 3, None)


async def test_the_form_asks_for_variables_and_offers_what_was_asked_before(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    agent_id = client.rehearsal_agent("Ana", seconds=0, first_token_seconds=0)
    team_id = client.team(agent_id, variables=[{"name": "region", "description": "Sigla", "default": "BR"}])
    client.wait(client.execute(team_id, "Compare os três maiores"))
    await sign_in(page, client)
    await page.goto(f"/teams/{team_id}/execute")
    prompt = page.get_by_label("O que a equipe deve fazer?")
    await prompt.press("ArrowUp")
    await expect(prompt).to_have_value("Compare os três maiores")
    await expect(page.get_by_label("region")).to_have_value("BR")
    await page.get_by_label("region").fill("PT")
    await page.get_by_label("Máximo de tokens").fill("900")
    await page.get_by_text("Chamar pela API").click()
    await page.get_by_role("button", name="Python", exact=True).click()
    snippet = page.locator(".run-snippet pre")
    await expect(snippet).to_contain_text('"region": "PT"')
    await expect(snippet).to_contain_text("RENUM_TOKEN")
    await prompt.press("Control+Enter")
    await page.wait_for_url(re.compile(r"/executions/[0-9a-f-]{36}$"))
    started = client.get("/executions")["items"][0]["execution_id"]
    assert client.get(f"/executions/{started}")["variables"] == {"region": "PT"}


async def test_the_form_of_another_team_keeps_nothing_of_the_last_one(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    agent_id = client.rehearsal_agent("Ana")
    capped, free = client.team(agent_id, max_cost_usd=0.5), client.team(agent_id)
    await sign_in(page, client)
    await page.goto(f"/teams/{capped}/execute")
    await expect(page.get_by_label("Custo máximo (US$)")).to_have_value("0,5")
    await page.goto(f"/teams/{free}/execute")
    await expect(page.get_by_label("Custo máximo (US$)")).to_have_value("")
