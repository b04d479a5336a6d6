"""What journeys do in a browser before they begin."""

from __future__ import annotations

import re

from playwright.async_api import Page, expect

from tests.e2e.client import PASSWORD, Client

_DASHBOARD = re.compile(r"^[^?]*/$")


async def sign_in(page: Page, client: Client) -> None:
    """As this person, with the form."""
    await page.goto("/login")
    await page.fill("input[name=email]", client.email)
    await page.fill("input[name=password]", PASSWORD)
    await page.locator("form[action='/auth/login'] button[type=submit]").click()
    await page.wait_for_url(_DASHBOARD)


async def make_team(page: Page, name: str, *agents: str) -> None:
    """A pipeline, by the five steps of the wizard; it ends on the page that runs it."""
    forward = page.get_by_role("button", name="Continuar", exact=True)
    await page.goto("/teams/new")
    await page.get_by_label("Nome", exact=True).fill(name)
    await forward.click()
    for agent in agents:
        await page.get_by_role("button", name=f"Adicionar {agent}", exact=True).click()
        await expect(page.locator("[data-row] h3").last).to_have_text(agent)
    await forward.click()
    await page.locator(".team-choice", has_text="Pipeline").click()
    for step in (4, 5):
        await forward.click()
        await expect(page.locator("#wizard-step")).to_have_text(re.compile(f"Passo {step} de 5"))
    await page.get_by_role("button", name="Criar e executar").click()
