"""An execution's events as lines: the only form for what is no terminal. Pure."""

from __future__ import annotations

from typing import Any

from renum_app.cli.board import Board, Seat
from renum_app.cli.output import amount, execution_word, one_line
from renum_app.cli.words import language, t, word
from renum_app.i18n import catalogue, text

_ICONS = {
    "pending": "·", "running": "▶", "waiting": "◷", "completed": "✓", "failed": "✗", "skipped": "–", "cancelled": "■",
}  # fmt: skip


def icon(status: str) -> str:
    return _ICONS.get(status, "·")


def line_of(event: dict[str, Any], board: Board) -> str:
    """What an event says, once it is folded into the board; nothing for streamed text and bookkeeping."""
    data, seat = event["data"], board.seats.get(event["data"].get("step_id") or "")
    if event["type"] == "status_update":
        said = execution_line(board)
    elif event["type"] == "agent_status_update" and seat:
        said = seat_line(seat)
    elif event["type"] == "error_update":
        said = f"! {sentence(data)}"
    else:
        return ""
    return f"{event['timestamp'][11:19]}Z  {said}"


def seat_line(seat: Seat) -> str:
    """`✓ Analista  completed  attempt 2  1200 tokens  US$0.02`."""
    words = [f"{icon(seat.status)} {one_line(seat.name)}", word("executions.step", seat.status)]
    if seat.attempt > 1:
        words.append(t("cli.attempt", n=seat.attempt))
    if seat.tokens is not None:
        words += [t("cli.tokens", n=seat.tokens), amount(seat.cost_usd)]
    if reason := reason_word(seat.reason):
        words.append(f"({reason})")
    return "  ".join(words)


def execution_line(board: Board) -> str:
    word = execution_word({"status": board.status, "waiting_for": board.waiting_for, "stopping": board.stopping})
    words = [f"{icon(board.status)} {one_line(board.team_name)}", word, f"{board.progress}%"]
    if board.error:
        words.append(sentence(board.error))
    return "  ".join(words)


def reason_word(reason: str | None) -> str:
    """The catalogue's word, if it has one."""
    key = f"executions.reason.{reason}"
    return t(key) if reason and key in catalogue("en") else ""


def sentence(data: dict[str, Any]) -> str:
    """A failure in the language of the terminal; as the server wrote it, where the catalogue lacks it."""
    key = str(data.get("message_key") or "")
    if key in catalogue("en") or f"{key}.other" in catalogue("en"):
        return one_line(text(key, language(), **(data.get("params") or {})))
    return one_line(str(data.get("message") or data.get("error_message") or ""))
