"""A person decides what a team waits for, in a real browser."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Page, expect

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = pytest.mark.e2e

BADGE = ".run-header [role=status]"
CARD = ".run-approval"
LANE = "button.run-lane"


def asking_team(client: Client, moment: str, **policy: Any) -> str:
    """Ana, whose work or start is decided on by a person, and Bia, who tells what she was given."""
    ana, bia = (
        client.rehearsal_agent("Ana", reply="Rascunho de Ana.", seconds=0),
        client.rehearsal_agent("Bia", seconds=0),
    )
    members = [
        {"agent_id": ana, "execution_order": 1, "requires_approval": moment, "approval": policy or None},
        {"agent_id": bia, "execution_order": 2},
    ]
    workflow = {"type": "pipeline", "agents": members}
    return client.post("/teams", {"name": "Dupla", "agent_ids": [ana, bia], "workflow_definition": workflow})["team_id"]


async def test_an_edited_text_is_what_the_next_member_reads(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    execution = client.execute(asking_team(client, "after", deadline_seconds=600, on_deadline="approve"))
    await sign_in(page, client)
    await page.goto(f"/executions/{execution}")

    card = page.locator(CARD)
    await expect(card.get_by_role("heading")).to_have_text("Ana terminou e pede sua aprovação")
    await expect(card).to_contain_text("aprova sozinha em 9 min")
    await expect(page.locator(BADGE)).to_have_text("Esperando aprovação")
    await expect(page.locator(".nav-count-asking").first).to_have_text("1")
    await expect(page.locator(LANE).first).to_contain_text("esperando você")
    await card.get_by_role("button", name="Editar").press("Enter")
    await card.get_by_label("Texto em questão").fill("Texto que a pessoa corrigiu.")
    await page.reload()
    await card.get_by_role("button", name="Editar").click()
    await expect(card.get_by_label("Texto em questão")).to_have_value("Texto que a pessoa corrigiu.")
    await card.get_by_role("button", name="Aprovar com a edição").click()

    await expect(page.locator(BADGE)).to_have_text("Concluída")
    await expect(card).to_have_count(0)
    await expect(page.locator(".run-result-card")).to_contain_text("Texto que a pessoa corrigiu.")
    await page.locator(LANE).first.click()
    await page.get_by_role("tab", name="Detalhes").click()
    await expect(page.locator(".run-gates")).to_contain_text("Ana foi aprovado com um texto editado.")


async def test_a_rejection_ends_the_team_and_says_why(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    execution = client.execute(asking_team(client, "before"))
    await sign_in(page, client)
    await page.goto(f"/executions/{execution}")

    card = page.locator(CARD)
    await expect(card).to_contain_text("sem prazo")
    await card.get_by_role("button", name="Recusar…").click()
    await card.get_by_label("Motivo (opcional)").fill("Falta a cláusula 4.")
    await card.get_by_role("button", name="Recusar", exact=True).click()

    notice = page.locator(".run-notice")
    await expect(notice).to_contain_text("A execução falhou em Ana")
    await expect(notice).to_contain_text("Falta a cláusula 4.")
    assert client.get(f"/executions/{execution}")["error_code"] == "approval_rejected"


async def test_who_is_slower_is_told_so(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    execution = client.execute(asking_team(client, "before"))
    await sign_in(page, client)
    await page.goto("/approvals")
    card = page.locator(CARD)
    await card.get_by_role("button", name="Editar").click()
    await card.get_by_label("Entrada em questão").fill("Só o essencial.")

    approval = client.get("/approvals")["items"][0]["approval_id"]
    client.post(f"/approvals/{approval}", {"decision": "approve"})
    await card.get_by_role("button", name="Aprovar com a edição").click()

    await expect(page.locator(".toast")).to_contain_text("Isto já foi decidido, ou ninguém precisa mais disso.")
    await expect(card).to_have_count(0)
    assert client.wait(execution)["status"] == "completed"


async def test_what_waits_is_found_from_the_dashboard_and_the_inbox_empties(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    urgent = client.execute(asking_team(client, "before", deadline_seconds=300))
    patient = client.execute(asking_team(client, "before"))
    await sign_in(page, client)

    needs = page.get_by_label("Precisa de você")
    await expect(needs.locator(".row")).to_have_count(2)
    await expect(needs.locator(".row").first).to_have_attribute("href", f"/executions/{urgent}")
    await needs.get_by_role("link", name="2 decisões").click()
    await page.wait_for_url(re.compile("/approvals/?$"))
    await expect(page.locator(CARD)).to_have_count(2)
    await expect(page.locator(".nav-count-asking").first).to_have_text("2")
    for left in (1, 0):
        await page.locator(CARD).first.get_by_role("button", name="Aprovar").press("Enter")
        await expect(page.locator(CARD)).to_have_count(left)

    await expect(page.get_by_text("Nada espera a sua decisão")).to_be_visible()
    assert [client.wait(each)["status"] for each in (urgent, patient)] == ["completed", "completed"]
