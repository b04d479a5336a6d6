"""Checked sessions and API tokens, remembered for a few seconds so that not every call asks the database."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from uuid import UUID

from renum_app.models.user import CurrentUser

SECONDS = 2.5
"""A session that another process ended is gone everywhere within twice this."""
_LIMIT = 10_000


class RememberedSessions:
    """Key (session id, or hash of a cookie or an API token) to person; forgets at its end and after a moment."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, tuple[CurrentUser, float]] = OrderedDict()
        self._changing = threading.Lock()
        """The engine's loop ends sessions too."""

    def get(self, key: str) -> CurrentUser | None:
        user, until = self._known.get(key, (None, 0.0))
        return user if time.monotonic() < until else None

    def put(self, key: str, user: CurrentUser) -> CurrentUser:
        with self._changing:
            self._known[key] = (user, time.monotonic() + SECONDS)
            self._known.move_to_end(key)
            if len(self._known) > _LIMIT:
                self._known.popitem(last=False)
        return user

    def forget(self, ended: UUID) -> None:
        """The session or API token of this id has ended, or the person has; whatever they were remembered by."""
        with self._changing:
            for key in [key for key, (user, _) in self._known.items() if ended in _ids(user)]:
                del self._known[key]


def _ids(user: CurrentUser) -> tuple[UUID | None, ...]:
    return user.session_id, user.token_id, user.user_id
