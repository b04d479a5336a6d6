"""Chance that can be had again: the seed is printed, and taken from RENUM_TEST_SEED where that is set."""

from __future__ import annotations

import os
import random


def seeded() -> random.Random:
    """pytest shows what is printed when the test fails."""
    seed = int(os.environ.get("RENUM_TEST_SEED") or random.SystemRandom().randrange(2**32))
    print(f"RENUM_TEST_SEED={seed}")  # noqa: T201
    return random.Random(seed)
