"""What a failed call means: pydantic-ai's errors and broken connections as AgentErrors, with the key taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from pydantic_ai import exceptions as ai

from renum_app.agents.backend import (
    AgentError,
    AgentFailed,
    BackendUnreachable,
    BadStream,
    CredentialRejected,
    OpenCredential,
    RateLimited,
    RunTimeout,
)
from renum_app.http import Trouble, trouble_of
from renum_app.models.values import storable

_DETAIL_CHARS = 300
_READ_CHARS = 1_000
"""Of what a provider says when it fails; the pattern's time grows with the square of it."""
_KEY_LIKE = re.compile(r"\b(?:sk|pk|rk|gsk|key)-[\w.*-]{6,}|\bBearer \S{6,}|\S*\*{3,}\S*", re.IGNORECASE)
_RETRYABLE_4XX = frozenset({408, 409, 425})
_TROUBLES: dict[Trouble, tuple[type[AgentError], str]] = {
    Trouble.UNREACHABLE: (BackendUnreachable, "backend_unreachable"),
    Trouble.CERTIFICATE: (AgentFailed, "certificate_invalid"),
    Trouble.TIMED_OUT: (RunTimeout, "provider_silent"),
    Trouble.CUT: (BadStream, "stream_cut"),
    Trouble.UNREADABLE: (BadStream, "answer_unreadable"),
    Trouble.ADDRESS_REFUSED: (AgentFailed, "address_refused"),
    Trouble.REDIRECTED: (AgentFailed, "redirect_refused"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """Whose call it is: what a sentence about its failure names."""

    agent: str
    credential: OpenCredential = field(repr=False)
    model: str = ""

    def names(self) -> dict[str, Any]:
        return {"service": self.credential.service_name, "model": self.model}


def agent_error(error: Exception, call: Call, *, has_begun: bool) -> AgentError:
    """The failure as the engine and the person need it; `has_begun`: part of the answer was already there."""
    names: dict[str, Any] = {"agent": call.agent, **call.names()}
    if isinstance(error, ai.ModelRequestTimeout):
        return RunTimeout("provider_silent", **names)
    if isinstance(error, ai.ModelHTTPError) and error.status_code >= 400:
        return _http_error(error, call=call, names=names)
    if trouble := trouble_of(error):
        kind, word = _TROUBLES[trouble]
        return kind(word, **names)
    if isinstance(error, ai.ModelAPIError) and error.in_stream:
        return AgentFailed("provider_failed", retryable=True, detail=_detail(error, call=call), **names)
    return BadStream("stream_cut" if has_begun else "answer_unreadable", **names)


def redacted(text: str, *, key: str) -> str:
    """One storable line of a provider's words, without the key or anything that looks like one."""
    line = " ".join(storable(text.replace(key, "[key]")).split())[:_READ_CHARS]
    line = _KEY_LIKE.sub("[key]", line)
    return line if len(line) <= _DETAIL_CHARS else line[: _DETAIL_CHARS - 1] + "…"


def _http_error(error: ai.ModelHTTPError, *, call: Call, names: dict[str, Any]) -> AgentError:
    status = error.status_code
    if isinstance(error, ai.ModelQuotaExceededError):
        return AgentFailed("quota_exceeded", **names)
    if status == 429:
        return RateLimited(retry_after=error.retry_after, **names)
    if status in {401, 403}:
        return CredentialRejected("credential_rejected", **names)
    names |= {"status": status, "detail": _detail(error, call=call)}
    if status >= 500 or status in _RETRYABLE_4XX:
        return AgentFailed("provider_failed", retryable=True, **names)
    return AgentFailed("model_not_found" if status == 404 else "provider_refused", **names)


def _detail(error: ai.ModelAPIError, *, call: Call) -> str:
    """The provider's own sentence, where it sent one; a page of HTML is none."""
    body: Any = error.body
    for name in ("error", "message"):
        if isinstance(body, dict):
            body = body.get(name, body)
    sentence = body if isinstance(body, str) and "<" not in body else ""
    return redacted(sentence, key=call.credential.api_key) or "–"
