"""Server-sent events as Suna writes them: one line of JSON each; bounded, so that no server fills the memory."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

from renum_app.agents.backend import BadStream

MAX_EVENT_BYTES = 8_388_608


async def events(pieces: AsyncIterator[bytes], *, limit: int = MAX_EVENT_BYTES) -> AsyncGenerator[dict[str, Any]]:
    """The JSON objects of a stream; data that is no JSON object is passed over, as the specification asks of clients.

    Raises:
        BadStream: An event is larger than `limit` bytes, or its text is not UTF-8.
    """
    data: list[bytes] = []
    size = 0
    async for line in _lines(pieces, limit):
        if line.startswith(b"data:"):
            data.append(line[5:].removeprefix(b" "))
            size += len(line)
            if size > limit:
                raise BadStream("suna_event_too_large", limit=limit)
        elif not line and data:
            if (event := _parsed(b"\n".join(data))) is not None:
                yield event
            data, size = [], 0


async def _lines(pieces: AsyncIterator[bytes], limit: int) -> AsyncIterator[bytes]:
    rest = bytearray()
    async for piece in pieces:
        start = len(rest)
        rest += piece
        while (end := rest.find(b"\n", start)) >= 0:
            yield bytes(rest[:end]).removesuffix(b"\r")
            del rest[: end + 1]
            start = 0
        if len(rest) > limit:
            raise BadStream("suna_event_too_large", limit=limit)


def _parsed(data: bytes) -> dict[str, Any] | None:
    try:
        event = json.loads(data.decode())
    except UnicodeDecodeError:
        raise BadStream("suna_unreadable") from None
    except (ValueError, RecursionError):
        return None
    return event if isinstance(event, dict) else None
