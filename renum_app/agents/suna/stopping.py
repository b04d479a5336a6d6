"""Stopping what runs on a thread: found first where its id is not known, then told, then seen to have ended.

A stop that is confirmed while a run goes on would let it spend unseen, so whatever may still appear is looked for.
"""

from __future__ import annotations

import asyncio

from renum_app.agents.suna.client import Client
from renum_app.agents.suna.failures import ThingMissing
from renum_app.agents.suna.pauses import Pauses

_LOOK_SECONDS = 0.25


async def is_stopped(client: Client, run_id: str) -> bool:
    """Stop a run that has not ended (a stop after the end would overwrite it), and see that it has."""
    run = await client.run(run_id)
    if run and run.has_ended:
        return True
    try:
        await client.stop(run_id)
    except ThingMissing:
        return False
    run = await client.run(run_id)
    return run is None or run.has_ended


async def run_ids_of(client: Client, thread_id: str, *, after_run_id: str, is_in_doubt: bool) -> list[str]:
    """The runs of an attempt whose start told no id; none once nothing can appear any more.

    Args:
        after_run_id: The run of an earlier turn on the thread, which is not the attempt's; empty: none.
        is_in_doubt: A start was cut off on its way.
    """
    window, pauses = await _window_seconds(client, is_in_doubt=is_in_doubt), Pauses(client.server)
    while True:
        found = newer_than(after_run_id, [run.id for run in await client.runs(thread_id)])
        if found or pauses.seconds_gone >= window:
            return found
        await asyncio.sleep(min(_LOOK_SECONDS, window))


def newer_than(run_id: str, run_ids: list[str]) -> list[str]:
    """Those before it in a list that is newest first."""
    return run_ids[: run_ids.index(run_id)] if run_id in run_ids else run_ids


async def _window_seconds(client: Client, *, is_in_doubt: bool) -> float:
    timing, writes_late = client.server.timing, (await client.dialect()).writes_late
    if is_in_doubt:
        return timing.late_window_seconds if writes_late else timing.start_window_seconds
    return timing.stop_window_seconds if writes_late else 0.0
