"""Pictures of every page, in both languages and themes, on a desk and on a phone, for people to look at.

Run with `make screenshots`; they land in `screenshots/`.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from itertools import product
from pathlib import Path
from typing import Literal

from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.conftest import CHROMIUM_FLAGS, chromium_path
from tests.e2e.scenes import Scenes, set_the_scenes
from tests.e2e.server import ROOT, RunningServer

FOLDER = ROOT / "screenshots"
LOCALES = ("pt-BR", "en-US")
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
SIZES = {"desk": (1440, 900), "phone": (390, 844)}
QUIET_SECONDS = 1.2
"""How long a page is given to settle once it is there."""


async def main(only: set[str]) -> None:
    subprocess.run([sys.executable, "-m", "renum_app.cli", "build"], cwd=ROOT, check=True)  # noqa: ASYNC221
    server = RunningServer(Path(tempfile.mkdtemp()) / "data")
    server.start()
    try:
        person = Client(server.url)
        scenes = set_the_scenes(person)
        async with async_playwright() as playwright:
            path = chromium_path(playwright.chromium.executable_path)
            browser = await playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
            for locale, theme, size in product(LOCALES, THEMES, SIZES):
                await _tour(browser, server.url, locale=locale, theme=theme, size=size, only=only)
                await _play(browser, person, scenes, locale=locale, theme=theme, size=size, only=only)
    finally:
        server.stop()


async def _tour(
    browser: Browser, url: str, *, locale: str, theme: Literal["light", "dark"], size: str, only: set[str]
) -> None:
    width, height = SIZES[size]
    context = await browser.new_context(
        base_url=url, locale=locale, color_scheme=theme, viewport={"width": width, "height": height}
    )
    page = await context.new_page()
    suffix = f"{locale}-{theme}-{size}"
    await _visit(page, "/login", f"login-{suffix}", only)
    await _visit(page, "/register", f"register-{suffix}", only)
    for name in ("forgot", "reset", "setup", "login/code"):
        await _visit(page, f"/{name}", f"{name.replace('/', '-')}-{suffix}", only)
    await page.goto("/login")
    await page.locator("form[action='/auth/demo'] button").first.click()
    await page.wait_for_url(f"{url}/")
    await page.wait_for_timeout(1500)
    for name, path in (await _places(context, url)).items():
        await _visit(page, path, f"{name}-{suffix}", only)
    if not only or "execution" in only:
        await _run(page, suffix)
        await _visit(page, "/", f"dashboard-after-{suffix}", set())
        await _visit(page, "/executions", f"executions-after-{suffix}", set())
    await context.close()


async def _play(
    browser: Browser,
    person: Client,
    scenes: Scenes,
    *,
    locale: str,
    theme: Literal["light", "dark"],
    size: str,
    only: set[str],
) -> None:
    """What the engine asks of people, and their ways on."""
    width, height = SIZES[size]
    context = await browser.new_context(
        base_url=str(person.http.base_url).partition("/api/")[0],
        locale=locale,
        color_scheme=theme,
        viewport={"width": width, "height": height},
    )
    page = await context.new_page()
    await sign_in(page, person)
    suffix = f"{locale}-{theme}-{size}"
    for name, path in scenes.pages.items():
        await _visit(page, path, f"{name}-{suffix}", only)
    if not only or "around" in only:
        await _around(page, suffix)
    await _dialog(page, f"/executions/{scenes.over_budget}", ".run-notice .btn-primary", f"resume-{suffix}", only)
    await _dialog(page, f"/executions/{scenes.failed}", ".run-actions button", f"fork-{suffix}", only)
    await context.close()


async def _dialog(page: Page, path: str, opener: str, name: str, only: set[str]) -> None:
    if only and not any(name.startswith(wanted) for wanted in only):
        return
    await page.goto(path)
    await page.locator(opener).first.click()
    await page.wait_for_timeout(QUIET_SECONDS * 1_000)
    await page.screenshot(path=FOLDER / f"{name}.png")


async def _places(context: BrowserContext, url: str) -> dict[str, str]:
    page = await context.new_page()
    team = await _first_link(page, f"{url}/teams", "/teams/")
    agent = await _first_link(page, f"{url}/agents", "/agents/")
    await page.close()
    return {
        "dashboard": "/",
        "agents": "/agents",
        "agent-new": "/agents/new",
        "agent": agent,
        "teams": "/teams",
        "team-new": "/teams/new",
        "team": team,
        "team-edit": f"{team}/edit",
        "execute": f"{team}/execute",
        "executions": "/executions",
        "settings": "/settings",
        "settings-security": "/settings/security",
        "settings-data": "/settings/data",
        "styleguide": "/styleguide",
        "not-found": "/nothing-here",
    }


async def _first_link(page: Page, address: str, prefix: str) -> str:
    await page.goto(address)
    link = page.locator(f"main a[href^='{prefix}']:not([href*='/new']):not([href$='/execute'])").first
    return (await link.get_attribute("href")) or "/"


async def _run(page: Page, suffix: str) -> None:
    team = await _first_link(page, "/teams", "/teams/")
    await page.goto(f"{team}/execute")
    await page.locator("textarea").first.fill("Analise os dados financeiros da empresa XYZ")
    await page.keyboard.press("Control+Enter")
    await page.wait_for_url("**/executions/*")
    await page.wait_for_timeout(7_000)
    await page.screenshot(path=FOLDER / f"execution-running-{suffix}.png", full_page=True)
    await page.wait_for_timeout(18_000)
    await page.screenshot(path=FOLDER / f"execution-ended-{suffix}.png", full_page=True)
    for number, view in ((1, "graph"), (2, "grid"), (0, "score")):
        await page.locator(".run-switch button").nth(number).click()
        await page.screenshot(path=FOLDER / f"execution-{view}-{suffix}.png")
    for _ in range(4):
        await page.keyboard.press("[")
    await page.wait_for_timeout(QUIET_SECONDS * 1_000)
    await page.screenshot(path=FOLDER / f"execution-past-{suffix}.png", full_page=True)


async def _around(page: Page, suffix: str) -> None:
    """What opens over any page."""
    await page.goto("/")
    await page.wait_for_timeout(QUIET_SECONDS * 1_000)
    await page.locator(".tray-opener").last.click()
    await page.wait_for_timeout(QUIET_SECONDS * 1_000)
    await page.screenshot(path=FOLDER / f"notifications-{suffix}.png")
    for key, name in (("Control+k", "palette"), ("?", "shortcuts")):
        await page.keyboard.press("Escape")
        await page.keyboard.press(key)
        await page.wait_for_timeout(QUIET_SECONDS * 1_000)
        await page.screenshot(path=FOLDER / f"{name}-{suffix}.png")


async def _visit(page: Page, path: str, name: str, only: set[str]) -> None:
    if only and not any(name.startswith(wanted) for wanted in only):
        return
    await page.goto(path)
    await page.wait_for_timeout(QUIET_SECONDS * 1_000)
    await page.screenshot(path=FOLDER / f"{name}.png", full_page=True)


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    asyncio.run(main(set(sys.argv[1:])))
