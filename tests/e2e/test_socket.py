"""The socket of the pages in a stranger's hands: every handler, with somebody else's ids, changes and tells nothing."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
import pytest_asyncio
import socketio.exceptions
from reflex_base.event import EventHandler
from reflex_base.utils.format import format_event_handler

from renum_app.auth.cookies import COOKIE_NAME
from renum_app.state.guard import OPEN
from tests.e2e.client import PASSWORD, Client
from tests.e2e.server import ROOT, RunningServer
from tests.e2e.tab import HYDRATE, STATE, Tab
from tests.page_states import page_states

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]

ENTER = f"{STATE}.renum_app___state___session____session.enter"
MARK = "canario"
"""In every text of Ana's; it must reach nobody else."""


class Victim:
    """Ana, what is hers, and a way to see that it stays as it is."""

    def __init__(self, url: str) -> None:
        self.client = Client(url)
        agent = self.client.rehearsal_agent(f"{MARK}-agente", reply=f"{MARK} resposta", seconds=0.05)
        asking = {"requires_approval": "before"}
        team = {
            "name": f"{MARK}-equipe",
            "agent_ids": [agent],
            "workflow_definition": {"type": "sequential", "agents": [{"agent_id": agent, **asking}]},
        }
        self.team = self.client.post("/teams", team)["team_id"]
        self.execution = self.client.execute(self.team, prompt=f"{MARK} pedido")
        self.client.post("/api-keys", {"service_name": f"{MARK}-chave", "api_key": f"sk-{MARK}-{uuid4().hex}"})
        self.client.http.put(f"/model-prices/{MARK}:x", json={"input_usd_per_million": 1, "output_usd_per_million": 1})
        self.approval = self._open_approval()
        self.ids = [self.team, self.execution, agent, self.approval, f"{MARK}-chave"]
        self.paths = [
            "/",
            *(f"/teams/{self.team}{rest}" for rest in ("", "/edit", "/execute")),
            f"/executions/{self.execution}",
            f"/agents/{agent}",
        ]

    def _open_approval(self) -> str:
        for _ in range(100):
            if found := self.client.get("/approvals")["items"]:
                return found[0]["approval_id"]
            httpx.get(str(self.client.http.base_url), timeout=5)
        raise AssertionError("no approval was asked for")

    def everything(self) -> list[Any]:
        """What is theirs, but for what time alone changes."""
        lists = ("/agents", "/teams", "/executions", "/api-keys", "/approvals", "/auth/me", "/model-prices")
        return [self.client.get(path) for path in (*lists, f"/executions/{self.execution}/events")]


@pytest.fixture(scope="module")
def ana(server: RunningServer) -> Victim:
    return Victim(server.url)


@pytest.fixture
def unharmed(ana: Victim) -> Iterator[None]:
    before = ana.everything()
    yield
    assert ana.everything() == before


def _cookie(server: RunningServer, client: Client | None = None) -> str:
    client = client or Client(server.url)
    form = {"email": client.email, "password": PASSWORD}
    answer = httpx.post(f"{server.url}/auth/login", data=form, headers={"Origin": server.url}, timeout=20)
    return answer.cookies[COOKIE_NAME]


def _handlers() -> list[EventHandler]:
    return [
        handler
        for state in page_states()
        for handler in state.event_handlers.values()
        if handler.fn.__module__.startswith("renum_app.")
    ]


def _attacks(handler: EventHandler, ana: Victim) -> Iterator[tuple[str, dict[str, Any]]]:
    """Addresses and arguments: each page of hers, each id of hers in every place where text is taken."""
    wanted = [name for name in inspect.signature(handler.fn).parameters if name not in {"self", "state"}]
    form = {
        "initial_prompt": "x", "name": "x", "agent_id": ana.ids[2], "team_id": ana.team, "execution_id": ana.execution,
        "service_name": ana.ids[4], "choice": "own", "api_key": "k" * 30, "editing": ana.ids[2], "shown_id": ana.team,
    }  # fmt: skip
    for path in ana.paths:
        yield path, dict.fromkeys(wanted, form)
    for each in ana.ids:
        yield ana.paths[0], dict.fromkeys(wanted, each)


@pytest_asyncio.fixture
async def stranger(server: RunningServer) -> AsyncIterator[Tab]:
    async with Tab(server.url) as tab:
        yield tab


