"""Several sources read as one, in the order in which they have something."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import TypeVar

Item = TypeVar("Item")


async def merged(*sources: AsyncGenerator[Item]) -> AsyncGenerator[Item]:
    """Every source's items; the first failure of one ends all, and so does closing."""
    waiting = {_next_of(source): source for source in sources}
    try:
        while waiting:
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                try:
                    item = task.result()
                except StopAsyncIteration:
                    del waiting[task]
                    continue
                yield item
                source = waiting.pop(task)
                waiting[_next_of(source)] = source
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        for source in sources:
            await source.aclose()


def _next_of(source: AsyncGenerator[Item]) -> asyncio.Task[Item]:
    async def following() -> Item:
        return await anext(source)

    return asyncio.create_task(following())
