"""One request to the Auth service of a Supabase project, and what its refusal means here."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from renum_app.auth.supabase.refusals import Refusal, refused
from renum_app.errors import Unavailable
from renum_app.http import TRANSPORT_ERRORS, own_client, trouble_of
from renum_app.settings import Settings

log = logging.getLogger(__name__)

_API_VERSION = "2024-01-01"
_SECONDS = 6.0
"""For one call, connection and answer together: somebody waits at a sign-in page."""


class Unanswered(Unavailable):
    """Nobody answered, or the connection broke; what was asked may have been done."""

    code = "sign_in_unavailable"


@dataclass(frozen=True, slots=True)
class Call:
    """One request, below `/auth/v1`."""

    method: str
    path: str
    json: Mapping[str, Any] | None = None
    params: Mapping[str, str] | None = None
    bearer: str = ""
    """A person's own access token; without one the project's key stands there too, as its clients send it."""
    ip: str = ""
    """Whom the call is made for, so that the service does not count everybody as one."""


class Calls:
    """The service's address and keys. A call has a connection of its own, so that any event loop may make it."""

    def __init__(self, settings: Settings) -> None:
        self._address = settings.supabase_auth_url
        self._key, self._secret_key = settings.supabase_key, settings.supabase_admin_key

    async def ask(self, call: Call) -> Any:
        """The JSON of a good answer; None where it has none.

        Raises:
            RenumError: The service refused, as `refusals` has it.
            Unanswered: It could not be asked.
        """
        try:
            async with asyncio.timeout(_SECONDS), own_client(private_is_allowed=True, read_seconds=_SECONDS) as client:
                answer = await client.request(
                    call.method,
                    self._address + call.path,
                    json=call.json,
                    params=call.params,
                    headers=self._headers(call),
                )
        except TRANSPORT_ERRORS as error:
            log.warning("Supabase Auth did not answer", extra={"action": "auth_unanswered", "why": _word(error)})
            raise Unanswered from None  # what the error says may quote a key
        try:
            body = answer.json() if answer.content else None
        except ValueError:
            body = None
        if answer.status_code >= 400:
            raise refused(Refusal.of(answer.status_code, body, answer.headers))
        return body

    def _headers(self, call: Call) -> dict[str, str]:
        # The forwarded address is believed only of who has the secret key, which is sent for nothing else.
        forwards = bool(call.ip and self._secret_key and _is_address(call.ip))
        key = self._secret_key if forwards else self._key
        headers = {
            "apikey": key,
            "Authorization": f"Bearer {call.bearer or key}",
            "X-Supabase-Api-Version": _API_VERSION,
        }
        return {**headers, "Sb-Forwarded-For": call.ip} if forwards else headers


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _word(error: Exception) -> str:
    trouble = trouble_of(error)
    return trouble.name.lower() if trouble else type(error).__name__
