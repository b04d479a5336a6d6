"""Commands: what people tell a running execution, kept until its owner has heard it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal
from uuid import UUID, uuid4

from sqlmodel import Field as Column

from renum_app.models.values import JsonColumn, Row, UtcDateTime, utc_now


class CommandKind(StrEnum):
    """What people tell a running execution."""

    STOP = "stop"
    DECIDE = "decide"
    """A decision on an approval; the command has the approval's id, `payload` is an `approval.Decision`."""


@dataclass(frozen=True, slots=True)
class StopOrder:
    """Payload of a stop."""

    ordered_by: Literal["owner", "admin"] = "owner"
    reason: str = ""


class Command(Row, table=True):
    """An order to a running execution, folded in by its owner."""

    __tablename__ = "renum_execution_commands"

    command_id: UUID = Column(default_factory=uuid4, primary_key=True)
    execution_id: UUID = Column(foreign_key="renum_team_executions.execution_id", index=True, ondelete="CASCADE")
    kind: str
    payload: dict[str, Any] = Column(default_factory=dict, sa_type=JsonColumn)
    created_at: datetime = Column(default_factory=utc_now, sa_type=UtcDateTime)
    handled_at: datetime | None = Column(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Order:
    """A command as the owner of the execution reads it."""

    command_id: UUID
    kind: CommandKind
    payload: dict[str, Any] = field(default_factory=dict)

    @property
    def stop(self) -> StopOrder:
        """What an order to stop says."""
        return StopOrder(**self.payload)


def order_of(command: Command) -> Order:
    return Order(command.command_id, CommandKind(command.kind), command.payload)
