"""What the tests of Suna share: quick waits, one account, and a request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

from renum_app.agents.backend import (
    OpenCredential,
    RunEnded,
    RunRequest,
    RunStarted,
    RunUpdate,
    TextDelta,
    TextReplaced,
)
from renum_app.agents.suna import SunaBackend
from renum_app.agents.suna.timing import Timing
from renum_app.models.agent import AgentSnapshot, Backend
from tests.doubles.suna_server import SunaServer

GENERATIONS = ("g2", "g3", "g4", "g5")
QUICK: dict[str, Any] = {
    "read_seconds": 5.0, "write_seconds": 5.0, "poll_seconds": 0.05, "ping_idle_seconds": 1.0,
    "first_pause_seconds": 0.02, "longest_pause_seconds": 0.05,
    "shortest_limit_seconds": 0.05, "longest_limit_seconds": 0.1, "away_seconds": 5.0,
    "start_window_seconds": 0.1, "late_window_seconds": 0.3, "stop_window_seconds": 0.1, "unseen_seconds": 1.0,
    "settle_seconds": 0.02, "worker_timeout_seconds": 0.2, "usage_seconds": 0.4, "breaker_seconds": 0.1,
}  # fmt: skip


@asynccontextmanager
async def backend_for(
    server: SunaServer, *, api_key: str | None = None, url: str = "", **waits: float
) -> AsyncIterator[SunaBackend]:
    async def credentials(user_id: UUID, service_name: str) -> OpenCredential | None:
        return OpenCredential(service_name=service_name, provider="suna", api_key=api_key or server.key)

    backend = SunaBackend(credentials, url or server.url, timing=Timing(**{**QUICK, **waits}))
    try:
        yield backend
    finally:
        await backend.aclose()


def asked(agent_id: str, *, text: str = "Analise.", instructions: str = "Você é útil.", **more: Any) -> RunRequest:
    agent = AgentSnapshot(
        agent_id="a", name="Ana", backend=Backend.SUNA, instructions="Você é útil.", remote_id=agent_id
    )
    return RunRequest(
        user_id=uuid4(), execution_id=uuid4(), step_id="ana", attempt=1, agent=agent, instructions=instructions,
        input=text, **more,
    )  # fmt: skip


async def told(updates: AsyncIterator[RunUpdate]) -> tuple[list[RunUpdate], RunEnded]:
    """Every update, and the good end."""
    seen = [update async for update in updates]
    assert isinstance(seen[-1], RunEnded)
    return seen, seen[-1]


def shown(updates: Sequence[RunUpdate]) -> str:
    """What people see of it at the end."""
    text = ""
    for update in updates:
        if isinstance(update, TextDelta):
            text += update.text
        elif isinstance(update, TextReplaced):
            text = update.text
    return text


def identifiers(updates: list[RunUpdate]) -> dict[str, str]:
    return dict([update.identifiers for update in updates if isinstance(update, RunStarted)][-1])


async def until(holds: Callable[[], object], *, seconds: float = 10.0) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 (of another thread or a server)
            await asyncio.sleep(0.01)


async def collected(updates: AsyncIterator[RunUpdate], into: list[RunUpdate]) -> None:
    """Keep what comes, for a task that will be cut."""
    async for update in updates:
        into.append(update)  # noqa: PERF401 (what came before the cut counts)
