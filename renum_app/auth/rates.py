"""How often somebody may ask. Counters live in Redis where there is one, and in this process when there is none or it
is gone: then every process counts for itself, but never nobody.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from limits import RateLimitItemPerSecond
from limits.aio.storage import MemoryStorage, RedisStorage
from limits.aio.strategies import SlidingWindowCounterRateLimiter
from limits.errors import StorageError
from redis.backoff import NoBackoff
from redis.retry import Retry

log = logging.getLogger(__name__)

_PATIENCE_SECONDS = 0.25
"""Nobody's call waits longer than this for a counter."""
_LEFT_ALONE_SECONDS = 5.0
"""A Redis that did not answer is not asked again before."""


@dataclass(frozen=True)
class Rate:
    """So many in so many seconds, over a sliding window."""

    amount: int
    seconds: int


@dataclass(frozen=True)
class Standing:
    """What is left of a rate after a call."""

    rate: Rate
    is_over: bool
    remaining: int
    reset_seconds: int
    """Until there is more again."""


class Rates:
    """The counters, by rate and by who asks."""

    def __init__(self, redis_url: str = "", *, clock: Callable[[], float] = time.monotonic) -> None:
        self._here = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._shared = _in_redis(redis_url) if redis_url else None
        self._shared_from, self._clock = 0.0, clock

    async def hit(self, rate: Rate, who: str) -> Standing:
        """Count a call."""
        if self._shared and self._clock() >= self._shared_from:
            try:
                return await _hit(self._shared, rate, who)
            except StorageError:
                self._shared_from = self._clock() + _LEFT_ALONE_SECONDS
                log.warning("Redis did not answer; calls are counted here", extra={"action": "rates_not_shared"})
        return await _hit(self._here, rate, who)


async def _hit(limiter: SlidingWindowCounterRateLimiter, rate: Rate, who: str) -> Standing:
    item = RateLimitItemPerSecond(rate.amount, rate.seconds, namespace="renum")
    is_within = await limiter.hit(item, who)
    left = await limiter.get_window_stats(item, who)
    reset = max(1, math.ceil(left.reset_time - time.time()))
    return Standing(rate, is_over=not is_within, remaining=max(0, left.remaining), reset_seconds=reset)


def _in_redis(url: str) -> SlidingWindowCounterRateLimiter:
    storage = RedisStorage(
        f"async+{url}",
        wrap_exceptions=True,
        implementation="redispy",
        key_prefix="renum-rates",
        socket_timeout=_PATIENCE_SECONDS,
        socket_connect_timeout=_PATIENCE_SECONDS,
        retry=Retry(NoBackoff(), 0),  # pyright: ignore[reportArgumentType] (handed to the client as it is)
    )
    return SlidingWindowCounterRateLimiter(storage)
