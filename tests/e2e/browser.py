"""What journeys do in a browser before they begin."""

from __future__ import annotations

import re

from playwright.async_api import Page

from tests.e2e.client import PASSWORD, Client

_DASHBOARD = re.compile(r"^[^?]*/$")


async def sign_in(page: Page, client: Client) -> None:
    """As this person, with the form."""
    await page.goto("/login")
    await page.fill("input[name=email]", client.email)
    await page.fill("input[name=password]", PASSWORD)
    await page.locator("form[action='/auth/login'] button[type=submit]").click()
    await page.wait_for_url(_DASHBOARD)
