"""Access tokens of a Supabase project: whose they are, once everything about them has been checked.

The project's own public keys (anon, service_role) are tokens with a good signature too; only their claims tell.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import jwt

from renum_app.auth.supabase.keys import Keys
from renum_app.errors import Unauthenticated

_AUDIENCE = _ROLE = "authenticated"
_REQUIRED = ["exp", "iat", "sub", "aud", "iss", "role"]
_CLOCK_LEEWAY_SECONDS = 10
_MOST_CHARS = 16_384


@dataclass(frozen=True, slots=True)
class Claims:
    """What a valid signature proves; whether the session still lives only the service knows."""

    user_id: UUID
    session: str
    """The session's id, or the person's where a token names none."""


async def claims_of(token: str, keys: Keys, *, issuer: str) -> Claims:
    """Check a token by everything it must be.

    The key decides the algorithm, never the token; addresses of keys that a token names are not looked at.

    Raises:
        Unauthenticated: It is not one of the project's, not a signed-in person's, or has ended.
        Unavailable: The project's keys are not known.
    """
    key = await keys.find(_key_id(token))
    try:
        claims = jwt.decode(
            token,
            key.material,
            algorithms=[key.algorithm],
            audience=_AUDIENCE,
            issuer=issuer,
            leeway=_CLOCK_LEEWAY_SECONDS,
            options={"require": _REQUIRED, "strict_aud": True},
        )
        user_id = UUID(claims["sub"])
    except (jwt.InvalidTokenError, ValueError, AttributeError, TypeError) as error:
        raise Unauthenticated("invalid_token") from error
    if claims["role"] != _ROLE or claims.get("is_anonymous", False) is not False:
        raise Unauthenticated("invalid_token")
    return Claims(user_id=user_id, session=str(claims.get("session_id") or user_id))


def _key_id(token: str) -> str | None:
    if len(token) > _MOST_CHARS:
        raise Unauthenticated("invalid_token")
    try:
        return jwt.get_unverified_header(token).get("kid")
    except (jwt.InvalidTokenError, ValueError) as error:
        raise Unauthenticated("invalid_token") from error
