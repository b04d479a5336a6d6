"""A person makes, reads and archives teams in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = pytest.mark.e2e


async def test_a_team_of_three_is_made_found_opened_and_archived(page: Page) -> None:
    await page.goto("/login")
    await page.locator("form[action='/auth/demo'] button").first.click()
    await page.wait_for_url(re.compile(r"^[^?]*/$"))
    await page.goto("/teams/new")
    await page.get_by_label("Nome", exact=True).fill("Mesa redonda")
    for agent in ("Pesquisadora de mercado", "Analista financeiro", "Redatora executiva"):
        await page.get_by_role("button", name=f"Adicionar {agent}").click()
        await expect(page.get_by_role("heading", level=3, name=agent)).to_be_visible()
    await page.get_by_role("button", name="Mover Redatora executiva para cima").press("Enter")
    names = page.locator(".team-seat h3")
    await expect(names.nth(1)).to_have_text("Redatora executiva")

    await page.get_by_role("button", name="Criar equipe").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Mesa redonda")
    await expect(page.locator(".team-node")).to_have_count(3)
    await expect(page.locator(".team-node").nth(1)).to_contain_text("Redatora executiva")

    await page.goto("/teams?q=mesa")
    await page.get_by_role("link", name="Mesa redonda", exact=True).click()
    await page.get_by_role("button", name="Arquivar").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("0 execução continua legível")
    await dialog.get_by_role("button", name="Arquivar").click()
    await page.wait_for_url("**/teams")
    await expect(page.get_by_role("link", name="Relatório de mercado", exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name="Mesa redonda", exact=True)).to_have_count(0)


async def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    client.rehearsal_agent("Ana")
    await sign_in(page, client)
    await page.goto("/teams/new")
    await page.get_by_label("Descrição").fill("Lê contratos")
    await page.get_by_role("button", name="Criar equipe").click()
    summary = page.locator("main [role=alert]").first
    await expect(summary).to_contain_text("Escolha pelo menos um agente.")
    await expect(page.locator("#name-error")).to_be_visible()

    await page.get_by_role("button", name="Adicionar Ana").click()
    await page.get_by_label("Nome na equipe").fill("Leitora")
    await page.get_by_label("Nome", exact=True).fill("Contratos")
    await page.get_by_label("Máximo de tokens").fill("muitos")
    await page.get_by_role("button", name="Criar equipe").click()

    await expect(page.locator("#max_tokens-error")).to_have_text("Escreva um número inteiro.")
    await summary.get_by_role("button").click()
    await expect(page.get_by_label("Máximo de tokens")).to_be_focused()
    await expect(page.get_by_label("Descrição")).to_have_value("Lê contratos")
    await expect(page.get_by_label("Nome na equipe")).to_have_value("Leitora")
    await page.get_by_label("Máximo de tokens").fill("1000")
    await page.get_by_role("button", name="Criar e executar").click()
    await page.wait_for_url(re.compile(r"/teams/[0-9a-f-]+/execute"))

    made = client.get("/teams")["items"][0]
    assert (made["name"], made["description"], made["team_config"]["max_tokens"]) == ("Contratos", "Lê contratos", 1000)
    assert made["workflow_definition"]["agents"][0]["name"] == "Leitora"
