"""The queue of executions: places in all and for each person; turns between people, first come, first served in each.

Pure. Whoever is at their limit is passed over, and is at the end of the row again once a place of theirs is free.
"""

from __future__ import annotations

from collections import Counter, OrderedDict, deque
from uuid import UUID

Person = UUID | None


class FairQueue:
    """Executions that wait for a place, and those that hold one."""

    def __init__(self, *, places: int, places_per_user: int) -> None:
        self._places, self._places_per_user = places, places_per_user
        self._lines: OrderedDict[Person, deque[UUID]] = OrderedDict()
        """One for each person; the first one's turn is next."""
        self._held_back: dict[Person, deque[UUID]] = {}
        """Lines whose turn came while their person was at the limit."""
        self._waiting: dict[UUID, Person] = {}
        self._running: dict[UUID, Person] = {}
        self._taken: Counter[Person] = Counter()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def __contains__(self, execution_id: UUID) -> bool:
        """Whether it waits."""
        return execution_id in self._waiting

    def put(self, execution_id: UUID, user_id: Person) -> None:
        """Join the person's line, unless it waits or holds a place already."""
        if execution_id in self._waiting or execution_id in self._running:
            return
        self._waiting[execution_id] = user_id
        lines = self._held_back if user_id in self._held_back else self._lines
        lines.setdefault(user_id, deque()).append(execution_id)

    def take(self) -> UUID | None:
        """The next in turn, which holds a place from now on; None while there is none for anybody who waits."""
        while self._lines and len(self._running) < self._places:
            user_id, line = self._lines.popitem(last=False)
            if self._is_at_limit(user_id):
                self._held_back[user_id] = line
                continue
            execution_id = self._first(line)
            if line:
                self._lines[user_id] = line
            if execution_id:
                self._hold(execution_id)
                return execution_id
        return None

    def pull(self, execution_id: UUID) -> bool:
        """Give one a place out of turn, whatever the limits; False when it does not wait."""
        if execution_id not in self._waiting:
            return False
        self._hold(execution_id)
        return True

    def leave(self, execution_id: UUID) -> Person:
        """Give the place back; whose it was."""
        user_id = self._running.pop(execution_id)
        self._taken[user_id] -= 1
        if not self._is_at_limit(user_id) and (line := self._held_back.pop(user_id, None)):
            self._lines[user_id] = line
        if not self._taken[user_id]:
            del self._taken[user_id]
        return user_id

    def _first(self, line: deque[UUID]) -> UUID | None:
        """The first of a line that was not pulled out of it."""
        while line:
            if (execution_id := line.popleft()) in self._waiting:
                return execution_id
        return None

    def _hold(self, execution_id: UUID) -> None:
        user_id = self._waiting.pop(execution_id)
        self._running[execution_id] = user_id
        self._taken[user_id] += 1

    def _is_at_limit(self, user_id: Person) -> bool:
        return self._taken[user_id] >= self._places_per_user
