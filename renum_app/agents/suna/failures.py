"""What a refusal of Suna means: by status and `error_code`, never by its words; and its words without the key."""

from __future__ import annotations

from typing import Any

from renum_app.agents.backend import (
    AgentError,
    AgentFailed,
    BackendUnreachable,
    BadStream,
    CredentialRejected,
    RateLimited,
    RunTimeout,
)
from renum_app.http import Trouble
from renum_app.models.values import storable

_DETAIL_CHARS = 300
_LONGEST_RETRY_SECONDS = 60.0
_RETRYABLE = frozenset({408, 409, 425})
_FULL = frozenset({"PROJECT_LIMIT_EXCEEDED", "THREAD_LIMIT_EXCEEDED", "AGENT_LIMIT_EXCEEDED"})
_TROUBLES: dict[Trouble, tuple[type[AgentError], str]] = {
    Trouble.UNREACHABLE: (BackendUnreachable, "suna_unreachable"),
    Trouble.CERTIFICATE: (AgentFailed, "suna_certificate"),
    Trouble.TIMED_OUT: (RunTimeout, "suna_silent"),
    Trouble.CUT: (BadStream, "suna_cut"),
    Trouble.UNREADABLE: (BadStream, "suna_unreadable"),
    Trouble.ADDRESS_REFUSED: (AgentFailed, "suna_address"),
    Trouble.REDIRECTED: (AgentFailed, "suna_redirect"),
}


class RouteMissing(Exception):
    """The server has no such route, or not of this form: it may be of another generation than it was."""


class ThingMissing(AgentFailed):
    """The route is there; the thread, run or agent is not."""


class Busy(AgentFailed):
    """503: nothing was done."""


def of_trouble(trouble: Trouble) -> AgentError:
    kind, word = _TROUBLES[trouble]
    return kind(word)


def of_status(status: int, body: Any, *, key: str, retry_after: float | None) -> Exception:
    """What an answer of 400 or more means."""
    detail = body.get("detail") if isinstance(body, dict) else None
    told = detail if isinstance(detail, dict) else {}
    words = {"status": status, "detail": redacted(_sentence(detail), key=key) or "–"}
    if status == 404 and detail != "Not Found" and detail is not None:
        return ThingMissing("suna_refused", **words)
    if status in {404, 405, 422}:
        return RouteMissing(words["detail"])
    if status in {402, 403, 429}:
        return _limit(status, told, words, retry_after=retry_after)
    if status == 401:
        return CredentialRejected("suna_key_rejected")
    if status == 413:
        return AgentFailed("suna_input_too_large")
    if status == 503:
        return Busy("suna_failed", retryable=True, **words)
    if status >= 500 or status in _RETRYABLE:
        return AgentFailed("suna_failed", retryable=True, **words)
    return AgentFailed("suna_refused", **words)


def is_unsent(error: AgentError) -> bool:
    """Whether nothing was done, so that asking again cannot do it twice."""
    return isinstance(error, BackendUnreachable | RateLimited | Busy)


def is_passing(error: AgentError) -> bool:
    """Whether the same question may be answered later; what is no Suna will not become one."""
    return error.will_help_to_retry and error.message != "suna_unreadable"


def redacted(text: str, *, key: str) -> str:
    """One storable line of the server's words, without the key or a part of it; a page of HTML is none."""
    if "<html" in text.lower():
        return ""
    for secret in sorted({key, *key.split(":")} - {""}, key=len, reverse=True):
        text = text.replace(secret, "[key]")
    line = " ".join(storable(text).split())
    return line if len(line) <= _DETAIL_CHARS else line[: _DETAIL_CHARS - 1] + "…"


def _limit(status: int, told: dict[str, Any], words: dict[str, Any], *, retry_after: float | None) -> AgentError:
    """402, 403 and 429: wait, tidy up, pay, or choose another model."""
    code = told.get("error_code")
    if code == "AGENT_RUN_LIMIT_EXCEEDED" or status == 429 or "running_count" in told:
        limit = told.get("limit", "–")
        wait = min(retry_after, _LONGEST_RETRY_SECONDS) if retry_after is not None else None
        return RateLimited("suna_run_limit", retry_after=wait, limit=limit)
    if code == "MODEL_ACCESS_DENIED" or "allowed_models" in told:
        return AgentFailed("suna_model_denied", **words)
    if code in _FULL:
        return AgentFailed("suna_full", **words)
    return AgentFailed("suna_no_credit" if status == 402 else "suna_forbidden", **words)


def _sentence(detail: Any) -> str:
    if isinstance(detail, dict):
        detail = detail.get("message")
    if isinstance(detail, list):
        detail = "; ".join(str(each.get("msg", "")) for each in detail if isinstance(each, dict))
    return detail if isinstance(detail, str) else ""
