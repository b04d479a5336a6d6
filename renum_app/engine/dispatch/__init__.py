"""Dispatch: who calls `advance`. The dispatcher of this process joins at the composition root."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID


class Dispatcher(Protocol):
    """Brings executions and orders to an engine, which may live on another thread or in another process."""

    @property
    def is_alive(self) -> bool: ...

    async def enqueue(self, execution_id: UUID, user_id: UUID | None = None) -> None: ...

    async def wake(self, execution_id: UUID) -> None: ...


_joined: Dispatcher | None = None


def join(dispatcher: Dispatcher | None) -> None:
    """Make it the dispatcher of this process."""
    global _joined
    _joined = dispatcher


def is_alive() -> bool:
    """Whether what is started would move."""
    return _joined is not None and _joined.is_alive


async def start(execution_id: UUID, *, user_id: UUID | None = None) -> None:
    """Bring a stored execution to the engine; without one it waits for the next that starts.

    Args:
        user_id: Whose it is, so that one person's many do not hold up another's few.
    """
    if _joined:
        await _joined.enqueue(execution_id, user_id)


async def wake(execution_id: UUID) -> None:
    """Let the execution's owner look at its commands now."""
    if _joined:
        await _joined.wake(execution_id)
