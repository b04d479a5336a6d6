"""A queue that is first come, first served for each user, and takes turns between users. Pure."""

from __future__ import annotations

from collections import OrderedDict, deque
from uuid import UUID


class FairQueue:
    def __init__(self) -> None:
        self._lines: OrderedDict[UUID | None, deque[UUID]] = OrderedDict()
        """One line per user; the first user's turn is next."""
        self._members: set[UUID] = set()

    def __len__(self) -> int:
        return len(self._members)

    def __contains__(self, execution_id: UUID) -> bool:
        return execution_id in self._members

    def put(self, execution_id: UUID, user_id: UUID | None) -> None:
        if execution_id not in self._members:
            self._members.add(execution_id)
            self._lines.setdefault(user_id, deque()).append(execution_id)

    def take(self) -> UUID | None:
        """The next in turn."""
        while self._lines:
            user_id, line = self._lines.popitem(last=False)
            execution_id = self._first(line)
            if line:
                self._lines[user_id] = line
            if execution_id:
                return execution_id
        return None

    def remove(self, execution_id: UUID) -> None:
        """Leave the queue early; its place in line is passed over later."""
        self._members.discard(execution_id)

    def _first(self, line: deque[UUID]) -> UUID | None:
        while line:
            execution_id = line.popleft()
            if execution_id in self._members:
                self._members.discard(execution_id)
                return execution_id
        return None
