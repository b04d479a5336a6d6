"""Any backend, with the person's own keys taken out of whatever its agents say or fail with.

A model can be talked into repeating what it was told, a server may put a key into its error, and an answer goes on to
other agents, to logs and to pages: so it is done here, before anything is shown or stored.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from typing import Any
from uuid import UUID

from renum_app.agents.backend import (
    AgentBackend,
    AgentError,
    InputNeeded,
    RunEnded,
    RunRequest,
    RunUpdate,
    TextDelta,
    TextReplaced,
)
from renum_app.agents.redaction import Redactor

KeySource = Callable[[UUID], Awaitable[tuple[str, ...]]]
"""Every key in the clear that must not come back to this person's pages."""


class DiscreetBackend:
    """Runs what the backend inside it runs."""

    def __init__(self, inner: AgentBackend, keys: KeySource) -> None:
        self._inner, self._keys = inner, keys
        self.name, self.capabilities = inner.name, inner.capabilities

    async def run(self, request: RunRequest) -> AsyncGenerator[RunUpdate]:
        """As the backend's own.

        Raises:
            AgentError: The attempt failed; its words are without keys too.
        """
        async with aclosing(self._told(request, self._inner.run(request))) as updates:
            async for update in updates:
                yield update

    async def attach(self, request: RunRequest, identifiers: Mapping[str, str]) -> AsyncGenerator[RunUpdate]:
        """As the backend's own.

        Raises:
            UnknownRun: The backend does not know it.
            AgentError: The run failed.
        """
        async with aclosing(self._told(request, self._inner.attach(request, identifiers))) as updates:
            async for update in updates:
                yield update

    async def stop(self, request: RunRequest, identifiers: Mapping[str, str]) -> bool:
        return await self._inner.stop(request, identifiers)

    async def aclose(self) -> None:
        await self._inner.aclose()

    async def _told(self, request: RunRequest, updates: AsyncIterator[RunUpdate]) -> AsyncGenerator[RunUpdate]:
        keys = await self._keys(request.user_id)
        redactor = Redactor(keys)
        try:
            async with aclosing(updates):  # pyright: ignore[reportArgumentType] (iterators here are generators)
                async for update in updates:
                    for each in _discreet(update, redactor, keys):
                        yield each
        except AgentError as error:
            if rest := redactor.rest():
                yield TextDelta(rest)
            _hush(error, keys)
            raise


def _discreet(update: RunUpdate, redactor: Redactor, keys: tuple[str, ...]) -> list[RunUpdate]:
    match update:
        case TextDelta(text):
            return [TextDelta(shown)] if (shown := redactor.add(text)) else []
        case TextReplaced(text):
            redactor.rest()
            return [TextReplaced(redactor.add(text))]
        case RunEnded():
            rest = redactor.rest()
            ended = replace(update, text=Redactor(keys).whole(update.text), model=Redactor(keys).whole(update.model))
            return [*([TextDelta(rest)] if rest else []), ended]
        case _:
            return [update]


def _hush(error: AgentError, keys: tuple[str, ...]) -> None:
    error.params = {name: _without(value, keys) for name, value in error.params.items()}
    if isinstance(error, InputNeeded):
        error.question = _without(error.question, keys)


def _without(value: Any, keys: tuple[str, ...]) -> Any:
    return Redactor(keys).whole(value) if isinstance(value, str) else value
