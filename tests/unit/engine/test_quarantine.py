"""Suspects one at a time."""

from __future__ import annotations

import asyncio
from uuid import UUID

from renum_app.engine.quarantine import Quarantine

ONE, TWO = (UUID(int=1), "a"), (UUID(int=2), "a")


async def test_the_second_suspect_waits_for_the_first_and_is_told_when_it_leaves() -> None:
    quarantine, told = Quarantine(), asyncio.Event()
    assert quarantine.admits(ONE, when_free=told.set)
    assert not quarantine.admits(TWO, when_free=told.set)
    quarantine.leave(TWO)
    assert not told.is_set(), "who waits does not make room"
    assert not quarantine.admits(TWO, when_free=told.set)
    quarantine.leave(ONE)
    assert told.is_set()
    assert quarantine.admits(TWO, when_free=told.set)


async def test_one_that_lives_long_enough_lets_the_next_one_in() -> None:
    quarantine, told = Quarantine(alone_seconds=0.01), asyncio.Event()
    assert quarantine.admits(ONE, when_free=told.set)
    assert not quarantine.admits(TWO, when_free=told.set)
    async with asyncio.timeout(5):
        await told.wait()
    assert quarantine.admits(TWO, when_free=told.set)


async def test_a_suspect_may_be_tried_again_and_then_has_its_whole_time() -> None:
    quarantine, told = Quarantine(), asyncio.Event()
    assert quarantine.admits(ONE, when_free=told.set)
    assert quarantine.admits(ONE, when_free=told.set)
    assert not quarantine.admits(TWO, when_free=told.set)
