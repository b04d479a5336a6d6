"""The engine through random sequences of everything that can happen to it.

`RENUM_SIMULATION_ACTIONS=10000 pytest tests/simulation -s` plays longer, `RENUM_SIMULATION_SEED=…` the same again.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections import Counter
from pathlib import Path
from random import Random
from secrets import randbelow

import pytest

from renum_app.settings import Settings
from tests.conftest import empty
from tests.simulation.playing import MakeWorld, failure_of, sequence, shrunk
from tests.simulation.world import World

_LENGTH = 200
"""Actions in one world, after which everything must run out."""
_SECONDS = 20.0
"""Without `RENUM_SIMULATION_ACTIONS`."""
_ON_POSTGRESQL = 200
_SECONDS_TO_SHRINK = float(os.environ.get("RENUM_SIMULATION_SHRINK") or 60)


@pytest.fixture
def sqlite_worlds(sqlite_template: Path, settings: Settings, tmp_path: Path) -> MakeWorld:
    def make(chance: Random) -> World:
        path = shutil.copy(sqlite_template, tmp_path / "world.db")
        for rest in tmp_path.glob("world.db-*"):
            rest.unlink()
        return World(f"sqlite+aiosqlite:///{path}", settings, chance)

    return make


@pytest.fixture
def postgres_worlds(postgres: str, settings: Settings) -> MakeWorld:
    def make(chance: Random) -> World:
        empty(postgres, "shared")
        return World(f"{postgres}shared", settings, chance)

    return make


@pytest.mark.timeout(3_600)
def test_whatever_happens_the_engine_keeps_its_word(sqlite_worlds: MakeWorld) -> None:
    _play_many(sqlite_worlds, wanted=int(os.environ.get("RENUM_SIMULATION_ACTIONS") or 0))


@pytest.mark.timeout(3_600)
def test_whatever_happens_it_keeps_its_word_on_postgresql_too(postgres_worlds: MakeWorld) -> None:
    _play_many(postgres_worlds, wanted=_ON_POSTGRESQL)


def _play_many(make_world: MakeWorld, *, wanted: int) -> None:
    """So many actions, or for so long when it is 0, and once more without those that do not matter if it fails."""
    seed = int(os.environ.get("RENUM_SIMULATION_SEED") or randbelow(1_000_000))
    played, began = Counter[str](), time.monotonic()
    while played.total() < wanted or (not wanted and time.monotonic() - began < _SECONDS):
        own = seed + played.total()
        steps = sequence(own, min(_LENGTH, wanted - played.total()) if wanted else _LENGTH)
        if failure := failure_of(make_world, own, steps):
            fewest = shrunk(make_world, own, steps, seconds=_SECONDS_TO_SHRINK)
            pytest.fail(f"RENUM_SIMULATION_SEED={own} fails; so do these alone: {fewest}\n{failure}", pytrace=False)
        played.update(name for name, _ in steps)
    sys.stdout.write(f"\nRENUM_SIMULATION_SEED={seed}: {played.total()} actions in {time.monotonic() - began:.0f} s\n")
    sys.stdout.write(f"{dict(played)}\n")
