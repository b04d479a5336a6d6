"""A person makes teams in five steps: by mouse, by keyboard alone, on a desk and on a phone; and comes back later."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Locator, Page, expect

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = pytest.mark.e2e

NAMES = ("Coletor", "Receita", "Dívida", "Auditor", "Otimista", "Redator")
SIZES = pytest.mark.parametrize("width", [1440, 390])


async def begun(page: Page, server: RunningServer, width: int = 1440) -> Client:
    """An empty wizard of a person with six agents."""
    client = Client(server.url)
    for name in NAMES:
        client.rehearsal_agent(name)
    await page.set_viewport_size({"width": width, "height": 900})
    await sign_in(page, client)
    await page.goto("/teams/new")
    await expect(page.get_by_label("Nome", exact=True)).to_be_focused()
    return client


async def at(page: Page, step: int) -> None:
    await expect(page.locator("#wizard-step")).to_have_text(re.compile(f"Passo {step} de 5"))


def rows(page: Page) -> Locator:
    return page.locator("[data-row] h3")


def made(client: Client) -> dict[str, Any]:
    """The team, with its members by name."""
    team = client.get("/teams")["items"][0]
    names = {agent["agent_id"]: agent["name"] for agent in client.get("/agents")["items"]}
    team["seats"] = [
        (names[seat["agent_id"]], seat["execution_order"], bool(seat["conditions"]))
        for seat in sorted(team["workflow_definition"]["agents"], key=lambda seat: seat["execution_order"])
    ]
    return team


IN_ORDER = [("Coletor", 1, False), ("Dívida", 2, False), ("Receita", 3, False), ("Auditor", 4, True)]


@SIZES
async def test_a_conditional_team_of_six_is_made_by_mouse(page: Page, server: RunningServer, width: int) -> None:
    client = await begun(page, server, width)
    forward = page.get_by_role("button", name="Continuar", exact=True)
    await page.get_by_label("Nome", exact=True).fill("Análise")
    await forward.click()
    await at(page, 2)
    for name in NAMES:
        await page.get_by_role("button", name=f"Adicionar {name}", exact=True).click()
        await expect(rows(page).last).to_have_text(name)
    handles = page.locator("[data-handle]")
    await handles.nth(2).drag_to(rows(page).nth(1), target_position={"x": 10, "y": 1})
    await expect(rows(page).nth(1)).to_have_text("Dívida")
    await forward.click()
    await at(page, 3)
    await page.locator(".team-choice", has_text="Condicional").click()
    await page.get_by_role("button", name="Roteiro", exact=True).click()
    await page.locator(".wd-recipe-toggle", has_text="Auditor").click()
    await page.get_by_role("button", name="Adicionar condição").click()
    await page.get_by_label("Campo", exact=True).fill("divida_ebitda")
    await page.get_by_label("Valor", exact=True).fill("3")
    await expect(page.locator(".wd-recipe-toggle", has_text="Auditor")).to_contain_text("divida_ebitda")
    await page.wait_for_timeout(400)  # the designer tells of a gesture 300 ms after its end
    await forward.click()
    await at(page, 4)
    await page.get_by_label("Custo máximo (US$)").fill("0,50")
    await forward.click()
    await at(page, 5)
    await expect(page.get_by_text("6 membros na equipe")).to_be_visible()
    await page.get_by_role("button", name="Criar equipe", exact=True).click()
    await page.wait_for_url(re.compile(r"/teams/[0-9a-f-]{36}$"))

    team = made(client)
    assert (team["name"], team["workflow_definition"]["type"], len(team["seats"])) == ("Análise", "conditional", 6)
    assert team["seats"][:4] == IN_ORDER
    assert team["team_config"]["max_cost_usd"] == 0.5


@SIZES
async def test_the_same_team_is_made_by_keyboard_alone(page: Page, server: RunningServer, width: int) -> None:
    client = await begun(page, server, width)
    keys = page.keyboard
    await keys.type("Análise")
    await keys.press("Control+Enter")
    await at(page, 2)
    for name in NAMES:
        await page.get_by_role("button", name=f"Adicionar {name}", exact=True).press("Enter")
        await expect(rows(page).last).to_have_text(name)
    await page.locator("[data-handle]").nth(2).press("ArrowUp")
    await expect(rows(page).nth(1)).to_have_text("Dívida")
    await keys.press("Control+Enter")
    await at(page, 3)
    await page.get_by_role("radio", name="Sequencial").press("ArrowUp")
    await expect(page.get_by_role("radio", name="Condicional")).to_be_checked()
    await page.get_by_role("button", name="Roteiro", exact=True).press("Enter")
    await page.locator(".wd-recipe-toggle", has_text="Auditor").press("Enter")
    await page.get_by_role("button", name="Adicionar condição").press("Enter")
    await page.get_by_label("Campo", exact=True).press_sequentially("divida_ebitda")
    await keys.press("Tab")
    await keys.press("Tab")
    await keys.type("3")
    await page.wait_for_timeout(400)  # the designer tells of a gesture 300 ms after its end
    await keys.press("Control+Enter")
    await at(page, 4)
    await keys.press("Control+Backspace")
    await at(page, 3)
    await keys.press("Control+Enter")
    await at(page, 4)
    await page.get_by_label("Custo máximo (US$)").press_sequentially("0,50")
    await keys.press("Control+Enter")
    await at(page, 5)
    await keys.press("Control+Enter")
    await page.wait_for_url(re.compile(r"/teams/[0-9a-f-]{36}$"))

    team = made(client)
    assert (team["workflow_definition"]["type"], team["team_config"]["max_cost_usd"]) == ("conditional", 0.5)
    assert team["seats"][:4] == IN_ORDER


async def test_what_was_left_is_taken_up_again_and_what_is_wrong_is_counted(page: Page, server: RunningServer) -> None:
    client = await begun(page, server)
    await page.get_by_role("button", name="Continuar", exact=True).click()
    steps = page.get_by_role("navigation", name="Passos")
    await expect(steps.get_by_role("button").first).to_contain_text("Falta acertar 1 coisa")
    await page.locator("main [role=alert]").get_by_role("button").first.click()
    await expect(page.get_by_label("Nome", exact=True)).to_be_focused()

    await page.locator(".wizard-template", has_text="Análise financeira condicional").click()
    await expect(page.get_by_label("Nome", exact=True)).to_have_value("Análise financeira condicional")
    await steps.get_by_role("button", name="Configuração").click()
    await at(page, 4)
    await page.get_by_label("Máximo de tokens").fill("muitos")
    await steps.get_by_role("button", name="Revisão").click()
    await expect(page.locator("#max_tokens-error")).to_have_text("Escreva um número inteiro.")
    await page.reload()
    await at(page, 4)
    await expect(page.get_by_label("Máximo de tokens")).to_have_value("muitos")

    await page.goto("/teams/new")
    await expect(page.get_by_label("Nome", exact=True)).to_have_value("")
    await page.get_by_role("button", name="Continuar rascunho").click()
    await at(page, 4)
    await page.get_by_label("Máximo de tokens").fill("5000")
    await steps.get_by_role("button", name="Revisão").click()
    await at(page, 5)
    await page.get_by_label("Pedido do ensaio").fill("Analise a empresa XYZ")
    await page.get_by_role("button", name="Criar e ensaiar").click()
    await page.wait_for_url(re.compile(r"/executions/[0-9a-f-]{36}$"))
    assert client.get("/teams")["items"][0]["team_config"]["max_tokens"] == 5000
    await page.goto("/teams/new")
    await expect(page.get_by_label("Nome", exact=True)).to_be_focused()
    await expect(page.get_by_role("button", name="Continuar rascunho")).to_have_count(0)
