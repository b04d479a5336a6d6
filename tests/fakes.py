"""Doubles of protocols."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field

from renum_app.agents.backend import (
    Capabilities,
    RunEnded,
    RunRequest,
    RunStarted,
    RunUpdate,
    TextDelta,
    UnknownRun,
    Usage,
)
from renum_app.models.agent import Backend

Script = Callable[[RunRequest], AsyncIterator[RunUpdate]]


@dataclass
class ScriptedBackend:
    """An AgentBackend whose agents do what the test says, by agent name, and that remembers every call."""

    scripts: dict[str, Script] = field(default_factory=dict)
    name: Backend = Backend.LOCAL
    capabilities: Capabilities = field(default_factory=Capabilities)
    confirms_stops: bool = True
    requests: list[RunRequest] = field(default_factory=list)
    attached: list[Mapping[str, str]] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    ended: Counter[str] = field(default_factory=Counter)

    @property
    def calls(self) -> Counter[str]:
        return Counter(request.step_id for request in self.requests)

    def sent_to(self, step_id: str) -> RunRequest:
        """The last request to a step."""
        return [request for request in self.requests if request.step_id == step_id][-1]

    async def run(self, request: RunRequest) -> AsyncIterator[RunUpdate]:
        self.requests.append(request)
        script = self.scripts.get(request.agent.name) or says("Feito.")
        try:
            async for update in script(request):
                yield update
        finally:
            self.ended[request.step_id] += 1

    async def attach(self, request: RunRequest, identifiers: Mapping[str, str]) -> AsyncIterator[RunUpdate]:
        self.attached.append(identifiers)
        if not self.capabilities.resumes_runs:
            raise UnknownRun
        yield RunEnded(text="retomado", usage=Usage(1, 1))

    async def stop(self, request: RunRequest, identifiers: Mapping[str, str]) -> bool:
        self.stopped.append(request.step_id)
        return self.confirms_stops

    async def aclose(self) -> None:
        """Nothing is open."""


def says(
    text: str,
    *,
    seconds: float = 0.0,
    pieces: int = 1,
    usage: Usage | None = None,
    is_free: bool = False,
    provider: str = "",
    model: str = "",
) -> Script:
    """Streams a text in so many pieces over so many seconds."""

    async def script(request: RunRequest) -> AsyncIterator[RunUpdate]:
        size = max(1, -(-len(text) // pieces))
        for start in range(0, len(text), size):
            if seconds:
                await asyncio.sleep(seconds / pieces)
            yield TextDelta(text[start : start + size])
        yield RunEnded(text=text, usage=usage or Usage(10, 5), is_free=is_free, provider=provider, model=model)

    return script


def fails(
    error: Callable[[], Exception], *, times: int = 1_000, then: str = "Feito.", after_seconds: float = 0.0
) -> Script:
    """Fails in the first attempts, then answers."""

    async def script(request: RunRequest) -> AsyncIterator[RunUpdate]:
        await asyncio.sleep(after_seconds)
        if request.attempt <= times:
            raise error()
        yield TextDelta(then)
        yield RunEnded(text=then, usage=Usage(10, 5))

    return script


def hangs(*, identifiers: Mapping[str, str] | None = None, after: str = "") -> Script:
    """Says something, then never ends."""

    async def script(request: RunRequest) -> AsyncIterator[RunUpdate]:
        if identifiers:
            yield RunStarted(identifiers)
        if after:
            yield TextDelta(after)
        await asyncio.Event().wait()
        yield RunEnded(text="never")

    return script
