"""One server for all journeys, a browser for each."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.e2e.server import ROOT, RunningServer

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome", "chromium-headless-shell")


def chromium_path(downloaded: str) -> str:
    """A Chromium on the PATH, else playwright's own download."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None and not Path(downloaded).exists():
        pytest.fail("No Chromium found: `apt-get install chromium`, or `playwright install chromium`.")
    return found or downloaded


@pytest.fixture(scope="session")
def built_pages() -> None:
    """The pages, built once."""
    subprocess.run([sys.executable, "-m", "renum_app.cli", "build"], cwd=ROOT, check=True)


@pytest.fixture(scope="session")
def server(built_pages: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that journeys share; each makes accounts of its own."""
    running = RunningServer(tmp_path_factory.mktemp("renum") / "data")
    running.start()
    yield running
    running.stop()


@pytest.fixture
def own_server(built_pages: None, tmp_path: Path) -> Iterator[RunningServer]:
    """A server that one test may kill and start again; it is not started yet."""
    running = RunningServer(tmp_path / "data")
    yield running
    running.stop()


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        path = chromium_path(playwright.chromium.executable_path)
        browser = await playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture
async def context(browser: Browser, server: RunningServer) -> AsyncIterator[BrowserContext]:
    context = await browser.new_context(
        base_url=server.url, locale="pt-BR", viewport={"width": 1440, "height": 900}, reduced_motion="reduce"
    )
    context.set_default_timeout(15_000)
    yield context
    await context.close()


@pytest_asyncio.fixture
async def page(context: BrowserContext) -> AsyncIterator[Page]:
    """A page that must not log errors."""
    page = await context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    assert errors == []
