"""A person with a Suna account: the key, the agents of that account, a team of three, and its answer, by the pages."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from uuid import uuid4

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Locator, Page, expect

from tests.doubles.suna_server import Script, SunaServer, suna_server_in_thread
from tests.e2e.browser import make_team
from tests.e2e.client import PASSWORD
from tests.e2e.server import RunningServer
from tests.integration.suna import GENERATIONS

pytestmark = pytest.mark.e2e
NAMES = ("Pesquisadora", "Analista", "Redatora")


@pytest.fixture
def suna(request: pytest.FixtureRequest) -> Iterator[SunaServer]:
    """Of the newest generation, unless a test names others."""
    with suna_server_in_thread(getattr(request, "param", "g5")) as suna:
        for name in NAMES:
            suna.agent(name, Script(reply=f"{name} entregou.", seconds=0.5))
        yield suna
        assert suna.violations == []


@pytest_asyncio.fixture
async def at_home(browser: Browser, own_server: RunningServer, suna: SunaServer) -> AsyncIterator[Page]:
    """A page of an installation with that Suna server."""
    own_server.environment["SUNA_API_URL"] = suna.url
    own_server.start()
    context = await browser.new_context(base_url=own_server.url, locale="pt-BR", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    yield await context.new_page()
    await context.close()


@pytest.mark.parametrize("suna", GENERATIONS, indirect=True)
async def test_a_team_of_suna_agents_from_the_key_to_the_answer(at_home: Page, suna: SunaServer) -> None:
    page = at_home
    await _register(page)
    await page.goto("/settings")
    await expect(page.locator("main")).to_contain_text("Sem chave")
    await page.locator("select[name=choice]").select_option("suna")
    await page.locator("input[name=api_key]").fill(suna.key)
    await page.get_by_role("button", name="Salvar e testar").click()
    await expect(page.locator("main")).to_contain_text(re.compile("funciona, respondeu", re.IGNORECASE))
    await page.reload()
    await expect(page.locator("main")).to_contain_text("Com a sua chave")
    await expect(page.locator("main")).to_contain_text(suna.generation.upper())

    await page.goto("/agents")
    for name in NAMES:
        await expect(page.get_by_role("heading", name=name)).to_be_visible()

    await make_team(page, "Trio do Suna", *NAMES)
    await page.wait_for_url("**/execute")
    await page.locator("textarea").first.fill("Resuma o trimestre")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url("**/executions/*")
    await expect(page.get_by_text("Concluída").first).to_be_visible(timeout=40_000)
    await expect(page.locator("main")).to_contain_text("Redatora entregou.")
    figures = page.locator(".run-figures")
    await expect(figures).to_contain_text("720")
    await expect(figures).to_contain_text("600 entrada · 120 saída")
    await expect(figures).to_contain_text(re.compile(r"US\$\s0,0034"))
    if suna.generation != "g2":
        await expect(figures).to_contain_text(re.compile(r"cobrado US\$\s0,12"))
    assert suna.prompts == ["Resuma o trimestre", "Pesquisadora entregou.", "Analista entregou."]
    assert suna.world.runs_per_thread() == [1, 1, 1]


async def test_a_suna_that_is_away_is_told_and_what_was_known_stays(at_home: Page, suna: SunaServer) -> None:
    """In the list of agents, on an agent's page and on a running execution; an agent that vanished, on its team."""
    suna.agent("Demorada", Script(seconds=60))
    page = at_home
    await _register(page)
    await page.goto("/settings")
    await page.locator("select[name=choice]").select_option("suna")
    await page.locator("input[name=api_key]").fill(suna.key)
    await page.get_by_role("button", name="Salvar e testar").click()
    await expect(page.locator("main")).to_contain_text(re.compile("funciona, respondeu", re.IGNORECASE))
    await page.goto("/agents")
    await expect(page.get_by_role("link", name="Demorada")).to_contain_text("visto")
    await make_team(page, "Sem pressa", "Demorada")
    await page.wait_for_url("**/execute")
    await expect(page.locator("main")).to_contain_text("pronto")
    await page.locator("textarea").first.fill("Espere")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url("**/executions/*")
    await expect(page.get_by_text("Em execução").first).to_be_visible()
    away = page.locator("main .notice")
    await expect(away).to_have_count(0)
    running = page.url

    suna.go_away()
    await page.reload()
    await expect(away).to_contain_text("O Suna não responde")
    await page.goto("/agents")
    await page.get_by_role("link", name="Demorada").click()
    await expect(away).to_contain_text("não para mudar")
    await _until_the_list_shows(page, away)
    await expect(away).to_contain_text("Não foi possível ler agora os agentes do Suna")
    suna.come_back()
    await page.goto(running)
    await expect(page.get_by_text("Em execução").first).to_be_visible()
    await expect(away).to_have_count(0)

    for agent_id in [key for key, agent in suna.world.agents.items() if agent["name"] == "Demorada"]:
        del suna.world.agents[agent_id]
    await _until_the_list_shows(page, page.get_by_role("link", name="Demorada").get_by_text("não existe mais no Suna"))
    await page.get_by_role("link", name="Demorada").click()
    await expect(away).to_contain_text("não existe mais onde vivia")
    await page.goto("/teams")
    await page.get_by_role("link", name="Sem pressa").first.click()
    await expect(page.locator("main")).to_contain_text("Demorada")
    await expect(away).to_be_visible()


