"""What an event of a run's stream means; everything else is ignored, as new releases send new ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from renum_app.agents.suna.wire import MessageRow, text_of

_ENDS = frozenset({"completed", "failed", "stopped", "error", "STOP", "END_STREAM", "ERROR"})
_MESSAGES = frozenset({"assistant", "tool", "status", "user"})


@dataclass(frozen=True, slots=True)
class Ping:
    """The server lives; no progress."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """The next piece of what the agent says."""

    step: str
    sequence: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """A whole message, as the thread has it."""

    message: MessageRow


@dataclass(frozen=True, slots=True)
class Told:
    """The stream's own word on the end; the stored status decides."""

    status: str
    message: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """The run met an error."""

    message: str
    code: str = ""


Event = Ping | Chunk | Row | Told | Trouble


def event_of(data: dict[str, Any]) -> Event | None:
    """The event, or None where it is none of those that matter."""
    kind = _word(data, "type")
    if kind == "ping":
        return Ping()
    if kind == "error":
        return Trouble(_word(data, "error"), _word(data, "error_code"))
    if kind == "status" and "status" in data:
        return _control(data)
    if kind not in _MESSAGES:
        return None
    try:
        row = MessageRow.model_validate(data)
    except ValidationError:
        return None
    return _message(row)


def _control(data: dict[str, Any]) -> Event | None:
    status, message = _word(data, "status"), _word(data, "message")
    if status in {"error", "ERROR"}:
        return Trouble(message, _word(data, "error_type"))
    return Told(status, message) if status in _ENDS else None


def _message(row: MessageRow) -> Event | None:
    if row.type != "assistant":
        return Row(row)
    match row.metadata.get("stream_status"):
        case "chunk":
            text = text_of(row.content.get("content"))
            return Chunk(row.step, row.sequence, text) if text else None
        case "tool_call_chunk":
            return None
        case _:
            return Row(row)


def _word(data: dict[str, Any], name: str) -> str:
    value = data.get(name)
    return value if isinstance(value, str) else ""
