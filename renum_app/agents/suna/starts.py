"""Starts under way on this loop: one that is cut here goes on, so that whoever stops the run learns its id."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from renum_app.agents.suna.starting import Start


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is known of a start: its run's id, or else whether one may come of it all the same."""

    run_id: str | None = None
    is_in_doubt: bool = False


class Starts:
    def __init__(self) -> None:
        self._under_way: dict[str, tuple[asyncio.Task[str], Start]] = {}

    async def finished(self, start: Start, doing: Coroutine[Any, Any, str]) -> str:
        """The id of the run that a start gives."""
        task = asyncio.create_task(doing)
        task.add_done_callback(lambda done: self._forget(start.thread_id, done))
        self._under_way[start.thread_id] = task, start
        return await asyncio.shield(task)

    async def outcome(self, thread_id: str, *, patience_seconds: float) -> Outcome:
        """What a start of this loop has given or gives soon; one that does not is given up."""
        if thread_id not in self._under_way:
            return Outcome()
        task, start = self._under_way[thread_id]
        await asyncio.wait([task], timeout=patience_seconds)
        if not task.done():
            task.cancel()
        has_failed = not task.done() or task.cancelled() or task.exception() is not None
        return Outcome(is_in_doubt=start.is_in_doubt) if has_failed else Outcome(task.result())

    async def aclose(self) -> None:
        tasks = [task for task, _ in self._under_way.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget(self, thread_id: str, task: asyncio.Task[str]) -> None:
        """Its failure has been told to whoever awaited it, or nobody does any more."""
        self._under_way.pop(thread_id, None)
        if not task.cancelled():
            task.exception()
