"""Bodies: no larger, deeper or stranger than what can be parsed and stored."""

from __future__ import annotations

import asyncio
import json
import math
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any, NoReturn

from starlette.datastructures import Headers
from starlette.types import Receive, Scope

from renum_app.errors import FieldProblem, Invalid, Malformed, TooLarge, UnsupportedMedia

MAX_DEPTH = 64
MAX_ITEMS = 10_000
"""In one list or object."""
_MOST_DRAINED_BYTES, _LONGEST_DRAIN_SECONDS = 67_108_864, 10.0
"""How much of a body that is too large is read to its end, so that its sender hears the answer."""
_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_BRACKET = re.compile(rb"[\[\]{}]")


async def checked_body(scope: Scope, receive: Receive, *, limit: int, json_only: bool) -> bytes:
    """The whole body of a request.

    Args:
        limit: In bytes; counted while reading, whatever Content-Length says.

    Raises:
        TooLarge, UnsupportedMedia, Malformed: It is not a JSON text of acceptable size and depth.
        Invalid: It has text that cannot be stored.
    """
    headers = Headers(scope=scope)
    told = int(headers["content-length"]) if headers.get("content-length", "").isdigit() else 0
    body = await _read(receive, limit=limit) if told <= limit else None
    if body is None:
        await _drain(receive)
        raise TooLarge(limit=limit)
    if body and json_only:
        _check_type(headers.get("content-type", ""))
        check_json(body)
    return body


def check_json(body: bytes) -> None:
    """Refuse what would break later: broken or deep JSON, numbers and characters no database holds."""
    if _is_deep(body):
        raise Malformed("too_deep", limit=MAX_DEPTH)
    try:
        document = json.loads(body, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    problems = [FieldProblem(path or "body", "unstorable_text") for path in _unstorable(document, "")]
    problems += [FieldProblem(path or "body", "too_many_items", {"limit": MAX_ITEMS}) for path in _long(document, "")]
    if problems:
        raise Invalid(problems)


async def _read(receive: Receive, *, limit: int) -> bytes | None:
    """None when it is larger than the limit."""
    parts, size, more = [], 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            break
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit:
            return None
        more = message.get("more_body", False)
    return b"".join(parts)


async def _drain(receive: Receive) -> None:
    """Throw the rest away: who still sends when the connection closes is told of a reset, not of our answer."""
    size, more = 0, True
    with suppress(TimeoutError):
        async with asyncio.timeout(_LONGEST_DRAIN_SECONDS):
            while more and size < _MOST_DRAINED_BYTES:
                message = await receive()
                size += len(message.get("body", b""))
                more = message["type"] == "http.request" and message.get("more_body", False)


def _check_type(content_type: str) -> None:
    kind = content_type.partition(";")[0].strip().lower()
    if kind != "application/json" and not (kind.startswith("application/") and kind.endswith("+json")):
        raise UnsupportedMedia


def _is_deep(body: bytes) -> bool:
    depth = 0
    for bracket in _BRACKET.finditer(_STRING.sub(b"", body)):
        depth += 1 if bracket[0] in b"[{" else -1
        if depth > MAX_DEPTH:
            return True
    return False


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError("a number is too large")
    return number


def _unstorable(value: Any, path: str) -> Iterator[str]:
    """Where there is a NUL character or half a surrogate pair."""
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            yield path
        return
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        name = str(key).encode("ascii", "backslashreplace").decode().replace("\x00", "\\x00")
        if isinstance(key, str) and name != key and next(_unstorable(key, ""), None) is not None:
            yield f"{path}.{name}".lstrip(".")
        yield from _unstorable(child, f"{path}.{key}".lstrip("."))


def _long(value: Any, path: str) -> Iterator[str]:
    """Where there is a list or an object of too many."""
    if not isinstance(value, dict | list):
        return
    if len(value) > MAX_ITEMS:
        yield path
        return
    for key, child in value.items() if isinstance(value, dict) else enumerate(value):
        yield from _long(child, f"{path}.{key}".lstrip("."))
