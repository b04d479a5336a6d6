"""How fast a rehearsal speaks: words against a clock, as a model streams tokens."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from itertools import accumulate

from renum_app.models.agent import RehearsalScript

CHARS_PER_TOKEN = 4
_TICK_SECONDS = 0.05
_UPDATES_AT_ONCE = 4
"""Updates of an answer that takes no time; more would only cost."""
_WORD = re.compile(r"\s*\S+|\s+$")


def tokens_of(*texts: str) -> int:
    """What a model would roughly count."""
    return -(-sum(len(text) for text in texts) // CHARS_PER_TOKEN)


async def paced(text: str, *, script: RehearsalScript, until: int) -> AsyncIterator[str]:
    """The pieces of `text` up to character `until`, each when its time has come.

    The whole text takes `script.seconds`, the wait for the first word included. When the loop is late,
    what is long due comes in one piece, so that many rehearsals at once slow nothing down.
    """
    clock = asyncio.get_running_loop().time
    start, sent = clock(), 0
    for end, due in _schedule(text, script=script, until=until):
        wait = start + due - clock()
        if wait < -_TICK_SECONDS and end < until:
            continue
        await asyncio.sleep(max(0.0, wait))
        if end > sent:
            yield text[sent:end]
            sent = end


def _schedule(text: str, *, script: RehearsalScript, until: int) -> list[tuple[int, float]]:
    """Where each piece ends, and when it is due in seconds from the start."""
    total = script.seconds
    first = min(script.first_token_seconds, total)
    pieces = int((total - first) / _TICK_SECONDS) if total else _UPDATES_AT_ONCE
    ends = _thinned([end for end in _word_ends(text) if end < until], max(1, pieces))
    seconds_per_char = (total - first) / max(1, len(text))
    return [(0, first)] + [(end, first + seconds_per_char * end) for end in (*ends, until)]


def _word_ends(text: str) -> list[int]:
    return list(accumulate(len(match) for match in _WORD.findall(text)))


def _thinned(ends: list[int], most: int) -> list[int]:
    """At most about `most` of them, evenly spread."""
    return ends[:: max(1, -(-len(ends) // most))]
