"""The API in this process, on both databases, and two people at it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest
import pytest_asyncio
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

from renum_app.api.app import create_api
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.runtime import Runtime
from renum_app.settings import Settings
from tests import factories
from tests.integration.people import Person


@pytest_asyncio.fixture
async def http(db: str, live_objects: Runtime, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Nobody's client; a bug gives a 500 as it would in production, rather than raise here."""
    transport = httpx.ASGITransport(create_api(settings), raise_app_exceptions=False, client=("198.51.100.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://renum") as client:
        yield client


@pytest_asyncio.fixture
async def sqlite_http(sqlite_db: str, live_objects: Runtime, settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """The same on SQLite alone, for what costs much time and nothing of the database."""
    transport = httpx.ASGITransport(create_api(settings), raise_app_exceptions=False, client=("198.51.100.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://renum") as client:
        yield client


@pytest_asyncio.fixture
async def ana(http: httpx.AsyncClient, settings: Settings) -> Person:
    return await _person(http, settings)


@pytest_asyncio.fixture
async def bruno(http: httpx.AsyncClient, settings: Settings) -> Person:
    return await _person(http, settings)


@pytest.fixture
def passphrase() -> str:
    return factories.PASSWORD


async def _person(http: httpx.AsyncClient, settings: Settings) -> Person:
    user = await factories.user()
    return Person(http, user, await factories.access_token(user, settings))


@pytest_asyncio.fixture
async def served(http: httpx.AsyncClient, engine: InProcessDispatcher, settings: Settings) -> AsyncIterator[str]:
    """The same API on a real port, with the engine; its address without a scheme."""
    async with _on_a_port(settings) as address:
        yield address


@pytest_asyncio.fixture
async def sqlite_served(
    sqlite_http: httpx.AsyncClient, engine: InProcessDispatcher, settings: Settings
) -> AsyncIterator[str]:
    """`served` on SQLite alone."""
    async with _on_a_port(settings) as address:
        yield address


@asynccontextmanager
async def _on_a_port(settings: Settings) -> AsyncIterator[str]:
    server = Server(
        create_api(settings), port=settings.port, interface=Interfaces.ASGI, log_enabled=False, http=HTTPModes.http1
    )
    serving = asyncio.create_task(server.serve())
    await answers(settings.port)
    yield f"127.0.0.1:{settings.port}"
    server.stop()
    await serving


async def answers(port: int) -> None:
    async with asyncio.timeout(10):
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                return
