"""Sign-in with Supabase in a browser: an address to confirm, a wait that counts down, a service that is away."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, expect

from tests.doubles.gotrue_server import PUBLISHABLE, SECRET, GoTrueServer, gotrue_server_in_thread
from tests.e2e.server import RunningServer
from tests.integration.supabase import EMAIL, PASSWORD

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def gotrue() -> Iterator[GoTrueServer]:
    with gotrue_server_in_thread() as server:
        yield server


@pytest.fixture(scope="module")
def project_server(
    built_pages: None, gotrue: GoTrueServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningServer]:
    keys = {"SUPABASE_URL": gotrue.url, "SUPABASE_PUBLISHABLE_KEY": PUBLISHABLE, "SUPABASE_SECRET_KEY": SECRET}
    running = RunningServer(tmp_path_factory.mktemp("renum") / "data", environment=keys)
    running.start()
    yield running
    running.stop()


async def test_from_registering_to_signing_out(
    browser: Browser, project_server: RunningServer, gotrue: GoTrueServer
) -> None:
    context = await browser.new_context(base_url=project_server.url, locale="en-US", reduced_motion="reduce")
    page = await context.new_page()
    gotrue.project.confirms_addresses = True
    await page.goto("/register")
    await page.fill("#name", "Ana Souza")
    await page.fill("#email", EMAIL)
    await page.fill("#password", PASSWORD)
    await page.get_by_role("button", name="Create account").click()
    await expect(page.get_by_text("We sent you an e-mail")).to_be_visible()
    async with page.expect_response("**/auth/confirm-again"):
        await page.get_by_role("button", name="Send it again").click()
    await expect(page.get_by_text("We sent you an e-mail")).to_be_visible()
    assert gotrue.project.mails == [("signup", EMAIL)] * 2

    await page.fill("#password", PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_text("not confirmed yet")).to_be_visible()
    assert await page.input_value("#email") == EMAIL

    gotrue.project.users[EMAIL]["email_confirmed_at"] = "2026-01-01T00:00:00Z"
    gotrue.will("token", "429")
    await page.fill("#password", PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("timer")).to_have_text(re.compile(r"in (2\d|30) seconds"))
    await expect(page.get_by_role("button", name="Sign in", exact=True)).to_be_disabled()

    gotrue.is_away = True
    await page.goto("/login")
    await page.fill("#email", EMAIL)
    await page.fill("#password", PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_text("not answering")).to_be_visible()
    gotrue.is_away = False
    await page.fill("#password", PASSWORD)
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.wait_for_url("**/")
    await expect(page.get_by_text("Ana").first).to_be_visible()
    assert await page.evaluate("document.cookie.includes('renum_session')") is False
    await context.close()


async def test_tokens_that_a_link_brings_along_leave_the_address_bar(
    browser: Browser, project_server: RunningServer
) -> None:
    page = await browser.new_page(base_url=project_server.url)
    await page.goto("/login?next=/teams#access_token=eyJ.e30.x&refresh_token=abc&type=recovery")
    assert page.url.endswith("?next=/teams")
    await page.close()
