"""A person brakes what their teams may spend, in a real browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = pytest.mark.e2e


async def test_a_months_budget_and_a_price_of_ones_own_are_set_and_taken_back(
    page: Page, server: RunningServer
) -> None:
    client = Client(server.url)
    await sign_in(page, client)
    await page.goto("/settings/costs")
    await page.get_by_label("Orçamento por mês (US$)").fill("20,5")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("de US$\u00a020,50")).to_be_visible()
    await page.get_by_label("Modelo").fill("openai:qwen3")
    await page.get_by_label("Entrada, US$ por milhão de tokens").fill("0,2")
    await page.keyboard.press("Enter")
    await expect(page.locator("#output_usd_per_million-error")).to_have_text("Escreva um número.")
    await page.get_by_label("Saída, US$ por milhão de tokens").fill("1,5")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("openai:qwen3", exact=True)).to_be_visible()
    assert client.get("/auth/me")["monthly_budget_usd"] == 20.5
    assert client.get("/model-prices")["items"][0]["output_usd_per_million"] == 1.5

    await page.get_by_label("Orçamento por mês (US$)").fill("")
    await page.get_by_role("button", name="Salvar", exact=True).click()
    await expect(page.get_by_text("sem orçamento", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Remover o preço de openai:qwen3").click()
    await page.get_by_role("dialog").get_by_role("button", name="Remover").click()
    await expect(page.get_by_text("Nenhum preço seu")).to_be_visible()

    assert client.get("/auth/me")["monthly_budget_usd"] is None
    assert client.get("/model-prices")["total"] == 0


async def test_a_team_asks_for_approval_and_has_a_budget_of_its_own(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    team = client.team(client.rehearsal_agent("Ana"))
    await sign_in(page, client)
    await page.goto(f"/teams/{team}/edit")
    await expect(page.locator(".wd-node")).to_have_count(1)
    await page.get_by_label("Orçamento por mês (US$)").fill("3")
    await page.locator(".wd-node").click()
    await page.get_by_role("button", name="Depois", exact=True).click()
    await page.get_by_label("Prazo (minutos)").fill("90")
    await page.get_by_label("Se ninguém decidir").select_option("approve")
    await page.get_by_role("button", name="Salvar", exact=True).click()
    await expect(page.get_by_role("button", name="Salvo", exact=True)).to_be_visible()

    saved = client.get(f"/teams/{team}")
    member = saved["workflow_definition"]["agents"][0]
    assert (member["requires_approval"], member["approval"]) == (
        "after",
        {"deadline_seconds": 5400, "on_deadline": "approve"},
    )
    assert saved["team_config"]["monthly_budget_usd"] == 3
