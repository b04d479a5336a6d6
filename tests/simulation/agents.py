"""Agents that say and do nothing until the test decides; they remember every call and what it has cost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from uuid import UUID

from renum_app.agents.backend import (
    AgentError,
    Capabilities,
    RunEnded,
    RunRequest,
    RunStarted,
    RunUpdate,
    TextReplaced,
    UnknownRun,
    Usage,
)
from renum_app.models.agent import Backend

MODEL = "gpt-4o-mini"
PROVIDER = "openai"


class BrokenBackend(Exception):
    """A backend's own bug."""


@dataclass(eq=False)
class Run:
    """One run upstream, and whether anybody here still listens to it."""

    number: int
    backend: Backend
    request: RunRequest
    usage: Usage
    """What it will have used by its end."""
    text: str = ""
    inbox: asyncio.Queue[RunUpdate | Exception] | None = field(default_factory=asyncio.Queue)
    """None while nobody listens."""
    is_known: bool = False
    """Its identifiers have been told."""
    is_over: bool = False
    outcome: RunUpdate | Exception | None = None
    """How it has ended, unless it was cut."""
    has_cost: bool = False
    """It has used tokens that somebody pays for."""

    @property
    def key(self) -> tuple[UUID, str, int]:
        return self.request.execution_id, self.request.step_id, self.request.attempt

    @property
    def identifiers(self) -> dict[str, str]:
        return {"run": str(self.number)}

    def say(self, update: RunUpdate | Exception) -> None:
        if self.inbox is not None:
            self.inbox.put_nowait(update)

    def end(self, outcome: RunUpdate | Exception, *, has_cost: bool) -> None:
        self.is_over, self.outcome, self.has_cost = True, outcome, has_cost
        self.say(outcome)


@dataclass
class Upstream:
    """What lives outside of the servers: every run there ever was."""

    on_call: Callable[[Run], None]
    use: Callable[[RunRequest], Usage]
    stop_answer: Callable[[], bool | AgentError | None]
    """Confirmed or not, a failure, or None: never answers."""
    runs: list[Run] = field(default_factory=list)

    def open_runs(self) -> list[Run]:
        """Those that wait for the test."""
        return [run for run in self.runs if not run.is_over]


class PuppetBackend:
    """One server's way to the agents; cut off when the server dies."""

    def __init__(self, upstream: Upstream, name: Backend, *, outlives: bool) -> None:
        self.name = name
        self.capabilities = Capabilities(resumes_runs=outlives)
        self.is_cut_off = False
        self._upstream = upstream

    async def run(self, request: RunRequest) -> AsyncIterator[RunUpdate]:
        if self.is_cut_off:
            return
        usage = self._upstream.use(request)
        run = Run(len(self._upstream.runs), self.name, request, usage)
        self._upstream.runs.append(run)
        self._upstream.on_call(run)
        async for update in self._follow(run):
            yield update

    async def attach(self, request: RunRequest, identifiers: Mapping[str, str]) -> AsyncIterator[RunUpdate]:
        if self.is_cut_off:
            return
        run = self._upstream.runs[int(identifiers["run"])]
        if run.is_over and run.outcome is None:
            raise UnknownRun
        run.inbox = asyncio.Queue()
        if run.text:
            yield TextReplaced(run.text)
        if run.outcome:
            run.say(run.outcome)
        async for update in self._follow(run):
            yield update

    async def stop(self, request: RunRequest, identifiers: Mapping[str, str]) -> bool:
        if self.is_cut_off:
            return False
        answer = self._upstream.stop_answer()
        if answer is None:
            await asyncio.Event().wait()
        if isinstance(answer, AgentError):
            raise answer
        if answer and "run" in identifiers:
            self._end(self._upstream.runs[int(identifiers["run"])])
        return bool(answer)

    async def aclose(self) -> None:
        """Nothing is open."""

    async def _follow(self, run: Run) -> AsyncIterator[RunUpdate]:
        inbox = run.inbox
        try:
            while inbox is not None:
                update = await inbox.get()
                if isinstance(update, Exception):
                    raise update
                if isinstance(update, RunStarted):
                    run.is_known = True
                yield update
                if isinstance(update, RunEnded):
                    return
        finally:
            if run.inbox is inbox:
                run.inbox = None
                if not (self.capabilities.resumes_runs and self.is_cut_off):
                    self._end(run)

    def _end(self, run: Run) -> None:
        """Cut before its end: what it would have used may have been used."""
        if not run.is_over:
            run.is_over = run.has_cost = True


def finish(run: Run, text: str, *, is_counted: bool = True) -> None:
    """An agent's good answer."""
    usage = run.usage if is_counted else Usage()
    run.end(RunEnded(text=text, usage=usage, provider=PROVIDER, model=MODEL), has_cost=True)
