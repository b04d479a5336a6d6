"""The keys a project signs with, fetched where it publishes them; an old key is believed for ten minutes at most."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import jwt

from renum_app.errors import RenumError, Unauthenticated, Unavailable

log = logging.getLogger(__name__)

ALGORITHMS = frozenset({"ES256", "RS256"})
FRESH_SECONDS = 600.0
"""As long as the project's own edge keeps them."""
USABLE_SECONDS = 1_200.0
"""While they cannot be fetched: ten minutes more."""
PAUSE_SECONDS = 30.0
"""Between two fetches, whatever key ids callers make up."""
_SHORTEST_RSA_BITS = 2_048


@dataclass(frozen=True, slots=True)
class Key:
    """One key, for the one algorithm it was made for."""

    algorithm: str
    material: Any = field(repr=False)


@dataclass
class Keys:
    """The project's published keys; belongs to the event loop it is used on."""

    fetch: Callable[[], Awaitable[Any]]
    """The JSON of the key set."""
    secret: str = field(default="", repr=False)
    """Of a project that still signs with a shared secret; beside published keys it is for what they do not name."""
    clock: Callable[[], float] = time.monotonic
    _by_id: dict[str, Key] = field(default_factory=dict)
    _fetched_at: float = float("-inf")
    _tried_at: float = float("-inf")
    _fetching: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def find(self, kid: str | None) -> Key:
        """The key of this id.

        Raises:
            Unauthenticated: The project has no such key.
            Unavailable: It could not be asked for too long.
        """
        if self.clock() - self._fetched_at > FRESH_SECONDS or (kid or "") not in self._by_id:
            await self._refresh()
        if self.clock() - self._fetched_at > USABLE_SECONDS:
            raise Unavailable("sign_in_unavailable")
        if found := self._by_id.get(kid or ""):
            return found
        if self.secret:
            return Key("HS256", self.secret.encode())
        raise Unauthenticated("invalid_token")

    async def read(self) -> bool:
        """Fetch them now; whether anything can be verified with what there is.

        Raises:
            RenumError: They could not be fetched.
        """
        self._tried_at = self.clock()
        self._by_id = _keys_in(await self.fetch())
        self._fetched_at = self.clock()
        return bool(self._by_id or self.secret)

    async def _refresh(self) -> None:
        async with self._fetching:
            if self.clock() - self._tried_at < PAUSE_SECONDS:
                return
            try:
                await self.read()
            except RenumError as error:
                log.warning("Keys were not fetched", extra={"action": "auth_keys_not_fetched", "why": error.code})


def _keys_in(body: Any) -> dict[str, Key]:
    """The usable ones; a set without any is one that signs with a shared secret."""
    rows = body.get("keys") if isinstance(body, dict) else None
    found = {}
    for row in rows if isinstance(rows, list) else []:
        if isinstance(row, dict) and (key := _key(row)) is not None:
            found[str(row.get("kid") or "")] = key
    return found


def _key(row: dict[str, Any]) -> Key | None:
    if row.get("kty") not in {"EC", "RSA"} or row.get("use", "sig") != "sig":
        return None
    try:
        parsed = jwt.PyJWK(row)
    except (jwt.PyJWKError, jwt.InvalidKeyError, ValueError, KeyError, TypeError):
        return None
    if parsed.algorithm_name not in ALGORITHMS or getattr(parsed.key, "key_size", 0) < _least_bits(row):
        return None
    return Key(parsed.algorithm_name, parsed.key)


def _least_bits(row: dict[str, Any]) -> int:
    return _SHORTEST_RSA_BITS if row["kty"] == "RSA" else 256
