"""Failed sign-ins slow down further ones: per account, per network and for all together."""

from __future__ import annotations

import ipaddress
import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from renum_app.errors import TooMany

Value = TypeVar("Value")

FREE_FAILURES = 5
LONGEST_DELAY_SECONDS = 15 * 60
PER_NETWORK, NETWORK_WINDOW_SECONDS = 30, 5 * 60
PER_SECOND = 20
_REMEMBERED = 20_000


@dataclass
class _Account:
    failures: int = 0
    free_at: float = 0.0


@dataclass
class Throttle:
    """Counters of this process. An attempt counts when it begins, so that parallel guesses count too."""

    clock: Callable[[], float] = time.monotonic
    _accounts: OrderedDict[str, _Account] = field(default_factory=OrderedDict)
    _networks: OrderedDict[str, deque[float]] = field(default_factory=OrderedDict)
    _all: deque[float] = field(default_factory=deque)

    def begin(self, email: str, ip: str) -> None:
        """Count an attempt.

        Raises:
            TooMany: It may not be tried yet; nothing is counted.
        """
        now = self.clock()
        account = _remembered(self._accounts, _name(email), _Account)
        network = _remembered(self._networks, network_of(ip), deque)
        wait = max(
            account.free_at - now,
            _wait(network, now, limit=PER_NETWORK, window=NETWORK_WINDOW_SECONDS),
            _wait(self._all, now, limit=PER_SECOND, window=1),
        )
        if wait > 0:
            raise TooMany("too_many_sign_ins", retry_after=math.ceil(wait))
        network.append(now)
        self._all.append(now)
        account.failures += 1
        account.free_at = now + _delay(account.failures)

    def succeeded(self, email: str, ip: str) -> None:
        """The attempt was right: the account is free again, and it was no failure of its network."""
        self._accounts.pop(_name(email), None)
        if network := self._networks.get(network_of(ip)):
            network.pop()


def network_of(ip: str) -> str:
    """The /24 or /64 an address is in; one machine easily has many addresses of it."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return ip
    bits = 24 if address.version == 4 else 64
    return str(ipaddress.ip_network(f"{address}/{bits}", strict=False))


def _name(email: str) -> str:
    """What an account is counted under; no longer than an address can be."""
    return email.casefold()[:254]


def _delay(failures: int) -> float:
    """Seconds to wait after that many failures: none at first, then 1, 2, 4 … up to the longest."""
    if failures < FREE_FAILURES:
        return 0.0
    return min(2.0 ** (failures - FREE_FAILURES), LONGEST_DELAY_SECONDS)


def _wait(times: deque[float], now: float, *, limit: int, window: float) -> float:
    while times and times[0] <= now - window:
        times.popleft()
    return times[-limit] + window - now if len(times) >= limit else 0.0


def _remembered(known: OrderedDict[str, Value], key: str, make: Callable[[], Value]) -> Value:
    """The value of `key`; the longest unused one is forgotten when there are too many."""
    value = known.setdefault(key, make())
    known.move_to_end(key)
    if len(known) > _REMEMBERED:
        known.popitem(last=False)
    return value
