"""Addresses that a person may not lead this server to, whichever way they are written or resolved (S-48)."""

from __future__ import annotations

import ast
import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from renum_app import runtime
from renum_app.http import Trouble, own_client, sdk_client, trouble_of
from tests.doubles.openai_server import OpenAIServer, openai_server
from tests.integration.people import Person

PRODUCT = Path(__file__).parents[2] / "renum_app"
URLS = (
    "http://127.0.0.1:{port}/v1", "http://127.1:{port}/v1", "http://127.0.1:{port}/v1", "http://0:{port}/v1",
    "http://0.0.0.0:{port}/v1", "http://127.8.8.8:{port}/v1", "http://2130706433:{port}/v1",
    "http://0x7f000001:{port}/v1", "http://0x7f.1:{port}/v1", "http://0x7f.0.0.1:{port}/v1",
    "http://017700000001:{port}/v1", "http://0177.0.0.1:{port}/v1", "http://00000177.1:{port}/v1",
    "http://localhost:{port}/v1", "http://LOCALHOST:{port}/v1", "http://localhost.:{port}/v1",
    "http://sub.localhost:{port}/v1", "http://[::1]:{port}/v1", "http://[::]:{port}/v1",
    "http://[0:0:0:0:0:0:0:1]:{port}/v1", "http://[::ffff:127.0.0.1]:{port}/v1", "http://[::ffff:7f00:1]:{port}/v1",
    "http://[::127.0.0.1]:{port}/v1", "http://[64:ff9b::7f00:1]:{port}/v1", "http://[2002:7f00:1::]:{port}/v1",
    "http://[fe80::1]:{port}/v1", "http://[fd00::1]:{port}/v1", "http://[fec0::1]:{port}/v1",
    "http://169.254.169.254/latest/meta-data", "http://[::ffff:a9fe:a9fe]/latest", "http://2852039166/latest",
    "http://[fd00:ec2::254]/latest", "http://metadata.google.internal/computeMetadata", "http://10.0.0.1/v1",
    "http://172.16.0.1/v1", "http://192.168.0.1/v1", "http://100.64.0.1/v1", "http://198.18.0.1/v1",
    "http://192.0.0.1/v1", "http://224.0.0.1/v1", "http://255.255.255.255/v1", "http://user:pass@127.0.0.1:{port}/v1",
    "http://example.com@127.0.0.1:{port}/v1", "http://127.0.0.1:{port}\\@example.com/v1", "file:///etc/passwd",
    "gopher://127.0.0.1:{port}/v1", "ftp://127.0.0.1/v1", "unix:///var/run/docker.sock", "//127.0.0.1:{port}/v1",
    "http:///v1", "http://①②⑦.⓪.⓪.①:{port}/v1", "http://127。0。0。1:{port}/v1", "http://127.0.0.1%00.example.com/v1",
)  # fmt: skip


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """The kind of database does not matter here."""
    return sqlite_url


@pytest_asyncio.fixture
async def inside() -> AsyncIterator[OpenAIServer]:
    """A server on this machine that nobody may be led to."""
    async with openai_server() as running:
        yield running


async def test_no_address_of_a_person_leads_inside(ana: Person, inside: OpenAIServer) -> None:
    live = runtime.current()
    live.settings = live.settings.model_copy(update={"allow_private_urls": False})
    assert len(URLS) >= 40
    for url in URLS:
        body = {"service_name": "own", "api_key": inside.key, "base_url": url.format(port=inside.port)}
        kept = await ana.post("/api-keys", body)
        assert kept.status_code in {201, 422}, (url, kept.text)
        if kept.status_code == 201:  # where a name leads is seen when it is connected to
            tried = (await ana.post("/api-keys/own/test")).json()
            assert (tried["ok"], tried["code"]) in {(False, "agent_failed"), (False, "backend_unreachable")}, url
            assert inside.key not in str(tried)
    assert inside.connections == 0


@pytest.mark.parametrize("make", [sdk_client, own_client])
async def test_no_spelling_passes_a_client(inside: OpenAIServer, make: Any) -> None:
    async with make(private_is_allowed=False, read_seconds=2) as client:
        for url in URLS:
            with pytest.raises(Exception) as refused:
                await client.get(url.format(port=inside.port))
            assert not isinstance(refused.value, AssertionError), url
    assert inside.connections == 0


class Resolver:
    """A name server that changes its mind between two questions."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers, self.asked = list(answers), 0

    async def getaddrinfo(self, host: str, port: int, **_: Any) -> list[Any]:
        self.asked += 1
        found = self.answers.pop(0) if self.answers else ["127.0.0.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]


@pytest.mark.parametrize("make", [sdk_client, own_client])
async def test_a_name_that_changes_its_address_gains_nothing(
    inside: OpenAIServer, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    url = f"http://rebind.example:{inside.port}/v1/models"
    for answers in (["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"]):
        resolver = Resolver(answers)
        monkeypatch.setattr(loop, "getaddrinfo", resolver.getaddrinfo)
        async with make(private_is_allowed=False, read_seconds=2) as client:
            with pytest.raises(Exception) as refused:
                await client.get(url)
        assert trouble_of(refused.value) is Trouble.ADDRESS_REFUSED
    assert inside.connections == 0
    # What was asked once is what is connected to: there is no second question to answer differently.
    resolver = Resolver(["127.0.0.1"], ["10.255.255.1"])
    monkeypatch.setattr(loop, "getaddrinfo", resolver.getaddrinfo)
    async with make(private_is_allowed=True, read_seconds=2) as client:
        await client.get(url)
    assert (resolver.asked, inside.connections) == (1, 1)


def test_nothing_goes_out_but_through_the_guarded_clients() -> None:
    """Beside the import contracts: the standard library can call out too. Mail goes to the operator's own server.

    The command line is a client of Renum's own API, on the machine of whoever calls it.
    """
    reaching = {"urllib.request", "http.client", "ftplib", "telnetlib", "xmlrpc.client", "requests", "smtplib"}
    clients = {"httpx", "httpx2", "aiohttp", "httpcore", "httpcore2"}
    found = set()
    for path in PRODUCT.rglob("*.py"):
        name = path.relative_to(PRODUCT).as_posix()
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [each.name for each in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {(name, module) for module in modules if module in reaching or module.split(".")[0] in clients}
    assert {name.split("/")[0] for name, _ in found} == {"http", "cli"}
    assert {module for name, module in found if name.startswith("cli/")} == {"httpx"}
