"""Starts under way on this loop: one that is cut here goes on, so that whoever stops the run learns its id."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any


class Starts:
    def __init__(self) -> None:
        self._under_way: dict[str, asyncio.Task[str]] = {}

    async def finished(self, thread_id: str, start: Coroutine[Any, Any, str]) -> str:
        """The id of the run that a start gives."""
        task = asyncio.create_task(start)
        task.add_done_callback(lambda done: self._forget(thread_id, done))
        self._under_way[thread_id] = task
        return await asyncio.shield(task)

    async def outcome(self, thread_id: str, *, patience_seconds: float) -> str | None:
        """The run that a start of this loop has given or gives soon; one that does not is given up."""
        task = self._under_way.get(thread_id)
        if task is None:
            return None
        await asyncio.wait([task], timeout=patience_seconds)
        if not task.done():
            task.cancel()
            return None
        failed = task.cancelled() or task.exception() is not None
        return None if failed else task.result()

    async def aclose(self) -> None:
        tasks = list(self._under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget(self, thread_id: str, task: asyncio.Task[str]) -> None:
        """Its failure has been told to whoever awaited it, or nobody does any more."""
        self._under_way.pop(thread_id, None)
        if not task.cancelled():
            task.exception()
