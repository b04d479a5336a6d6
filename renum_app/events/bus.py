"""The bus: from the engine's thread to every follower, without one holding back another."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol
from uuid import UUID

from renum_app.models.event import LiveDelta, StoredEvent

Message = StoredEvent | LiveDelta


class Subscription:
    """What one follower has not read yet; a gap sends the follower back to the log."""

    def __init__(self, loop: asyncio.AbstractEventLoop, limit: int) -> None:
        self._loop = loop
        self._queue: asyncio.Queue[Message] = asyncio.Queue(limit)
        self.has_overflowed = False

    async def next(self) -> Message:
        return await self._queue.get()

    def offer(self, messages: Sequence[Message]) -> None:
        """Called from any thread."""
        try:
            self._loop.call_soon_threadsafe(self._put, messages)
        except RuntimeError:  # the follower's loop is closed, so nobody reads this any more
            self.has_overflowed = True

    def _put(self, messages: Sequence[Message]) -> None:
        for message in messages:
            if self._queue.full():
                self.has_overflowed = True
                return
            self._queue.put_nowait(message)


class Bus(Protocol):
    """Carries the messages of executions to their followers."""

    def publish(self, execution_id: UUID, messages: Sequence[Message]) -> None: ...

    def subscribe(self, execution_id: UUID, *, limit: int = 4_096) -> AbstractContextManager[Subscription]: ...


class MemoryBus:
    """The bus of one process."""

    def __init__(self) -> None:
        self._followers: dict[UUID, set[Subscription]] = defaultdict(set)
        self._lock = threading.Lock()

    def publish(self, execution_id: UUID, messages: Sequence[Message]) -> None:
        with self._lock:
            followers = tuple(self._followers.get(execution_id, ()))
        for follower in followers:
            follower.offer(messages)

    @contextmanager
    def subscribe(self, execution_id: UUID, *, limit: int = 4_096) -> Iterator[Subscription]:
        """Follow one execution from now on, on the running loop."""
        subscription = Subscription(asyncio.get_running_loop(), limit)
        with self._lock:
            self._followers[execution_id].add(subscription)
        try:
            yield subscription
        finally:
            with self._lock:
                self._followers[execution_id].discard(subscription)
                if not self._followers[execution_id]:
                    del self._followers[execution_id]
