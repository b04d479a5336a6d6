"""Sequences of actions: made from a seed, played in a fresh world, and made as short as they can be when one fails."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable, Sequence
from random import Random
from time import monotonic

from tests.simulation.actions import ACTIONS
from tests.simulation.world import World

Step = tuple[str, int]
"""An action and the seed of everything left to chance in it."""

_AT_ONCE = 0.2
"""How often the next action comes before any server could notice the last."""

MakeWorld = Callable[[Random], World]
"""An empty world; chance decides how much there is room for in it."""


def sequence(seed: int, length: int) -> list[Step]:
    chance = Random(seed)
    names, weights = list(ACTIONS), [weight for weight, _ in ACTIONS.values()]
    return [(name, chance.getrandbits(32)) for name in chance.choices(names, weights, k=length)]


def play(make_world: MakeWorld, seed: int, steps: Sequence[Step]) -> World:
    """Play them all, looking at everything after each, and let everything run out.

    Raises:
        AssertionError: What must hold does not.
    """
    world = make_world(Random(seed))
    try:
        world.start_server()
        for name, own in steps:
            world.chance = Random(own)
            random.seed(own)  # the jitter of retries
            ACTIONS[name][1](world, Random(own + 1))
            if world.chance.random() < _AT_ONCE:
                continue
            world.pass_time(world.chance.choice((0.0, 0.002, 0.05, 0.5, 0.5)))
            world.check()
        world.run_out()
    finally:
        world.close()
    return world


def failure_of(make_world: MakeWorld, seed: int, steps: Sequence[Step]) -> str | None:
    """How it fails, in one paragraph; None when all holds."""
    try:
        play(make_world, seed, steps)
    except Exception:  # noqa: BLE001 (whatever breaks is what we look for)
        return traceback.format_exc()
    return None


def shrunk(make_world: MakeWorld, seed: int, steps: Sequence[Step], *, seconds: float) -> list[Step]:
    """As few of the steps as still fail in the same way, as far as the time suffices."""
    began = monotonic()
    best, reason = list(steps), _last_line(failure_of(make_world, seed, steps))
    shorter = len(best) // 2
    while shorter and monotonic() - began < seconds / 3:  # what comes after the failure does not matter
        if reason == _last_line(failure_of(make_world, seed, best[:-shorter])):
            best = best[:-shorter]
        shorter = min(shorter // 2, len(best) - 1)
    until, size = began + seconds, len(best) // 2
    while size and monotonic() < until:
        start = 0
        while start < len(best) and monotonic() < until:
            fewer = best[:start] + best[start + size :]
            if reason == _last_line(failure_of(make_world, seed, fewer)):
                best = fewer
            else:
                start += size
        size //= 2
    return best


def _last_line(failure: str | None) -> str | None:
    """The kind of a failure: ids and numbers differ from run to run."""
    return failure.strip().splitlines()[-1][:60] if failure else None