async def test_every_handler_refuses_nobody(stranger: Tab, ana: Victim, unharmed: None) -> None:
    open_to_all = {format_event_handler(handler) for handler in OPEN}  # pyright: ignore[reportArgumentType]
    assert len(_handlers()) > 40
    for handler in _handlers():
        name = format_event_handler(handler)
        stranger.heard.clear()
        for path, payload in _attacks(handler, ana):
            await stranger.send(name, payload, path=path)
        await stranger.settled()
        assert MARK not in stranger.everything.replace(ana.ids[4], ""), name
        if name not in open_to_all:
            tries = len(list(_attacks(handler, ana)))
            assert stranger.everything.count('"/login') == tries, name


async def test_every_handler_gives_another_person_nothing(server: RunningServer, ana: Victim, unharmed: None) -> None:
    cookie = _cookie(server)
    for handler in _handlers():
        name = format_event_handler(handler)
        async with Tab(server.url, cookie=cookie) as tab:
            await tab.send(HYDRATE)
            for path, payload in _attacks(handler, ana):
                await tab.send(name, payload, path=path)
            await tab.settled()
            # What they sent themselves may come back; nothing else of hers.
            assert MARK not in tab.everything.replace(ana.ids[4], ""), name
            tab.heard.clear()
            await tab.send(ENTER)
            await tab.settled()
            if '"/login' in tab.everything:  # the handler has ended their own session
                cookie = _cookie(server)


async def test_a_stolen_token_opens_nothing(server: RunningServer, ana: Victim) -> None:
    cookie = _cookie(server, ana.client)
    load = f"{STATE}.renum_app___state___team____team_page.load"
    async with Tab(server.url, cookie=cookie) as own:
        await own.send(HYDRATE, path=f"/teams/{ana.team}")
        await own.send(load, path=f"/teams/{ana.team}")
        assert await own.said(f"{MARK}-equipe")
    for thief in ("", _cookie(server)):
        async with Tab(server.url, cookie=thief, token=own.token) as stolen:
            await stolen.send(HYDRATE)
            await stolen.settled()
            assert MARK not in stolen.everything
    async with Tab(server.url, cookie=cookie, token=own.token) as back:  # what was emptied is loaded again
        await back.send(HYDRATE, path=f"/teams/{ana.team}")
        assert await back.said(f"{MARK}-equipe")


async def test_an_open_tab_ends_with_its_session(server: RunningServer, ana: Victim) -> None:
    cookie = _cookie(server, ana.client)
    load = f"{STATE}.renum_app___state___teams____team_list.load"
    async with Tab(server.url, cookie=cookie) as tab:
        await tab.send(load, path="/teams")
        assert await tab.said(f"{MARK}-equipe")
        await tab.settled()
        headers = {"Cookie": f"{COOKIE_NAME}={cookie}", "Origin": server.url}
        async with httpx.AsyncClient() as http:
            assert (await http.post(f"{server.url}/auth/logout", headers=headers)).status_code == 303
        tab.heard.clear()
        await tab.send(load, path="/teams")
        await tab.send(HYDRATE)
        await tab.settled()
        assert MARK not in tab.everything
        assert '"/login' in tab.everything


async def test_a_page_of_another_site_gets_no_socket(server: RunningServer) -> None:
    cookie = _cookie(server)
    async with Tab(server.url, cookie=cookie, origin=server.url) as own:
        await own.settled()
    for origin in ("http://evil.example", "null", server.url.replace("http", "https"), f"{server.url}.evil.example"):
        with pytest.raises(socketio.exceptions.ConnectionError):
            async with Tab(server.url, cookie=cookie, origin=origin):
                pass


async def test_nonsense_reaches_no_log_with_the_cookie_in_it(server: RunningServer) -> None:
    cookie = _cookie(server)
    async with Tab(server.url, cookie=cookie) as tab:
        for name in ("nothing", f"{STATE}.nothing", f"{STATE}.reset", f"{STATE}.__init__", "", "x" * 10_000):
            await tab.send(name)
        await tab.send(f"{STATE}.update_vars_internal_state.update_vars_internal", {"vars": {ENTER: cookie}})
        await tab.settled()
    assert cookie not in server.log.read_text()


def test_no_state_is_kept_on_disk_and_what_is_kept_is_its_owners_alone(server: RunningServer) -> None:
    assert not (ROOT / ".states").exists()
    for path in server.data_dir.rglob("*"):
        if path != server.log:  # the test's own
            assert path.stat().st_mode & 0o077 == 0, path