async def _until_the_list_shows(page: Page, wanted: Locator) -> None:
    """A list that was read is shown for some seconds before it is read anew."""
    for _ in range(20):
        await page.goto("/agents")
        await expect(page.get_by_role("link", name="Demorada")).to_be_visible()
        if await wanted.count():
            return
        await page.wait_for_timeout(1_000)


async def test_an_agent_is_made_at_suna_from_the_page(at_home: Page, suna: SunaServer) -> None:
    page = at_home
    await _register(page)
    await page.goto("/settings")
    await page.locator("select[name=choice]").select_option("suna")
    await page.locator("input[name=api_key]").fill(suna.key)
    await page.get_by_role("button", name="Salvar e testar").click()
    await expect(page.locator("main")).to_contain_text(re.compile("funciona, respondeu", re.IGNORECASE))

    await page.goto("/agents/new")
    await page.get_by_label("Nome").fill("Revisora")
    await page.locator("label[for=backend-suna]").click()
    await page.locator("textarea[name=instructions]").fill("Revise com calma.")
    await page.get_by_role("button", name="Salvar").click()
    await page.wait_for_url(re.compile(r"/agents$"))
    await expect(page.get_by_role("heading", name="Revisora")).to_be_visible()
    made = [agent for agent in suna.world.agents.values() if agent["name"] == "Revisora"]
    assert [agent["system_prompt"] for agent in made] == ["Revise com calma."]


async def test_an_agents_question_is_answered_on_the_execution_page(at_home: Page, suna: SunaServer) -> None:
    suna.agent("Curiosa", Script(tool="ask", reply="Qual é o prazo?", then=Script(reply="Entrego em maio.")))
    page = at_home
    await _register(page)
    await page.goto("/settings")
    await page.locator("select[name=choice]").select_option("suna")
    await page.locator("input[name=api_key]").fill(suna.key)
    await page.get_by_role("button", name="Salvar e testar").click()
    await expect(page.locator("main")).to_contain_text(re.compile("funciona, respondeu", re.IGNORECASE))
    await make_team(page, "Uma só", "Curiosa")
    await page.wait_for_url("**/execute")
    await page.locator("textarea").first.fill("Planeje a entrega")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url("**/executions/*")
    await expect(page.get_by_role("heading", name="Curiosa faz uma pergunta")).to_be_visible(timeout=30_000)
    await expect(page.locator("main")).to_contain_text("Qual é o prazo?")
    await expect(page.get_by_role("button", name="Responder")).to_be_disabled()
    await page.get_by_label("Sua resposta").fill("Maio.")
    await page.get_by_role("button", name="Responder").click()
    await expect(page.locator("main")).to_contain_text("Entrego em maio.", timeout=30_000)
    assert suna.prompts == ["Planeje a entrega", "Maio."]


async def _register(page: Page) -> None:
    await page.goto("/register")
    await page.get_by_label("Nome").fill("Ana Souza")
    await page.get_by_label("E-mail").fill(f"ana-{uuid4().hex[:8]}@example.com")
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.get_by_role("button", name="Criar conta").click()
    await page.wait_for_url(lambda url: "/register" not in url and "/login" not in url)
