"""Language and theme follow a person to another browser."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.server import RunningServer

pytestmark = pytest.mark.e2e


async def test_language_and_theme_follow_the_person(page: Page, browser: Browser, server: RunningServer) -> None:
    client = Client(server.url)
    await sign_in(page, client)
    await page.goto("/settings/appearance")
    await page.get_by_role("button", name="English", exact=True).click()
    await expect(page.get_by_role("heading", name="Language", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Dark", exact=True).click()
    await expect(page.locator("html")).to_have_class("dark")
    await page.reload()
    await expect(page.get_by_role("heading", name="Language", exact=True)).to_be_visible()

    elsewhere = await browser.new_context(base_url=server.url, locale="pt-BR", color_scheme="light")
    other = await elsewhere.new_page()
    await sign_in(other, client)
    await expect(other.locator("html")).to_have_attribute("lang", "en")
    await expect(other.locator("html")).to_have_class("dark")
    await elsewhere.close()
