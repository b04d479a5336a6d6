"""The bodies of a server's answers: read within bounds, and taken for JSON only where they are."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from renum_app.agents.backend import AgentFailed

_MOST_BYTES = 33_554_432
"""Of one answer; a thread's messages carry what its tools brought home."""


async def read(answer: Any) -> bytes:
    """The whole of it; raises AgentFailed where it is larger than any good one."""
    body = bytearray()
    async for piece in answer.aiter_bytes():
        body += piece
        if len(body) > _MOST_BYTES:
            raise AgentFailed("suna_answer_too_large", limit=_MOST_BYTES)
    return bytes(body)


async def pieces(answer: Any) -> AsyncIterator[bytes]:
    async for piece in answer.aiter_bytes():
        yield piece


def parsed(body: bytes) -> Any:
    """Its JSON; None where it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def seconds(text: str | None) -> float | None:
    """What `Retry-After` asks for, where it is a number."""
    try:
        return max(0.0, float(text)) if text else None
    except ValueError:
        return None
