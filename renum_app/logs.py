"""Structured logs: a stable word and a sentence, who and what it was about, and never a secret."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any, Protocol

_context: ContextVar[Mapping[str, str]] = ContextVar("renum_log_context", default=MappingProxyType({}))
_OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_MASK = "***"
_TELLTALES = (
    "httpx", "httpx2", "httpcore", "httpcore2", "aiohttp", "websockets", "openai", "anthropic", "google_genai",
    "sqlalchemy.engine", "aiosqlite", "alembic", "engineio", "socketio",
)  # fmt: skip
"""Libraries that tell every request or statement with what is in it, prompts and hashes too, at INFO or DEBUG."""
_SECRETS = (
    # Order matters: a whole header first, then named values, then what is a secret by its own look.
    (re.compile(r"(?i)(authorization['\"]?\s*[:=]\s*['\"]?(?:bearer|basic)?\s*)[^\s'\",;}]+"), rf"\g<1>{_MASK}"),
    (re.compile(r"(?i)((?:set-)?cookie['\"]?\s*[:=]\s*)[^\r\n]+"), rf"\g<1>{_MASK}"),
    (re.compile(r"(?i)(\b(?:x-)?api[-_]?key['\"]?\s*[:=]\s*['\"]?)[^\s'\"&,;}]+"), rf"\g<1>{_MASK}"),
    (
        re.compile(r"(?i)(\b(?:\w*token|ticket|key|secret|password|renum_session)['\"]?\s*[=:]\s*['\"]?)[^\s'\"&,;}]+"),
        rf"\g<1>{_MASK}",
    ),
    (re.compile(r"\bbearer[ .][\w.~+/=-]{8,}", re.IGNORECASE), f"bearer {_MASK}"),
    (re.compile(r"\b(?:sk|rk|pk|gsk|xai|rnm)[-_][\w-]{6,}"), _MASK),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*"), _MASK),
    (re.compile(r"(://[^/\s:@]+:)[^@\s/]+@"), rf"\g<1>{_MASK}@"),
)


_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)


class LogSettings(Protocol):
    """The two settings that concern logs."""

    @property
    def log_level(self) -> str: ...

    @property
    def log_format(self) -> str: ...


def masked(text: str) -> str:
    """The text without anything that opens something."""
    for pattern, replacement in _SECRETS:
        text = pattern.sub(replacement, text)
    return text


def visible(text: str) -> str:
    """The text with what a terminal would obey, or a reader not see, written out; line ends and tabs stay."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


@contextmanager
def about(**names: str) -> Iterator[None]:
    """Every line logged inside carries these: `execution_id`, `user_id`, `request_id`."""
    token = _context.set({**_context.get(), **names})
    try:
        yield
    finally:
        _context.reset(token)


def configure(settings: LogSettings) -> None:
    """Send all logs of this process, also those of libraries and of the web server, through one handler."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else TextFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in ("uvicorn", "uvicorn.access", "uvicorn.error", "granian", "_granian", "granian.access"):
        logger = logging.getLogger(name)
        logger.handlers[:], logger.propagate = [], True
    for name in _TELLTALES:
        logging.getLogger(name).setLevel(logging.WARNING)


class TextFormatter(logging.Formatter):
    """For people: time, level, logger, sentence, and the fields after it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s  %(message)s", datefmt="%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        line, *traceback = super().format(record).split("\n")
        fields = " ".join(f"{name}={_on_one_line(str(value))}" for name, value in _fields(record).items())
        return _told("\n".join([f"{line}  {fields}".rstrip(), *traceback]))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (of the standard library)
        """The sentence on one line: what somebody else has written into it begins no line of its own."""
        record.message = _on_one_line(record.message)
        return super().formatMessage(record)


class JsonFormatter(logging.Formatter):
    """For machines: one JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _told(record.getMessage()),
            **{name: _told(str(value)) for name, value in _fields(record).items()},
        }
        if record.exc_info:
            line["exception"] = _told(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False)


def _told(text: str) -> str:
    return visible(masked(text))


def _on_one_line(text: str) -> str:
    return text.replace("\r", "\\r").replace("\n", "\\n")


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    given = {name: value for name, value in vars(record).items() if name not in _OWN_FIELDS}
    return {**_context.get(), **given}
