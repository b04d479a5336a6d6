"""Following an execution: the log up to now, then the bus, then the log again on any gap."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any
from uuid import UUID

from renum_app import runtime
from renum_app.database import reading
from renum_app.events.bus import Message, Subscription
from renum_app.models.event import FINAL_KINDS, LiveDelta, StoredEvent
from renum_app.models.user import CurrentUser
from renum_app.repositories import events, executions

_AT_ONCE = 500
_LOOK_SECONDS = 5.0
"""How long the bus may be silent before the log is asked."""


async def follow(
    user: CurrentUser, execution_id: UUID, *, after: int = 0, live: bool = False
) -> AsyncIterator[dict[str, Any]]:
    """Every stored event after `after` exactly once and in order, until the final one.

    Args:
        live: Also streamed text that is not stored yet, without seq.

    Raises:
        NotFound: The person has no such execution; before the first item.
    """
    async with reading() as session:
        await executions.require(session, owner=user.user_id, execution_id=execution_id)
    reached = after
    with runtime.current().bus.subscribe(execution_id) as subscription:
        async with aclosing(_messages(execution_id, subscription, after=after)) as messages:
            async for message in messages:
                if isinstance(message, LiveDelta):
                    if live:
                        yield message.message()
                    continue
                reached = message.seq
                yield message.message()
                if message.kind in FINAL_KINDS:
                    return
        if subscription.has_overflowed:
            yield {"type": "resync_required", "last_seq": reached}


async def _messages(execution_id: UUID, subscription: Subscription, *, after: int) -> AsyncGenerator[Message]:
    """Stored events without gap or repeat, and live text between them; ends when the follower is too slow."""
    reached = after
    async for event in _stored(execution_id, after=reached):
        reached = event.seq
        yield event
    is_over = await _has_ended_by(execution_id, reached)
    while not is_over:
        message = await _next(subscription)
        if subscription.has_overflowed:
            return
        if isinstance(message, LiveDelta):
            yield message
        elif message is None:
            is_over = await _has_ended_by(execution_id, reached)
        if message is None or (isinstance(message, StoredEvent) and message.seq > reached + 1):
            async for event in _stored(execution_id, after=reached):
                reached = event.seq
                yield event
        elif isinstance(message, StoredEvent) and message.seq == reached + 1:
            reached = message.seq
            yield message


async def _next(subscription: Subscription) -> Message | None:
    """The next message; None when none came for a while."""
    try:
        async with asyncio.timeout(_LOOK_SECONDS):
            return await subscription.next()
    except TimeoutError:
        return None


async def _stored(execution_id: UUID, *, after: int) -> AsyncIterator[StoredEvent]:
    while True:
        async with reading() as session:
            found = await events.after(session, execution_id, seq=after, limit=_AT_ONCE)
        for event in found:
            yield event
        if len(found) < _AT_ONCE:
            return
        after = found[-1].seq


async def _has_ended_by(execution_id: UUID, reached: int) -> bool:
    """Whether the log ends at or before `reached`: nothing will ever come."""
    async with reading() as session:
        return await executions.has_ended_by(session, execution_id, reached)
