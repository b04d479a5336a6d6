"""A person goes on from an ended execution, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Page, expect

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = pytest.mark.e2e

BADGE = ".run-header [role=status]"
LANE = "button.run-lane"
BROKEN = [{"kind": "garbage", "attempts": []}]


def mend(client: Client, agent_id: str, **script: object) -> None:
    """The agent answers from now on."""
    agent = client.get(f"/agents/{agent_id}")
    body = {"name": agent["name"], "backend": "rehearsal", "rehearsal": {"seconds": 0, **script}}
    response = client.http.put(f"/agents/{agent_id}", json=body)
    assert response.is_success, response.text


async def open_new(page: Page, old: str) -> str:
    """The execution that the page has gone on to."""
    await expect(page).not_to_have_url(re.compile(old))
    await expect(page.locator(BADGE)).to_have_text("Concluída")
    return page.url.rstrip("/").rpartition("/")[2]


async def test_a_retry_keeps_what_was_done_and_both_executions_name_each_other(
    page: Page, server: RunningServer
) -> None:
    client = Client(server.url)
    good = [client.rehearsal_agent(name, reply=f"Aqui fala {name}.", seconds=0) for name in ("Ana", "Bia")]
    broken = client.rehearsal_agent("Teimosa", seconds=0, faults=BROKEN)
    old = client.wait(client.execute(client.team(*good, broken, kind="pipeline")))["execution_id"]
    mend(client, broken, reply="Agora sim.")
    await sign_in(page, client)
    await page.goto(f"/executions/{old}")

    await page.locator(".run-notice").get_by_role("button", name="Repetir do passo que falhou").click()
    new = await open_new(page, old)

    await expect(page.locator(".run-lineage")).to_contain_text("Repetida de uma execução anterior")
    await expect(page.locator(LANE).first).to_contain_text("aproveitado")
    await expect(page.locator(".run-result-card")).to_contain_text("Agora sim.")
    await page.locator(LANE).first.click()
    await expect(page.locator("[data-testid=run-text]")).to_contain_text("Aqui fala Ana.")
    reused = [event["data"]["step_id"] for event in client.events(new) if event["kind"] == "step_reused"]
    assert reused == good
    await page.get_by_role("link", name="uma execução anterior").click()
    await expect(page.locator(".run-lineage")).to_contain_text("Dela veio: repetição")


async def test_a_fork_says_what_it_keeps_and_uses_the_answer_a_person_wrote(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    agents = [client.rehearsal_agent(name, seconds=0) for name in ("Ana", "Bia", "Caio")]
    old = client.wait(client.execute(client.team(*agents, kind="pipeline")))["execution_id"]
    await sign_in(page, client)
    await page.goto(f"/executions/{old}")

    await page.locator(LANE).nth(1).click()
    await page.locator(".run-header").get_by_role("button", name="Bifurcar daqui… Bia").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("A partir de")).to_have_value(agents[1])
    await expect(dialog.locator(".run-forecast")).to_contain_text("Rodam de novo: Bia, Caio.")
    await expect(dialog.locator(".run-forecast")).to_contain_text("Aproveitado: Ana.")
    await dialog.get_by_label("A resposta", exact=False).first.check()
    await expect(dialog.locator(".run-forecast")).to_contain_text("Roda de novo: Caio.")
    await dialog.get_by_label("Resposta no lugar da de Bia").fill("Minha resposta no lugar da Bia.")
    await dialog.get_by_role("button", name="Bifurcar e executar").click()
    await open_new(page, old)

    await expect(page.locator(".run-lineage")).to_contain_text("a partir de Bia (mudou: a resposta)")
    await expect(page.locator(LANE).nth(1)).to_contain_text("dado por uma pessoa")
    await expect(page.locator(".run-result-card")).to_contain_text("Minha resposta no lugar da Bia.")


async def test_a_higher_limit_goes_on_where_the_budget_ended_it(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    agents = [
        client.rehearsal_agent(name, reply="ok", seconds=0, input_tokens=600, output_tokens=200)
        for name in ("Ana", "Bia")
    ]
    old = client.wait(client.execute(client.team(*agents, max_tokens=900)))
    assert old["error_code"] == "budget_exceeded"
    await sign_in(page, client)
    await page.goto(f"/executions/{old['execution_id']}")

    await page.locator(".run-notice").get_by_role("button", name="Aumentar o limite e continuar").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("O limite era 900.")
    await dialog.get_by_label("Novo limite de tokens").fill("muitos")
    await dialog.get_by_role("button", name="Continuar").click()
    await expect(dialog.get_by_role("alert")).to_have_text("Escreva um número inteiro.")
    await dialog.get_by_label("Novo limite de tokens").fill("9000")
    await dialog.get_by_role("button", name="Continuar").click()
    new = await open_new(page, old["execution_id"])

    await expect(page.locator(".run-lineage")).to_contain_text("Continuada de uma execução anterior (mudou: o limite)")
    assert client.get(f"/executions/{new}")["overrides"]["max_tokens"] == 9000


async def test_the_estimate_says_what_it_rests_on_and_warns_of_a_low_limit(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    team = client.team(client.rehearsal_agent("Ana", seconds=0), max_cost_usd=0.5)
    await sign_in(page, client)
    await page.goto(f"/teams/{team}/execute")
    estimate = page.locator(".run-estimate")
    await expect(estimate).to_contain_text("ainda não dá para saber")
    await expect(estimate).to_contain_text("US$\u00a00,50")
    for _ in range(3):
        client.wait(client.execute(team))

    await page.reload()

    await expect(estimate).to_contain_text("pelo histórico desta equipe")
    await page.get_by_label("Custo máximo (US$)").fill("")
    await expect(estimate).not_to_contain_text("Limite de custo")
