"""Whether a session still lives at the service: asked at most every thirty seconds, remembered while it is down.

A signature says nothing of a sign-out, so a token that a client brings along is not believed for its whole life.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from renum_app.auth.identity import Identity
from renum_app.errors import Forbidden, RenumError, Unauthenticated

ASKED_EVERY_SECONDS = 30.0
GRACE_SECONDS = 600.0
"""How long a session that was good goes on while the service cannot be asked."""
_REMEMBERED = 10_000


@dataclass(slots=True)
class _Standing:
    identity: Identity | None
    """None: it has ended."""
    good_at: float
    asked_at: float


@dataclass
class Standings:
    """Sessions of bearers, as the service last spoke of them."""

    clock: Callable[[], float] = time.monotonic
    _known: OrderedDict[str, _Standing] = field(default_factory=OrderedDict)

    async def of(self, session: str, ask: Callable[[], Awaitable[Identity]]) -> Identity:
        """Who the session belongs to.

        Raises:
            Unauthenticated: It has ended.
            RenumError: The service has not confirmed it for too long.
        """
        known, now = self._known.get(session), self.clock()
        if known is None or now - known.asked_at >= ASKED_EVERY_SECONDS:
            if known is not None:
                known.asked_at = now  # who comes meanwhile goes by what was known
            known = await self._asked(session, ask, known)
        if known.identity is None:
            raise Unauthenticated("invalid_token")
        return known.identity

    def forget(self, session: str) -> None:
        self._known.pop(session, None)

    async def _asked(self, session: str, ask: Callable[[], Awaitable[Identity]], known: _Standing | None) -> _Standing:
        now = self.clock()
        try:
            return self._put(session, _Standing(await ask(), good_at=now, asked_at=now))
        except (Unauthenticated, Forbidden):
            return self._put(session, _Standing(None, good_at=now, asked_at=now))
        except RenumError:
            if known is None or now - known.good_at > GRACE_SECONDS:
                raise
            return known

    def _put(self, session: str, standing: _Standing) -> _Standing:
        self._known[session] = standing
        self._known.move_to_end(session)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
        return standing
