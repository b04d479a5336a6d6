"""Quarantine: steps that ran when the process died go on one at a time, so that one to blame dies alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import UUID

_ALONE_SECONDS = 10.0
"""One that has lived so long lets the next one in."""

Suspect = tuple[UUID, str]
"""An execution's step."""


class Quarantine:
    """Of one event loop; whoever is let in leaves when its call has ended."""

    def __init__(self, *, alone_seconds: float = _ALONE_SECONDS) -> None:
        self._alone_seconds = alone_seconds
        self._inside: Suspect | None = None
        self._patience: asyncio.TimerHandle | None = None
        self._waiting: dict[Suspect, Callable[[], None]] = {}

    def admits(self, suspect: Suspect, *, when_free: Callable[[], None]) -> bool:
        """Whether it may run now; if not, `when_free` says when to ask again."""
        if self._inside not in (None, suspect):
            self._waiting[suspect] = when_free
            return False
        self.leave(suspect)
        self._inside = suspect
        self._patience = asyncio.get_running_loop().call_later(self._alone_seconds, self.leave, suspect)
        return True

    def leave(self, suspect: Suspect) -> None:
        """Make room, if it is inside."""
        self._waiting.pop(suspect, None)
        if self._inside != suspect:
            return
        self._inside = None
        if self._patience:
            self._patience.cancel()
        waiting, self._waiting = self._waiting, {}
        for is_free in waiting.values():
            is_free()
