"""A newcomer's way to real tokens, by the pages alone: account, key, agent, team, execution."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from playwright.async_api import Page, expect

from tests.doubles.openai_server import openai_server_in_thread
from tests.e2e.browser import make_team
from tests.e2e.client import PASSWORD

pytestmark = pytest.mark.e2e


async def test_from_registering_to_an_answer_of_ones_own_model(page: Page) -> None:
    with openai_server_in_thread() as provider:
        await _register(page)
        await _store_key(page, base_url=provider.base_url, key=provider.key)
        await _make_agent(page)
        await _make_team_and_run(page)

        await expect(page.get_by_text("Concluída").first).to_be_visible()
        await expect(page.locator("main")).to_contain_text("as far as the tests go")
        assert provider.finished == 1


async def _register(page: Page) -> None:
    await page.goto("/teams")
    await page.wait_for_url(re.compile(r"/login/?\?next=/teams$"))
    await page.get_by_role("link", name="Criar conta").click()
    await page.get_by_label("Nome").fill("Ana Souza")
    await page.get_by_label("E-mail").fill(f"ana-{uuid4().hex[:8]}@example.com")
    await page.locator("input[name=password]").fill(PASSWORD)
    await page.get_by_role("button", name="Criar conta").click()
    await page.wait_for_url(lambda url: "/register" not in url and "/login" not in url)


async def _store_key(page: Page, *, base_url: str, key: str) -> None:
    await page.goto("/settings")
    await page.locator("select[name=choice]").select_option("own")
    await page.locator("input[name=service_name]").fill("casa")
    await page.locator("input[name=base_url]").fill(base_url)
    await page.locator("input[name=api_key]").fill(key)
    await page.get_by_role("button", name="Salvar e testar").click()
    await expect(page.locator("main")).to_contain_text(re.compile("funciona", re.IGNORECASE))


async def _make_agent(page: Page) -> None:
    await page.goto("/agents/new")
    await page.get_by_label("Nome").fill("Redatora")
    await page.locator("textarea[name=instructions]").fill("Responda em uma frase.")
    await page.locator("input[name=model]").fill("casa:modelo")
    await page.get_by_role("button", name="Salvar").click()
    await page.wait_for_url(re.compile(r"/agents(/[0-9a-f-]{36})?$"))


async def _make_team_and_run(page: Page) -> None:
    await make_team(page, "Uma só voz", "Redatora")
    await page.wait_for_url("**/execute")
    await page.locator("textarea").first.fill("Resuma o trimestre")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url("**/executions/*")
