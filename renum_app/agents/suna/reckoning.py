"""What a run that has ended said, used and was charged, asked for until the server tells it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence

from renum_app.agents.backend import AgentError, RunEnded
from renum_app.agents.suna.client import Client
from renum_app.agents.suna.failures import ThingMissing
from renum_app.agents.suna.pauses import until_answered
from renum_app.agents.suna.tally import billed_credits, is_whole, tally
from renum_app.agents.suna.wire import MessageRow, RunRow
from renum_app.models.values import storable

_READ_AGAIN_SECONDS = 1.0
_CREDITS_PER_USD = 100


async def rows_with_usage(client: Client, thread_id: str, *, run: RunRow) -> list[MessageRow]:
    """The thread's messages, read again until they tell what was used, or time is up.

    A thread has further runs only as answers to what its first one asked, so all of it is one attempt's.
    """
    server = client.server
    until = server.clock() + (0.0 if run.status == "failed" else server.timing.usage_seconds)
    while True:
        rows = await until_answered(server, lambda: client.messages(thread_id))
        if is_whole(rows) or server.clock() >= until:
            return rows
        await asyncio.sleep(min(_READ_AGAIN_SECONDS, server.timing.usage_seconds))


async def end_of(
    client: Client, thread_id: str, *, text: str, rows: Sequence[MessageRow], finish_reason: str
) -> RunEnded:
    counted = tally(rows)
    return RunEnded(
        text=text,
        usage=counted.usage,
        provider=counted.provider,
        model=storable(counted.model),
        finish_reason=finish_reason,
        billed_usd=await _billed_usd(client, thread_id, rows),
    )


async def _billed_usd(client: Client, thread_id: str, rows: Sequence[MessageRow]) -> float | None:
    """What the ledger says; shown beside our own price, so no answer waits for it longer than for the usage."""
    since = min((row.created_at for row in rows if row.created_at), default=None)
    with contextlib.suppress(AgentError, ThingMissing, TimeoutError):
        async with asyncio.timeout(client.server.timing.usage_seconds):
            charges = await client.charges(thread_id, since=since)
            charged = billed_credits(rows, charges or [])
            return None if charged is None else charged / _CREDITS_PER_USD
    return None
