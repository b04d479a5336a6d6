"""What one execution brings to a group commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from renum_app.models.event import StoredEvent

Standing = Mapping[UUID, tuple[int, int]]
"""Last seq and epoch of executions as the commit found them."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One execution's part of a group commit."""

    execution_id: UUID
    epoch: int
    expected_seq: int
    """The last seq its owner knows to be stored."""
    events: Sequence[StoredEvent] = ()
    execution: dict[str, Any] = field(default_factory=dict)
    """Changed columns."""
    steps: Sequence[dict[str, Any]] = ()
    """Changed rows with their `step_id`, all columns that may change."""
    approvals: Sequence[dict[str, Any]] = ()
    """New rows, or changed columns, with their `approval_id`."""
    notifications: Sequence[dict[str, Any]] = ()
    handled: Sequence[UUID] = ()
    """Commands that the events answer."""

    @property
    def new_seq(self) -> int:
        return self.expected_seq + len(self.events)

    def passes(self, standing: Standing) -> bool:
        """Whether its owner still is the owner, and this comes next."""
        return standing.get(self.execution_id) == (self.expected_seq, self.epoch)

    def is_there(self, standing: Standing) -> bool:
        """Whether it was stored before: nobody but an owner writes under the owner's epoch, and so far."""
        return standing.get(self.execution_id) == (self.new_seq, self.epoch)


def event_values(event: StoredEvent) -> dict[str, Any]:
    """The row of an event."""
    return {
        "execution_id": event.execution_id,
        "seq": event.seq,
        "kind": event.kind.value,
        "timestamp": event.timestamp,
        "data": event.data,
    }
