"""One Suna server: its connections, its breaker, and one request at a time; belongs to the event loop it is used on."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from renum_app.agents.backend import AgentError, BackendUnreachable, BadStream, OpenCredential, RunTimeout
from renum_app.agents.suna import bodies, failures
from renum_app.agents.suna.breaker import Breaker
from renum_app.agents.suna.timing import Timing
from renum_app.http import TRANSPORT_ERRORS, Trouble, own_client, trouble_of

_CONNECT_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Call:
    """One request, below the server's address."""

    method: str
    path: str
    params: Mapping[str, str] | None = None
    json: Mapping[str, Any] | None = None
    form: Mapping[str, str] | None = None


class Server:
    def __init__(self, url: str, *, timing: Timing | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.url = url.rstrip("/")
        self.timing = timing or Timing()
        self.clock = clock
        self.breaker = Breaker(
            opens_after=self.timing.breaker_opens_after, seconds=self.timing.breaker_seconds, clock=clock
        )
        self._client: Any = None

    async def ask(self, call: Call, *, credential: OpenCredential) -> Any:
        """The JSON of a good answer.

        Raises:
            AgentError: The server refused, failed, or was not there.
            RouteMissing: It has no such route.
            ThingMissing: It has no such thing.
        """
        status, body, retry_after = await self._exchanged(call, credential=credential)
        if status >= 400:
            raise failures.of_status(status, body, key=credential.api_key, retry_after=retry_after)
        if body is None:
            raise BadStream("suna_unreadable")
        return body

    async def peek(self, method: str, path: str) -> tuple[int, Any]:
        """Status and JSON of an answer to nobody in particular; None is no JSON."""
        status, body, _ = await self._exchanged(Call(method, path), credential=None)
        return status, body

    @asynccontextmanager
    async def stream(self, call: Call, *, credential: OpenCredential) -> AsyncIterator[AsyncIterator[bytes]]:
        """The bytes of an answer that goes on for as long as the server likes; raises like `ask`."""
        async with self._opened(call, credential=credential, read_seconds=None) as answer:
            if answer.status_code >= 400:
                body = bodies.parsed(await bodies.read(answer))
                raise failures.of_status(answer.status_code, body, key=credential.api_key, retry_after=None)
            if "event-stream" not in answer.headers.get("content-type", ""):
                raise BadStream("suna_unreadable")
            yield bodies.pieces(answer)

    async def aclose(self) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def _exchanged(self, call: Call, *, credential: OpenCredential | None) -> tuple[int, Any, float | None]:
        seconds = self.timing.read_seconds if call.method == "GET" else self.timing.write_seconds
        try:
            async with (
                asyncio.timeout(seconds),
                self._opened(call, credential=credential, read_seconds=seconds) as answer,
            ):
                body = bodies.parsed(await bodies.read(answer))
                return answer.status_code, body, bodies.seconds(answer.headers.get("retry-after"))
        except TimeoutError:
            self.breaker.failed()
            raise RunTimeout("suna_silent") from None

    @asynccontextmanager
    async def _opened(
        self, call: Call, *, credential: OpenCredential | None, read_seconds: float | None
    ) -> AsyncIterator[Any]:
        """The answer's head; everything about the connection becomes an AgentError, and the breaker learns of it."""
        if (wait := self.breaker.wait_seconds()) > 0:
            raise _away(wait)
        has_answered = False
        try:
            async with self._connected().stream(
                call.method,
                self.url + call.path,
                params=call.params,
                json=call.json,
                data=call.form,
                headers=_headers(credential),
                timeout=(_CONNECT_SECONDS, read_seconds, _CONNECT_SECONDS, _CONNECT_SECONDS),
            ) as answer:
                has_answered = True
                self._learn(answer.status_code)
                yield answer
        except AgentError:
            raise
        except TRANSPORT_ERRORS as error:
            if isinstance(error, TimeoutError):
                raise  # of the caller's own limit
            trouble = trouble_of(error) or Trouble.CUT
            if trouble in {Trouble.UNREACHABLE, Trouble.TIMED_OUT, Trouble.CUT} and not has_answered:
                self.breaker.failed()
            # Neither chained nor logged: what it says may quote the key or the prompt.
            raise failures.of_trouble(trouble) from None

    def _learn(self, status: int) -> None:
        if status >= 500:
            self.breaker.failed()
        else:
            self.breaker.succeeded()

    def _connected(self) -> Any:
        if self._client is None:
            # The address is the operator's own choice, so it may be a private one.
            self._client = own_client(private_is_allowed=True, read_seconds=self.timing.read_seconds)
        return self._client


def _away(wait_seconds: float) -> AgentError:
    error = BackendUnreachable("suna_unreachable")
    error.retry_after = wait_seconds
    return error


def _headers(credential: OpenCredential | None) -> dict[str, str]:
    if credential is None:
        return {}
    if ":" in credential.api_key:
        return {"X-API-Key": credential.api_key}
    return {"Authorization": f"Bearer {credential.api_key}"}
