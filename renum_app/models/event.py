"""Events: stored facts about an execution, numbered without gaps, and how they travel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field as Column

from renum_app.models.values import JsonColumn, Row, UtcDateTime, iso


class WireType(StrEnum):
    """The message types of the monitor WebSocket."""

    STATUS = "status_update"
    AGENT_STATUS = "agent_status_update"
    PROGRESS = "progress_update"
    RESULT = "result_update"
    ERROR = "error_update"
    LOG = "log"


class EventKind(StrEnum):
    """The closed set of facts, past tense."""

    EXECUTION_ACCEPTED = "execution_accepted"
    EXECUTION_STARTED = "execution_started"
    EXECUTION_RECOVERED = "execution_recovered"
    EXECUTION_PARKED = "execution_parked"
    EXECUTION_UNPARKED = "execution_unparked"
    STOP_REQUESTED = "stop_requested"
    EXECUTION_COMPLETED = "execution_completed"
    EXECUTION_FAILED = "execution_failed"
    EXECUTION_CANCELLED = "execution_cancelled"
    ATTEMPT_STARTED = "attempt_started"
    RUN_STARTED = "run_started"
    TEXT_STREAMED = "text_streamed"
    TEXT_REPLACED = "text_replaced"
    ATTEMPT_FAILED = "attempt_failed"
    ATTEMPT_INTERRUPTED = "attempt_interrupted"
    RETRY_SCHEDULED = "retry_scheduled"
    STEP_STALLED = "step_stalled"
    STEP_REVIVED = "step_revived"
    APPROVAL_REQUESTED = "approval_requested"
    APPROVAL_DECIDED = "approval_decided"
    GATE_PASSED = "gate_passed"
    OUTPUT_RECORDED = "output_recorded"
    STEP_COMPLETED = "step_completed"
    STEP_FAILED = "step_failed"
    STEP_SKIPPED = "step_skipped"
    STEP_CANCELLED = "step_cancelled"
    STEP_REUSED = "step_reused"
    PROGRESS_MADE = "progress_made"
    RESULT_RECORDED = "result_recorded"
    LOGGED = "logged"


WIRE_TYPES: dict[EventKind, WireType] = {
    EventKind.EXECUTION_ACCEPTED: WireType.STATUS,
    EventKind.EXECUTION_STARTED: WireType.STATUS,
    EventKind.EXECUTION_RECOVERED: WireType.LOG,
    EventKind.EXECUTION_PARKED: WireType.STATUS,
    EventKind.EXECUTION_UNPARKED: WireType.STATUS,
    EventKind.STOP_REQUESTED: WireType.STATUS,
    EventKind.EXECUTION_COMPLETED: WireType.STATUS,
    EventKind.EXECUTION_FAILED: WireType.STATUS,
    EventKind.EXECUTION_CANCELLED: WireType.STATUS,
    EventKind.ATTEMPT_STARTED: WireType.AGENT_STATUS,
    EventKind.RUN_STARTED: WireType.LOG,
    EventKind.TEXT_STREAMED: WireType.RESULT,
    EventKind.TEXT_REPLACED: WireType.RESULT,
    EventKind.ATTEMPT_FAILED: WireType.ERROR,
    EventKind.ATTEMPT_INTERRUPTED: WireType.LOG,
    EventKind.RETRY_SCHEDULED: WireType.AGENT_STATUS,
    EventKind.STEP_STALLED: WireType.AGENT_STATUS,
    EventKind.STEP_REVIVED: WireType.AGENT_STATUS,
    EventKind.APPROVAL_REQUESTED: WireType.AGENT_STATUS,
    EventKind.APPROVAL_DECIDED: WireType.LOG,
    EventKind.GATE_PASSED: WireType.LOG,
    EventKind.OUTPUT_RECORDED: WireType.RESULT,
    EventKind.STEP_COMPLETED: WireType.AGENT_STATUS,
    EventKind.STEP_FAILED: WireType.AGENT_STATUS,
    EventKind.STEP_SKIPPED: WireType.AGENT_STATUS,
    EventKind.STEP_CANCELLED: WireType.AGENT_STATUS,
    EventKind.STEP_REUSED: WireType.AGENT_STATUS,
    EventKind.PROGRESS_MADE: WireType.PROGRESS,
    EventKind.RESULT_RECORDED: WireType.RESULT,
    EventKind.LOGGED: WireType.LOG,
}

FINAL_KINDS = frozenset({EventKind.EXECUTION_COMPLETED, EventKind.EXECUTION_FAILED, EventKind.EXECUTION_CANCELLED})


class Event(Row, table=True):
    __tablename__ = "renum_execution_events"

    execution_id: UUID = Column(foreign_key="renum_team_executions.execution_id", primary_key=True, ondelete="CASCADE")
    seq: int = Column(primary_key=True)
    """From 1, without gaps; commit order."""
    kind: str
    timestamp: datetime = Column(sa_type=UtcDateTime)
    data: dict[str, Any] = Column(sa_type=JsonColumn)


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One committed event."""

    execution_id: UUID
    seq: int
    kind: EventKind
    timestamp: datetime
    data: dict[str, Any]

    def message(self) -> dict[str, Any]:
        """The object that REST, SSE and WebSocket all give."""
        return {
            "type": WIRE_TYPES[self.kind].value,
            "kind": self.kind.value,
            "execution_id": str(self.execution_id),
            "seq": self.seq,
            "timestamp": iso(self.timestamp),
            "data": self.data,
        }


@dataclass(frozen=True, slots=True)
class LiveDelta:
    """Streamed text that is not stored yet; it has no seq, `offset` makes it exact."""

    execution_id: UUID
    agent_id: str
    step_id: str
    attempt: int
    offset: int
    delta: str

    def message(self) -> dict[str, Any]:
        return {
            "type": WireType.RESULT.value,
            "execution_id": str(self.execution_id),
            "data": {
                "agent_id": self.agent_id,
                "step_id": self.step_id,
                "attempt": self.attempt,
                "offset": self.offset,
                "delta": self.delta,
            },
        }
