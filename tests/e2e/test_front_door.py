"""What a browser lets pages do: every page lives with the strict policy, and no stranger's text does anything."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import BrowserContext, Page
from reflex_base.registry import RegistrationContext

from renum_app import pages
from tests.e2e.browser import sign_in
from tests.e2e.client import Client
from tests.e2e.server import RunningServer
from tests.fixtures.payloads import PAYLOADS

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

ELSEWHERE_IN_THE_PAGE = (
    "iframe, object, embed, base, style[onload], .prose form, .prose style, .prose script, .prose img"
)
TELL = (
    "addEventListener('securitypolicyviolation', e => violated(`${e.violatedDirective} ${e.blockedURI} ${e.sample}`))"
)


@dataclass
class Watched:
    """A page, and what it did that it must not."""

    page: Page
    violations: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    async def visit(self, path: str) -> None:
        await self.page.goto(path)
        await self.page.wait_for_load_state("networkidle")

    @property
    def misdeeds(self) -> list[str]:
        return [*self.violations, *self.errors, *self.elsewhere]


@pytest_asyncio.fixture
async def watched(context: BrowserContext, server: RunningServer) -> AsyncIterator[Watched]:
    seen = Watched(await context.new_page())
    own = urlsplit(server.url).netloc

    async def violated(_: Any, what: str) -> None:
        seen.violations.append(f"{seen.page.url}: {what}")

    await seen.page.expose_binding("violated", violated)
    await seen.page.add_init_script(TELL)
    seen.page.on("console", lambda told: seen.errors.append(told.text) if told.type == "error" else None)
    seen.page.on("pageerror", lambda error: seen.errors.append(str(error)))
    seen.page.on("dialog", lambda dialog: seen.errors.append(dialog.message))
    asked = lambda request: request.url.startswith(("data:", "blob:")) or urlsplit(request.url).netloc == own  # noqa: E731
    seen.page.on("request", lambda request: None if asked(request) else seen.elsewhere.append(request.url))
    yield seen


def _routes() -> set[str]:
    assert pages
    return {settings["route"] for _, settings in RegistrationContext.ensure_context().decorated_pages}


async def test_every_page_lives_with_the_strict_policy(watched: Watched, server: RunningServer) -> None:
    client = Client(server.url)
    agent = client.rehearsal_agent("Ana", reply="## Feito\n\n[fonte](https://example.com)", seconds=0.1)
    team = client.team(agent)
    execution = client.wait(client.execute(team))["execution_id"]
    ids = {"[agent]": agent, "[team_id]": team, "[execution_id]": execution}
    before = {"/login", "/register"}
    for path in sorted(before):
        await watched.visit(path)
    await sign_in(watched.page, client)
    for route in sorted(_routes() - before - {"404"}):
        path = re.sub(r"\[\w+\]", lambda name: ids[name[0]], route)
        await watched.visit(path)
        assert urlsplit(watched.page.url).path.rstrip("/") == path.rstrip("/")
    # What runs scripts by name where others would use `eval`: the language, the theme, a dialog.
    await watched.visit("/settings/appearance")
    await watched.page.get_by_text("English", exact=True).click()
    await watched.page.wait_for_function("document.documentElement.lang === 'en'")
    await watched.page.get_by_text("Dark", exact=True).click()
    await watched.page.wait_for_function("document.documentElement.classList.contains('dark')")
    assert watched.misdeeds == []
    assert await watched.page.evaluate("document.cookie.includes('renum_session')") is False


async def test_a_script_that_was_not_built_in_does_not_run(watched: Watched) -> None:
    await watched.visit("/login")
    await watched.page.evaluate(
        """() => ['window.__ran=1', 'window.__ran=2'].forEach(text => {
            const script = document.createElement('script');
            script.textContent = text;
            document.body.append(script);
        })"""
    )
    assert await watched.page.evaluate("window.__ran") is None
    assert len(watched.violations) == 2


async def test_no_text_of_a_stranger_does_anything(watched: Watched, server: RunningServer) -> None:
    client = Client(server.url)
    everything = "\n\n".join(PAYLOADS)
    places = _planted(client, everything)
    await sign_in(watched.page, client)
    for path, text in places.items():
        await watched.visit(path)
        await watched.page.get_by_text(text).first.wait_for(state="attached")
        for tab in await watched.page.get_by_role("tab").all():
            await tab.click()
            await watched.page.wait_for_timeout(200)
        assert await watched.page.evaluate("window.__ran") is None, path
        assert await watched.page.locator(ELSEWHERE_IN_THE_PAGE).count() == 0, path
        links = await watched.page.eval_on_selector_all("a[href]", "all => all.map(each => each.protocol)")
        assert set(links) <= {"http:", "https:", "mailto:"}, path
    assert watched.misdeeds == []


def _planted(client: Client, everything: str) -> dict[str, str]:
    """Every payload in every field that is shown; pages, each with a text to wait for."""
    short = [text.replace("\n", " ").replace("\t", " ") for text in PAYLOADS]
    names = [text[:200] for text in short]
    agents = [
        client.post(
            "/agents",
            {
                "name": name,
                "description": everything[:2_000],
                "instructions": everything,
                "backend": "rehearsal",
                "rehearsal": {
                    "reply": f"{everything}\n\nfim do texto",
                    "seconds": 0,
                    "first_token_seconds": 0,
                    "faults": [{"kind": "error", "attempts": []}] if place % 2 else [],
                },
            },
        )["agent_id"]
        for place, name in enumerate(names)
    ]
    shown: dict[str, str] = {}
    for first in range(0, len(agents), 40):
        team = _team(client, agents[first : first + 40], names[first : first + 40], everything)
        run = client.post(f"/teams/{team}/execute", {"initial_prompt": everything, "variables": {"x": everything}})
        client.wait(run["execution_id"], seconds=60)
        shown[f"/executions/{run['execution_id']}"] = "fim do texto"
        shown[f"/teams/{team}"] = names[first]
        shown[f"/teams/{team}/edit"] = names[first]
    shown |= {f"/agents/{agents[0]}": names[0], "/agents": names[-1], "/teams": "", "/executions": "", "/": ""}
    return shown


def _team(client: Client, agents: list[str], names: list[str], everything: str) -> str:
    members = [
        {
            "agent_id": agent,
            "execution_order": place,
            "name": name,
            "on_failure": "continue",
            "retry": {"max_attempts": 1},
        }
        for place, (agent, name) in enumerate(zip(agents, names, strict=True), start=1)
    ]
    body = {
        "name": names[0],
        "description": everything[:2_000],
        "agent_ids": agents,
        "workflow_definition": {"type": "parallel", "agents": members},
    }
    return client.post("/teams", body)["team_id"]


def test_every_answer_of_the_server_has_the_headers(server: RunningServer) -> None:
    for path in ("/", "/login", "/nowhere", "/favicon.svg", "/api/v1/teams", "/health/live", "/_event/", "/auth/login"):
        headers = httpx.get(f"{server.url}{path}", headers={"Accept": "*/*"}).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], path
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], path
        assert headers["X-Content-Type-Options"] == "nosniff", path
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin", path
        assert headers["Referrer-Policy"] in {"same-origin", "no-referrer"}, path
        assert path.startswith(("/api", "/health", "/auth")) == (headers.get("Cache-Control") == "no-store"), path
