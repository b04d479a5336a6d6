"""A person watches executions in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = pytest.mark.e2e

WORDS = " ".join(f"palavra{number}" for number in range(400)) + " 🎼 fim."
TEXT = "[data-testid=run-text]"
LANE = "button.run-lane"
BADGE = ".run-header [role=status]"


async def text_of(page: Page) -> str:
    return " ".join((await page.locator(TEXT).inner_text()).split())


async def test_a_window_opened_in_the_middle_shows_the_same_text_as_one_that_stayed_open(
    page: Page, context: BrowserContext, server: RunningServer
) -> None:
    client = Client(server.url)
    execution = client.execute(client.team(client.rehearsal_agent("Escritora", reply=WORDS, seconds=6)))
    await sign_in(page, client)
    await page.goto(f"/executions/{execution}")
    await expect(page.locator(TEXT)).to_contain_text("palavra60")

    closed = await context.new_page()
    await closed.goto(f"/executions/{execution}")
    await expect(closed.locator(TEXT)).to_contain_text("palavra60")
    await closed.close()
    stayed = await text_of(page)
    reopened = await context.new_page()
    await reopened.goto(f"/executions/{execution}")
    await expect(reopened.locator(TEXT)).to_contain_text("palavra")
    begun = await text_of(reopened)

    assert WORDS.startswith(stayed)
    assert WORDS.startswith(begun)
    assert len(begun) >= len(stayed)
    for window in (page, reopened):
        await expect(window.locator(BADGE)).to_have_text("Concluída")
        assert await text_of(window) == WORDS


async def test_a_run_started_from_the_form_is_watched_to_its_result(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    agents = [
        client.rehearsal_agent(name, reply=f"# {name}\n\n- **forte** <script>x</script>", seconds=0.5)
        for name in ("Ana", "Bia")
    ]
    team = client.team(*agents, name="Dupla")
    await sign_in(page, client)
    await page.goto(f"/teams/{team}/execute")

    await page.get_by_label("O que a equipe deve fazer?").press("Control+Enter")
    await expect(page.get_by_text("Diga o que a equipe deve fazer.")).to_be_visible()
    await page.get_by_label("O que a equipe deve fazer?").fill("Primeira linha\nsegunda")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url("**/executions/*")

    await expect(page.get_by_role("heading", level=1)).to_contain_text("Dupla")
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Primeira linha")
    await expect(page.locator(LANE)).to_have_count(2)
    await expect(page.locator(BADGE)).to_have_text("Concluída")
    result = page.locator(".run-result-card")
    await expect(result.locator("li strong")).to_have_text("forte")
    await expect(result).to_contain_text("<script>x</script>")
    assert await result.locator("script").count() == 0
    await expect(page.get_by_role("log")).to_contain_text("A equipe terminou.")


async def test_the_page_agrees_with_the_api_on_tokens(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    agents = [client.rehearsal_agent(name, seconds=0, input_tokens=1000, output_tokens=234) for name in ("Ana", "Bia")]
    execution = client.wait(client.execute(client.team(*agents)))
    await sign_in(page, client)
    await page.goto(f"/executions/{execution['execution_id']}")

    assert execution["usage_metrics"]["total_tokens"] == 2468
    await expect(page.locator(".run-figures")).to_contain_text("2.468")
    await expect(page.locator(".run-figures")).to_contain_text("US$\u00a00,00")


async def test_stopping_says_its_effect_first_and_leaves_a_receipt(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    agents = [client.rehearsal_agent(name, reply=WORDS, seconds=30) for name in ("Lenta", "Última")]
    execution = client.execute(client.team(*agents))
    await sign_in(page, client)
    await page.goto(f"/executions/{execution}")
    await expect(page.locator(TEXT)).to_contain_text("palavra5")

    await page.get_by_role("button", name="Parar").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Lenta será interrompido agora.")
    await expect(dialog).to_contain_text("1 passo que ainda não começou não vai rodar.")
    await dialog.get_by_role("button", name="Continuar executando").click()
    await expect(dialog).to_be_hidden()
    assert client.get(f"/executions/{execution}/status")["status"] == "running"
    await page.get_by_role("button", name="Parar").click()
    await dialog.get_by_role("button", name="Parar").click()

    await expect(page.locator(BADGE)).to_have_text("Parada")
    receipt = page.locator(".run-notice")
    await expect(receipt).to_contain_text("Foi interrompido")
    await expect(receipt).to_contain_text("Lenta")
    await expect(receipt).to_contain_text("Não começou")
    await expect(receipt).to_contain_text("Última")


async def test_a_failure_names_the_member_and_what_to_do(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    broken = client.rehearsal_agent("Teimosa", seconds=0.1, faults=[{"kind": "garbage", "attempts": []}])
    team = client.team(client.rehearsal_agent("Boa", seconds=0.1), broken)
    execution = client.wait(client.execute(team))
    await sign_in(page, client)
    await page.goto(f"/executions/{execution['execution_id']}")

    notice = page.get_by_role("alert")
    await expect(notice).to_contain_text("A execução falhou em Teimosa")
    await expect(notice).to_contain_text(execution["error_code"])
    await expect(notice.get_by_role("button", name="Repetir do passo que falhou")).to_be_visible()
    await expect(page.get_by_role("link", name="Executar de novo")).to_have_attribute("href", re.compile("/execute"))
    await expect(page.locator(LANE).nth(1)).to_have_attribute("aria-pressed", "true")


async def test_signing_out_elsewhere_is_said_in_words(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    execution_id = client.execute(client.team(client.rehearsal_agent("Lenta", seconds=30)))
    await sign_in(page, client)
    await page.goto(f"/executions/{execution_id}")
    await expect(page.locator(LANE).first).to_be_visible()

    await page.request.post("/auth/logout")
    await expect(page.locator(".run-notice")).to_contain_text("A sua sessão terminou")
    await expect(page.locator("main")).not_to_contain_text("executions.")


async def test_lanes_are_walked_with_the_keyboard_and_choose_what_is_read(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    agents = [client.rehearsal_agent(name, reply=f"Aqui fala {name}.", seconds=0) for name in ("Ana", "Bia")]
    execution = client.wait(client.execute(client.team(*agents)))
    await sign_in(page, client)
    await page.goto(f"/executions/{execution['execution_id']}")

    await page.locator(LANE).first.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator(TEXT)).to_have_text("Aqui fala Ana.")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator(TEXT)).to_have_text("Aqui fala Bia.")


async def test_another_persons_execution_does_not_exist(page: Page, server: RunningServer) -> None:
    owner, stranger = Client(server.url), Client(server.url)
    execution = owner.execute(owner.team(owner.rehearsal_agent("Ana", seconds=0)), prompt="Segredo")
    await sign_in(page, stranger)

    await page.goto(f"/executions/{execution}")

    await expect(page.get_by_text("Esta execução não existe")).to_be_visible()
    assert "Segredo" not in await page.content()


async def test_the_list_filters_by_the_address_and_follows_what_runs(page: Page, server: RunningServer) -> None:
    client = Client(server.url)
    done = client.team(client.rehearsal_agent("Rápida", seconds=0), name="Feita")
    client.wait(client.execute(done, prompt="Já terminou"))
    client.execute(client.team(client.rehearsal_agent("Lenta", seconds=4), name="Em obra"), prompt="Ainda roda")
    await sign_in(page, client)

    await page.goto("/executions")
    await expect(page.locator(".execution-row")).to_have_count(2)
    await page.get_by_role("group", name="Estado").get_by_role("button", name="Em execução").click()
    await page.wait_for_url("**/executions?status=running")
    await expect(page.locator(".execution-row")).to_have_count(1)
    await page.goto("/executions?q=terminou")
    await expect(page.locator(".execution-row")).to_contain_text(["Já terminou"])
    await page.goto("/executions?status=failed")
    await page.get_by_role("button", name="Limpar filtros").click()

    await expect(page.locator(".execution-row").first.locator(".badge")).to_have_text("Concluída")


@pytest.mark.parametrize("path", ["/executions", "/executions/{execution}", "/teams/{team}/execute"])
async def test_nothing_runs_off_a_phones_side(browser: Browser, server: RunningServer, path: str) -> None:
    client = Client(server.url)
    team = client.team(client.rehearsal_agent("Ana", reply=f"{'x' * 300}\n\n|a|b|\n|-|-|\n|{'y' * 80}|z|", seconds=0))
    execution = client.wait(client.execute(team, prompt="p" * 300))["execution_id"]
    context = await browser.new_context(
        base_url=server.url, locale="pt-BR", viewport={"width": 390, "height": 844}, reduced_motion="reduce"
    )
    page = await context.new_page()
    await sign_in(page, client)

    await page.goto(path.format(execution=execution, team=team))
    await page.locator(".run-figures, .execution-row, .run-form").first.wait_for()

    assert await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    await context.close()


async def test_a_page_outlives_its_server_and_misses_nothing(browser: Browser, own_server: RunningServer) -> None:
    own_server.start()
    client = Client(own_server.url)
    agents = [client.rehearsal_agent(name, reply=f"{name}: {WORDS}", seconds=3) for name in ("Um", "Dois", "Três")]
    execution = client.execute(client.team(*agents))
    context = await browser.new_context(base_url=own_server.url, locale="pt-BR")
    page = await context.new_page()
    await sign_in(page, client)
    await page.goto(f"/executions/{execution}")
    await expect(page.locator(LANE).nth(1)).to_have_attribute("data-status", "running", timeout=15_000)

    own_server.kill()
    await expect(page.locator(".run-link")).to_contain_text("reconectando")
    own_server.start()

    await expect(page.locator(BADGE)).to_have_text("Concluída", timeout=40_000)
    for place, name in enumerate(("Um", "Dois", "Três")):
        await page.locator(LANE).nth(place).click()
        assert await text_of(page) == f"{name}: {WORDS}"
    await context.close()
