"""What a strategy answers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Skip:
    """A member that does not run, and why."""

    step_id: str
    reason: str
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Joined:
    """What the branches of a parallel workflow came to."""

    join: str
    wanted: int
    """Successes; of `all` as many as there are branches, but for those that may fail."""
    successes: int
    failures: int
    branches: int
    is_satisfied: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """How the execution ends."""

    succeeded: bool
    failed_step_id: str | None = None
    """Whose error names the failure."""
    successes: int | None = None
    wanted: int | None = None
    """Of a join that was not reached."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What may happen now; empty: wait for what is under way."""

    start: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()
    """Members whose turn has come and that a person has to let start."""
    skip: tuple[Skip, ...] = ()
    cut: tuple[str, ...] = ()
    """Members that are no longer needed: the join is satisfied."""
    outcome: Outcome | None = None
