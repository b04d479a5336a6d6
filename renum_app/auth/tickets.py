"""Tickets: one use and thirty seconds instead of a token in a WebSocket's address."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

SECONDS = 30
PREFIX = "rnm_wst_"
_LIMIT = 10_000


@dataclass(frozen=True)
class _Ticket:
    access_token: str = field(repr=False)
    execution_id: UUID
    until: float


@dataclass
class Tickets:
    """The tickets of this process."""

    clock: Callable[[], float] = time.monotonic
    _open: dict[str, _Ticket] = field(default_factory=dict)

    def issue(self, access_token: str, execution_id: UUID) -> str:
        """A ticket that stands for the access token, for this execution only."""
        self._drop_old()
        ticket = PREFIX + secrets.token_urlsafe(32)
        self._open[ticket] = _Ticket(access_token, execution_id, self.clock() + SECONDS)
        return ticket

    def redeem(self, ticket: str, execution_id: UUID) -> str | None:
        """The access token behind a ticket, once."""
        found = self._open.pop(ticket, None)
        if found is None or found.execution_id != execution_id or self.clock() >= found.until:
            return None
        return found.access_token

    def _drop_old(self) -> None:
        now = self.clock()
        for ticket in [ticket for ticket, held in self._open.items() if now >= held.until]:
            del self._open[ticket]
        while len(self._open) >= _LIMIT:
            self._open.pop(next(iter(self._open)))
