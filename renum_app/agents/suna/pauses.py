"""Waiting between tries: longer each time, spread by chance, and no longer than somebody has patience for."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from renum_app.agents.backend import AgentError, RateLimited
from renum_app.agents.suna.failures import is_passing, is_unsent
from renum_app.agents.suna.server import Server

Answer = TypeVar("Answer")


class Pauses:
    """The pauses of one row of tries."""

    def __init__(self, server: Server) -> None:
        self._timing = server.timing
        self._clock = server.clock
        self._began = server.clock()
        self._next = self._timing.first_pause_seconds
        self._next_limited = self._timing.shortest_limit_seconds

    @property
    def seconds_gone(self) -> float:
        """Since the first try."""
        return self._clock() - self._began

    async def after(self, error: AgentError | None = None) -> None:
        """Wait before the next try, as long as the failure asks for."""
        if isinstance(error, RateLimited):
            seconds = self._next_limited if error.retry_after is None else error.retry_after
            self._next_limited = min(self._next_limited * 2, self._timing.longest_limit_seconds)
        else:
            seconds = self._next
            self._next = min(self._next * 2, self._timing.longest_pause_seconds)
        await asyncio.sleep(seconds * (0.75 + random.random() / 2))  # noqa: S311 (no secret)


async def until_answered(
    server: Server, ask: Callable[[], Awaitable[Answer]], *, patience_seconds: float | None = None
) -> Answer:
    """Ask something that changes nothing until it is answered; without a patience, who asks bounds the time.

    Raises:
        AgentError: Asking again would not help, or patience is at its end.
    """
    pauses = Pauses(server)
    while True:
        try:
            return await ask()
        except AgentError as error:
            is_late = patience_seconds is not None and pauses.seconds_gone >= patience_seconds
            if is_late or not is_passing(error):
                raise
            await pauses.after(error)


async def until_done(server: Server, do: Callable[[], Awaitable[Answer]]) -> Answer:
    """Do something once: tried again only while it is sure that nothing was done.

    A limit of runs is waited for as long as it lasts, a server that is away for as long as `Timing.away_seconds`.

    Raises:
        AgentError: It was refused, the server stayed away, or nobody knows whether it was done.
    """
    pauses = Pauses(server)
    while True:
        try:
            return await do()
        except AgentError as error:
            is_waiting = isinstance(error, RateLimited) or pauses.seconds_gone < server.timing.away_seconds
            if not (is_unsent(error) and is_waiting):
                raise
            await pauses.after(error)
