"""No page has a serious accessibility fault, in either theme; axe-core is a locked package, not a CDN's."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Page, expect

from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.scenes import Scenes, set_the_scenes
from tests.e2e.server import RunningServer

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

FOLDER = Path(__file__).parent / "axe"
SERIOUS = {"serious", "critical"}
FOR_ALL = ("/login", "/register")
RUN = """() => axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => violations.map(
  ({ id, impact, nodes }) => ({ id, impact, where: nodes.map((node) => `${node.target} ${node.failureSummary}`) })
))"""


@pytest.fixture(scope="module")
def axe() -> str:
    """The source of axe-core, as locked."""
    bun = Path(sys.executable).parent / "bun"
    subprocess.run([str(bun), "install", "--frozen-lockfile"], cwd=FOLDER, check=True, capture_output=True, timeout=60)
    return (FOLDER / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def person(server: RunningServer) -> tuple[Client, Scenes]:
    client = Client(server.url)
    return client, set_the_scenes(client)


def pages_of(client: Client, scenes: Scenes) -> list[str]:
    agent = client.get("/agents")["items"][0]["agent_id"]
    own = ("/", "/agents", "/agents/new", f"/agents/{agent}", "/teams", "/teams/new", "/executions", "/approvals")
    settings = ("/settings", "/settings/account", "/settings/appearance", "/settings/costs")
    return list(dict.fromkeys([*own, *settings, *scenes.pages.values(), "/styleguide", "/nothing-here"]))


async def faults(page: Page, axe: str) -> list[dict[str, Any]]:
    """What axe finds serious, once the page has stopped moving."""
    await page.wait_for_timeout(900)
    await page.evaluate(axe)
    return [{"page": page.url, **each} for each in await page.evaluate(RUN) if each["impact"] in SERIOUS]


@pytest.mark.parametrize("theme", ["light", "dark"])
async def test_no_page_has_a_serious_fault(
    browser: Browser, person: tuple[Client, Scenes], axe: str, server: RunningServer, theme: Literal["light", "dark"]
) -> None:
    client, scenes = person
    context = await browser.new_context(
        base_url=server.url, locale="pt-BR", color_scheme=theme, reduced_motion="reduce"
    )
    page = await context.new_page()
    found: list[dict[str, Any]] = []
    for path in FOR_ALL:
        await page.goto(path)
        found += await faults(page, axe)
    await sign_in(page, client)
    for path in pages_of(client, scenes):
        await page.goto(path)
        await expect(page.locator("main :is(h1, h2)").first).to_be_visible()
        found += await faults(page, axe)
    await page.goto("/")
    await expect(page.locator("main h1")).to_be_visible()
    await page.wait_for_load_state("networkidle")  # keys are heard once the scripts are there
    for key in ("Control+k", "?"):
        await page.keyboard.press(key)
        await expect(page.locator("dialog[open]")).to_be_visible()
        found += await faults(page, axe)
        await page.keyboard.press("Escape")
        await expect(page.locator("dialog[open]")).to_have_count(0)  # while the palette is open, keys are words
    await context.close()

    assert found == []


async def test_the_first_load_is_light(browser: Browser, server: RunningServer) -> None:
    context = await browser.new_context(base_url=server.url)
    page = await context.new_page()
    await page.goto("/login", wait_until="networkidle")

    sizes = await page.evaluate(
        """() => performance.getEntriesByType("resource").filter(({ name }) => new URL(name).pathname.endsWith(".js"))
          .map(({ encodedBodySize }) => encodedBodySize)"""
    )
    await context.close()

    assert len(sizes) > 5
    assert sum(sizes) <= 350 * 1024
