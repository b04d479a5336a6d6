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


async def link(page: Page, giver: str, reader: str) -> None:
    """Draw an edge from one card to the other, as a hand does."""
    source = page.locator(".wd-node", has=page.get_by_text(giver, exact=True)).locator(".source")
    target = page.locator(".wd-node", has=page.get_by_text(reader, exact=True)).locator(".target")
    await source.hover()
    await page.mouse.down()
    await target.hover()
    await page.mouse.up()


async def test_a_conditional_flow_is_drawn_with_the_mouse(page: Page, server: RunningServer) -> None:
    client = await opened(page, server, "Coletora", "Receita", "Auditora")
    await page.get_by_role("button", name="Condicional").click()
    await link(page, "Coletora", "Auditora")
    await expect(page.locator(".wd-said")).to_contain_text("Auditora passou ao passo 2.")
    await page.locator(".wd-node", has_text="Auditora").click()
    inspector = page.get_by_role("region", name="Inspetor")
    await inspector.get_by_role("button", name="Adicionar condição").click()
    await inspector.get_by_label("Campo").fill("debt_ratio")
    await inspector.get_by_label("Valor").fill("3,5")
    await expect(page.locator(".wd-edge-label")).to_have_text("> 3,5")
    await page.keyboard.press("Escape")

    await link(page, "Auditora", "Coletora")
    await expect(page.locator(".wd-said")).to_contain_text("(Coletora → Auditora): ligar de volta faria um círculo")
    await save(page)
    collector, _, auditor = saved(client)["workflow_definition"]["agents"]
    assert auditor["input"]["agent_id"] == collector["agent_id"]
    assert auditor["execution_order"] == 2
    assert auditor["conditions"] == [{"field": "debt_ratio", "operator": "greater_than", "value": 3.5}]


async def test_the_outline_is_enough_for_the_keyboard_and_the_canvas_follows_it(
    page: Page, server: RunningServer
) -> None:
    client = await opened(page, server, "Ana", "Bia")
    client.rehearsal_agent("Caio")
    await page.reload()
    await page.get_by_role("button", name="Roteiro").press("Enter")
    await page.get_by_role("button", name="Condicional").press("Enter")
    await page.get_by_role("button", name="Adicionar membro").press("Enter")
    await page.keyboard.type("cai")
    await page.keyboard.press("Enter")
    caio = page.locator(".wd-recipe-toggle", has_text="Caio")
    await caio.press("Alt+ArrowUp")
    await expect(page.locator(".wd-recipe-toggle strong")).to_have_text(["Ana", "Caio", "Bia"])
    await page.get_by_label("Entrada").press("p")
    await page.get_by_role("button", name="Adicionar condição").press("Enter")
    await page.get_by_label("Campo").press_sequentially("region")
    await page.get_by_label("Valor").press_sequentially("sul")
    await expect(caio).to_contain_text("só se region é maior que sul")

    await page.get_by_role("button", name="Desenho").press("Enter")
    await expect(page.locator(".wd-node", has_text="Caio")).to_contain_text("se region > sul")
    canvas = page.get_by_role("application")
    await canvas.press("Escape")
    await canvas.press("ArrowRight")
    await canvas.press("Delete")
    await expect(page.locator(".wd-node")).to_have_count(2)
    await canvas.press("Control+z")
    await expect(page.locator(".wd-node")).to_have_count(3)
    await canvas.press("Control+s")
    await expect(page.get_by_role("button", name="Salvo", exact=True)).to_be_visible()
    members = saved(client)["workflow_definition"]["agents"]
    assert [member["execution_order"] for member in members] == [1, 2, 3]
    assert members[1]["conditions"] == [{"field": "region", "operator": "greater_than", "value": "sul"}]


async def test_yaml_says_the_line_of_an_error_and_is_applied_once_it_is_right(
    page: Page, server: RunningServer
) -> None:
    client = await opened(page, server, "Ana", "Bia")
    await page.get_by_role("button", name="YAML").click()
    text = page.get_by_label("A equipe em YAML")
    written = await text.input_value()
    assert "# Bia" in written
    await text.fill(written.replace("type: sequential", "type: sequencial"))
    line = written.split("type: sequential")[0].count("\n") + 1
    await expect(page.locator(".wd-yaml-errors")).to_contain_text(f"Linha {line}")
    await expect(page.get_by_role("button", name="Aplicar")).to_be_disabled()
    await text.fill(written.replace("type: sequential", "type: parallel").replace("name: Equipe", "name: Coro"))
    await page.get_by_role("button", name="Aplicar").click()
    await page.get_by_role("button", name="Desenho").click()
    await expect(page.get_by_role("button", name="Paralela")).to_have_attribute("aria-pressed", "true")
    await save(page)
    assert (saved(client)["name"], saved(client)["workflow_definition"]["type"]) == ("Coro", "parallel")


async def test_two_saves_that_meet_are_settled_by_the_person(page: Page, server: RunningServer) -> None:
    client = await opened(page, server, "Ana", "Bia")
    theirs = {name: value for name, value in saved(client).items() if name in WRITABLE}
    client.http.put(f"/teams/{saved(client)['team_id']}", json={**theirs, "name": "Deles"}).raise_for_status()
    await page.get_by_label("Nome", exact=True).fill("Minha")
    await page.get_by_role("button", name="Salvar", exact=True).click()
    alert = page.get_by_role("alert")
    await expect(alert).to_contain_text("A versão 2 foi salva enquanto você editava.")
    await page.get_by_role("link", name="Equipes").first.click()
    await page.get_by_role("dialog", name="Sair sem salvar?").get_by_role("button", name="Continuar editando").click()
    await alert.get_by_role("button", name="Ficar com a minha").click()
    await expect(alert).to_have_count(0)
    await expect(page.get_by_role("button", name="Salvo", exact=True)).to_be_visible()
    assert (saved(client)["name"], saved(client)["version"]) == ("Minha", 3)


WRITABLE = ("name", "description", "agent_ids", "workflow_definition", "team_config", "is_active")
