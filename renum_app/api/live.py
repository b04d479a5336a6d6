"""One execution as it happens, for server-sent events and for sockets, as long as the session lives."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from typing import Any, cast
from uuid import UUID

from renum_app.database import TROUBLES
from renum_app.errors import Unauthenticated, Unavailable
from renum_app.models.user import CurrentUser
from renum_app.services import executions, sessions

log = logging.getLogger(__name__)

CHECK_SECONDS = 2.0
"""How often an open stream asks whether its session still lives."""
_KEEP_ALIVE_SECONDS = 15.0
Proof = Callable[[], Awaitable[CurrentUser]]
"""Asks again who is listening; raises Unauthenticated once the session or the token has ended."""


def compact(message: dict[str, Any]) -> str:
    return json.dumps(message, ensure_ascii=False, separators=(",", ":"))


async def session_ended(proof: Proof) -> None:
    """Return when the session has ended."""
    while True:
        await asyncio.sleep(CHECK_SECONDS)
        try:
            await proof()
        except (Unauthenticated, Unavailable):  # a provider that cannot say has been forgiven for long already
            return
        except TROUBLES:  # a database that cannot say has ended nobody's session
            log.warning("A session could not be checked", extra={"action": "session_not_checked"}, exc_info=True)


def followed(
    user: CurrentUser, execution_id: UUID, *, after: int, live: bool = False
) -> AsyncGenerator[dict[str, Any], None]:
    """`executions.follow`, as the generator it is: to be closed by who stops listening early."""
    return cast("AsyncGenerator[dict[str, Any], None]", executions.follow(user, execution_id, after=after, live=live))


async def server_sent(user: CurrentUser, execution_id: UUID, *, after: int, token: str) -> AsyncIterator[str]:
    """The events as a `text/event-stream`, with comments in between that keep the connection open."""
    messages = followed(user, execution_id, after=after)
    ended = asyncio.create_task(session_ended(lambda: sessions.user_of_bearer(token)))
    waiting = _next_of(messages)
    try:
        while True:
            await asyncio.wait({waiting, ended}, timeout=_KEEP_ALIVE_SECONDS, return_when=asyncio.FIRST_COMPLETED)
            if waiting.done():
                if (message := waiting.result()) is None:
                    return
                waiting = _next_of(messages)
                yield _frame(message)
            elif ended.done():
                return
            else:
                yield ": still here\n\n"
    finally:
        waiting.cancel()
        ended.cancel()
        await asyncio.gather(waiting, ended, return_exceptions=True)


async def bunches(messages: AsyncIterator[dict[str, Any]], *, most: int = 250) -> AsyncIterator[list[dict[str, Any]]]:
    """What is there at once comes together: a long log in few pieces, what happens now one by one."""
    bunch: list[dict[str, Any]] = []
    waiting = _next_of(messages)
    try:
        while True:
            await asyncio.sleep(0)  # a message that is there already is fetched within this turn of the loop
            if len(bunch) >= most or (bunch and not waiting.done()):
                yield bunch
                bunch = []
            message = await waiting
            if message is None:
                break
            bunch.append(message)
            waiting = _next_of(messages)
        if bunch:
            yield bunch
    finally:
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)


def _next_of(messages: AsyncIterator[dict[str, Any]]) -> asyncio.Task[dict[str, Any] | None]:
    """The next message, or None at the end, without giving up the wait when something else happens first."""

    async def fetch() -> dict[str, Any] | None:
        return await anext(messages, None)

    return asyncio.create_task(fetch())


def _frame(message: dict[str, Any]) -> str:
    number = f"id: {message['seq']}\n" if "seq" in message else ""
    return f"{number}event: {message['type']}\ndata: {compact(message)}\n\n"
