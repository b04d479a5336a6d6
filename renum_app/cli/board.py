"""What a terminal shows of an execution, folded from its events. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

FINAL_STATUSES = {"completed", "failed", "cancelled"}
"""`models.execution.FINAL_STATUSES`, without the tables that come with them."""
PEOPLE = {"approval", "input"}
"""What only a person can end the wait for."""


@dataclass
class Seat:
    """One member as it stands."""

    step_id: str
    name: str
    status: str = "pending"
    attempt: int = 0
    reason: str | None = None
    tokens: int | None = None
    cost_usd: float | None = None
    text: str = ""
    """What its running attempt has written so far, or its output."""


@dataclass
class Board:
    """The whole execution as it stands after `reached`."""

    execution_id: str
    team_name: str
    known: int
    """The last event there was when it was asked for; what comes later is news."""
    created_at: datetime
    seats: dict[str, Seat]
    status: str = "pending"
    waiting_for: str | None = None
    stopping: bool = False
    progress: int = 0
    error: dict[str, Any] = field(default_factory=dict)
    reached: int = 0

    @property
    def waits_for_people(self) -> bool:
        """Now, not at some moment of what is told again."""
        return self.waiting_for in PEOPLE and self.reached >= self.known

    @property
    def tokens(self) -> int:
        return sum(seat.tokens or 0 for seat in self.seats.values())

    @property
    def cost_usd(self) -> float | None:
        """None when a member has used tokens at a price nobody knows: unknown is not free."""
        used = [seat for seat in self.seats.values() if seat.tokens is not None or seat.cost_usd is not None]
        return None if any(seat.cost_usd is None for seat in used) else sum(seat.cost_usd or 0 for seat in used)


def board_of(execution: dict[str, Any]) -> Board:
    """The members of an execution, before its first event."""
    seats: Iterable[dict[str, Any]] = execution["steps"]
    return Board(
        execution_id=execution["execution_id"],
        team_name=execution["team_name"],
        known=execution["last_seq"],
        created_at=datetime.fromisoformat(execution["created_at"]),
        seats={each["step_id"]: Seat(each["step_id"], each["name"]) for each in seats},
    )


def take(board: Board, event: dict[str, Any]) -> None:
    """Fold one event in; kinds that change nothing on screen are let pass."""
    data = event["data"]
    board.reached = event["seq"]
    if event["type"] == "status_update":
        board.status = data.get("status", board.status)
        board.waiting_for = data.get("waiting_for")
        board.stopping = bool(data.get("stopping", board.stopping))
        board.error = data if "error_code" in data else board.error
    elif event["kind"] == "progress_made":
        board.progress = data["progress"]
    elif seat := board.seats.get(data.get("step_id") or ""):
        _take_seat(seat, event["kind"], data)


def _take_seat(seat: Seat, kind: str, data: dict[str, Any]) -> None:
    if "status" in data:
        seat.status, seat.reason = data["status"], data.get("reason")
        seat.attempt = data.get("attempt", seat.attempt)
    if "tokens" in data and "cost_usd" in data:
        seat.tokens, seat.cost_usd = data["tokens"], data["cost_usd"]
    if kind == "attempt_started":
        seat.text = ""
    elif kind == "text_streamed":
        seat.text = seat.text[: data["offset"]] + data["delta"]
    elif kind == "text_replaced":
        seat.text = data["text"]
    elif kind == "output_recorded":
        seat.text = data["output"] or ""
