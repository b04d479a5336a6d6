"""Tokens: opaque ones, of which only a hash is stored, and signed access tokens for REST."""

from __future__ import annotations

import hashlib
import secrets
import time
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from renum_app.errors import Unauthenticated
from renum_app.settings import Settings

ISSUER = "renum"
AUDIENCE = "authenticated"
FIRST_STEP_SECONDS = 300
"""Between the password and the code."""
_FIRST_STEP = "renum:first-step"
_KEY_ID = "k1"
_REQUIRED = ["iss", "aud", "sub", "role", "session_id", "exp", "iat", "jti"]
_CLOCK_LEEWAY_SECONDS = 10


@dataclass(frozen=True)
class Claims:
    """What a valid signature proves; whether the session still lives is in the database."""

    user_id: UUID
    session_id: UUID


def new_token() -> str:
    """256 random bits for a cookie or a refresh token."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of an opaque token; it is random, so a fast hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def sign(*, user_id: UUID, session_id: UUID, role: str, settings: Settings) -> str:
    """An access token for REST and the WebSocket."""
    now = int(time.time())
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(user_id),
        "role": role,
        "session_id": str(session_id),
        "iat": now,
        "exp": now + settings.jwt_seconds,
        "jti": str(uuid4()),
    }
    return jwt.encode(claims, _key(settings.jwt_secret), settings.jwt_algorithm, headers={"kid": _KEY_ID})


def is_ours(token: str) -> bool:
    """Whether a token says that Renum signed it; only decides who is asked about it, and proves nothing."""
    try:
        return jwt.decode(token, options={"verify_signature": False}).get("iss") == ISSUER
    except (jwt.InvalidTokenError, ValueError):
        return True  # nobody's; refused here, without a question to anybody else


def read(token: str, settings: Settings) -> Claims:
    """The claims of a token that Renum signed and that has not ended.

    Raises:
        Unauthenticated: The token is not ours, was changed, or has ended.
    """
    try:
        claims = jwt.decode(
            token,
            _key(settings.jwt_secret),
            algorithms=[settings.jwt_algorithm],
            audience=AUDIENCE,
            issuer=ISSUER,
            leeway=_CLOCK_LEEWAY_SECONDS,
            options={"require": _REQUIRED, "strict_aud": True},
        )
        return Claims(user_id=UUID(claims["sub"]), session_id=UUID(claims["session_id"]))
    except (jwt.InvalidTokenError, ValueError, AttributeError, TypeError) as error:
        raise Unauthenticated("invalid_token") from error


def sign_first_step(*, user_id: UUID, password_mark: str, settings: Settings) -> str:
    """Proof that somebody gave the right password a moment ago; no session, and no access to anything."""
    claims = {
        "iss": ISSUER,
        "aud": _FIRST_STEP,
        "sub": str(user_id),
        "password_mark": password_mark,
        "exp": int(time.time()) + FIRST_STEP_SECONDS,
    }
    return jwt.encode(claims, _key(settings.jwt_secret), settings.jwt_algorithm, headers={"kid": _KEY_ID})


def read_first_step(token: str, settings: Settings) -> tuple[UUID, str]:
    """Whose first step it is, and the mark of the password that was given.

    Raises:
        Unauthenticated: It is none of ours, or too old.
    """
    try:
        claims = jwt.decode(
            token,
            _key(settings.jwt_secret),
            algorithms=[settings.jwt_algorithm],
            audience=_FIRST_STEP,
            issuer=ISSUER,
            options={"require": ["iss", "aud", "sub", "exp", "password_mark"]},
        )
        return UUID(claims["sub"]), str(claims["password_mark"])
    except (jwt.InvalidTokenError, ValueError) as error:
        raise Unauthenticated("first_step_is_old") from error


@lru_cache(maxsize=4)
def _key(secret: str) -> bytes:
    """The signing key: never the secret itself, so that no other use of it can forge a token."""
    info = f"renum/jwt/{_KEY_ID}".encode()
    return HKDF(algorithm=SHA256(), length=64, salt=None, info=info).derive(secret.encode())
