"""What an agent answered, read from the messages of its thread. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from renum_app.agents.suna.wire import MessageRow, text_of

_CALLS = re.compile(r"<function_calls>.*?(?:</function_calls>|\Z)", re.DOTALL)
_PARTS_OF_CALLS = re.compile(
    r'(?P<call><invoke name="(?P<name>[^"]*)">)|(?P<text><parameter name="text">)|(?P<end></parameter>)|</invoke>'
)
_ANSWERING = ("ask", "complete")


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    tool: str = ""
    """`ask`: a question to the person; `complete`: done; empty: it just ended."""


def last_turn(rows: Sequence[MessageRow], *, since: datetime | None = None) -> list[MessageRow]:
    """What came after the last message of a person, in order.

    Args:
        since: When the turn's run began: a release that writes that message late has its predecessor's turn before it.
    """
    asked = [place for place, row in enumerate(rows) if row.type == "user"]
    turn = list(rows[asked[-1] + 1 :]) if asked else list(rows)
    if since is None:
        return turn
    # Where two clocks differ this may leave nothing; then the messages alone have to tell.
    return [row for row in turn if row.created_at is None or row.created_at >= since] or turn


def answer_in(rows: Sequence[MessageRow]) -> Answer:
    """The answer of a turn: the text given to `complete` or `ask`, else the last thing said."""
    tool = ""
    for row in reversed(rows):
        for name, text in _answers(row):
            if text.strip():
                return Answer(text, name)
            tool = tool or name
    said = (said_in(row) for row in reversed(rows) if row.type == "assistant")
    return Answer(next((text for text in said if text.strip()), ""), tool)


def said_in(row: MessageRow) -> str:
    """What an assistant's message says, without calls of tools written into it."""
    text = text_of(row.metadata.get("text_content"))
    return without_calls(text_of(row.content.get("content")) or "" if text is None else text)


def without_calls(text: str) -> str:
    return _CALLS.sub("", text).strip() if "<function_calls>" in text else text


def _answers(row: MessageRow) -> Iterator[tuple[str, str]]:
    """Calls of an answering tool in a message, however its release writes them."""
    if row.type == "assistant":
        calls = row.metadata.get("tool_calls")
        for call in _dicts(calls):
            yield from _call(call)
        if not isinstance(calls, list):  # where they are listed, what looks like one in the text is only talked of
            yield from _invoked(text_of(row.content.get("content")) or "")
    elif row.type == "tool":
        yield from _call(_object(_object(row.content.get("content")).get("tool_execution")))


def _invoked(text: str) -> Iterator[tuple[str, str]]:
    """Calls written into a text; read from left to right once, whatever an agent writes.

    A text is its own call's: one that is not closed before the next call begins is none.
    """
    name, begin = "", -1
    for part in _PARTS_OF_CALLS.finditer(text):
        if part["call"]:
            name, begin = part["name"] if part["name"] in _ANSWERING else "", -1
        elif part["text"]:
            begin = part.end() if name and begin < 0 else begin
        elif part["end"]:
            if begin >= 0:
                yield name, text[begin : part.start()]
                name, begin = "", -1
        elif name and begin < 0:
            yield name, ""
            name = ""


def _call(call: dict[str, Any]) -> Iterator[tuple[str, str]]:
    name = call.get("function_name") or call.get("xml_tag_name")
    if name in _ANSWERING:
        text = _object(call.get("arguments")).get("text")
        yield str(name), text if isinstance(text, str) else ""


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _object(value: Any) -> dict[str, Any]:
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return {}
    return value if isinstance(value, dict) else {}
