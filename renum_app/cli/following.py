"""An execution's events over however many connections it takes: each once, in order, until the final one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator

from renum_app.cli.client import Client, Json, ServerError

FINAL = {"execution_completed", "execution_failed", "execution_cancelled"}
"""`models.event.FINAL_KINDS`, without the tables that come with them."""
_PATIENCE_SECONDS = 600.0
"""How long a server that does not answer is waited for."""
_LONGEST_PAUSE_SECONDS = 15.0


def events(
    client: Client,
    execution_id: str,
    *,
    after: int,
    cut: Callable[[float], None],
    pause: Callable[[float], None] = time.sleep,
) -> Iterator[Json]:
    """Every event after `after`.

    Args:
        cut: Told for how many seconds nothing is tried, when a connection broke.

    Raises:
        ServerError: The server refuses, or has been away for too long.
    """
    reached, wait, waited = after, 0.5, 0.0
    while True:
        try:
            with client.events(execution_id, after=reached) as lines:
                for event in _parsed(lines) if lines is not None else ():
                    wait, waited = 0.5, 0.0
                    if event["seq"] <= reached:
                        continue
                    reached = event["seq"]
                    yield event
                    if event["kind"] in FINAL:
                        return
            if lines is None:
                return
        except ServerError as error:
            if not error.may_pass or waited > _PATIENCE_SECONDS:
                raise
        cut(wait)
        pause(wait)
        waited += wait
        wait = min(wait * 2, _LONGEST_PAUSE_SECONDS)


def _parsed(lines: Iterator[str]) -> Iterator[Json]:
    """The numbered events; comments, and the request to come again, are none."""
    for line in lines:
        if not line.startswith("data:"):
            continue
        try:
            event = json.loads(line.removeprefix("data:"))
        except ValueError as error:  # a line that was cut off with its connection
            raise ServerError("") from error
        if "seq" in event:
            yield event
