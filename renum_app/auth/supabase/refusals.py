"""What a refusal of Supabase Auth means here: by its code only, which alone is promised to stay."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from renum_app.errors import (
    Conflict,
    FieldProblem,
    Forbidden,
    Invalid,
    RenumError,
    TooMany,
    Unauthenticated,
    Unavailable,
)

log = logging.getLogger(__name__)

_PAUSE_SECONDS, _MAIL_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 30.0, 60.0, 900.0
_LONGEST_CODE = 64
_ENDED = frozenset({
    "bad_jwt", "no_authorization", "session_not_found", "session_expired", "user_not_found",
    "refresh_token_not_found", "refresh_token_already_used",
})  # fmt: skip
_CLOSED = frozenset({"signup_disabled", "email_provider_disabled"})
_TAKEN = frozenset({"user_already_exists", "email_exists"})
_PAUSED = frozenset({"over_request_rate_limit", "over_email_send_rate_limit"})
_WEAK = {"length": "password_weak_length", "characters": "password_weak_characters", "pwned": "password_weak_known"}
_BAD_FIELDS = {
    "same_password": ("password", "password_same"),
    "email_address_invalid": ("email", "email_refused"),
    "email_address_not_authorized": ("email", "email_refused"),
    "validation_failed": ("password", "sign_up_refused"),
}


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer of 400 or more."""

    status: int
    code: str
    """Empty where a gateway before the service answered."""
    reasons: tuple[str, ...] = ()
    """Why a password is weak."""
    retry_after: float | None = None

    @classmethod
    def of(cls, status: int, body: Any, headers: Mapping[str, str]) -> Refusal:
        """Read it in either form: `code` with the version header, `error_code` without."""
        told = body if isinstance(body, dict) else {}
        found = (told.get("code"), told.get("error_code"), headers.get("x-sb-error-code"))
        code = next((each for each in found if isinstance(each, str) and each), "")
        weak = told.get("weak_password")
        reasons = weak.get("reasons") if isinstance(weak, dict) else None
        return cls(status, code[:_LONGEST_CODE], tuple(map(str, reasons or ())), _seconds(headers.get("retry-after")))


def refused(refusal: Refusal) -> RenumError:
    """The error of ours; what it is no answer to is the service's failure, and its words are never shown."""
    code = refusal.code
    if code == "invalid_credentials":
        return Unauthenticated("invalid_credentials")
    if code in {"email_not_confirmed", "user_banned"}:
        return Forbidden(code)
    if code in _ENDED:
        return Unauthenticated("session_ended")
    if code in _CLOSED:
        return Forbidden("signup_closed")
    if code in _TAKEN:
        return Conflict("email_taken", field="email")
    if code == "weak_password":
        words = [_WEAK[reason] for reason in refusal.reasons if reason in _WEAK] or ["password_common"]
        return Invalid([FieldProblem("password", word) for word in words])
    if code in _BAD_FIELDS:
        return Invalid([FieldProblem(*_BAD_FIELDS[code])])
    if code in _PAUSED or refusal.status == 429:
        return _paused(refusal)
    if not code and refusal.status in {401, 403, 404}:
        return Unavailable("sign_in_misconfigured")  # of the gateway before the service: our key, or the address
    log.error(
        "Supabase Auth failed", extra={"action": "auth_failed", "status": refusal.status, "code": code or "(gateway)"}
    )
    return Unavailable("sign_in_unavailable")


def _paused(refusal: Refusal) -> TooMany:
    usual = _MAIL_PAUSE_SECONDS if refusal.code == "over_email_send_rate_limit" else _PAUSE_SECONDS
    wait = usual if refusal.retry_after is None else refusal.retry_after
    return TooMany("too_many_sign_ins", retry_after=min(max(wait, 1.0), _LONGEST_PAUSE_SECONDS))


def _seconds(text: str | None) -> float | None:
    try:
        return float(text) if text else None
    except ValueError:
        return None
