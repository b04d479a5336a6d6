"""The circuit breaker of one Suna server: after failures in a row nobody asks it for a while, then one does."""

from __future__ import annotations

import time
from collections.abc import Callable


class Breaker:
    def __init__(
        self, *, opens_after: int = 5, seconds: float = 30.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._opens_after = opens_after
        self._seconds = seconds
        self._clock = clock
        self._failures = 0
        self._asks_again_at = 0.0

    @property
    def is_open(self) -> bool:
        return self._failures >= self._opens_after

    def wait_seconds(self) -> float:
        """How long to ask nothing; 0 lets the caller ask, and while open only the first of them."""
        now = self._clock()
        if not self.is_open:
            return 0.0
        if now < self._asks_again_at:
            return self._asks_again_at - now
        self._asks_again_at = now + self._seconds  # whoever comes next waits for what this one finds
        return 0.0

    def succeeded(self) -> None:
        self._failures = 0

    def failed(self) -> None:
        self._failures += 1
        if self.is_open:
            self._asks_again_at = self._clock() + self._seconds
