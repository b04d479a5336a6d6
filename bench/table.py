"""The table of results, as Markdown, and the machine they come from."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from importlib.metadata import version

_HEAD = ("What", "Database", "Bare loop", "Renum", "Result", "Target", "Met")


@dataclass(frozen=True)
class Line:
    name: str
    database: str
    bare: str
    renum: str
    result: str
    target: str
    is_met: bool


def table(lines: Iterable[Line]) -> str:
    rows = [_HEAD, tuple("---" for _ in _HEAD)]
    rows += [(*astuple(line)[:-1], "yes" if line.is_met else "no") for line in lines]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def machine(postgresql: str) -> str:
    """Cores, memory and versions; nothing that tells one machine from another of its kind.

    Args:
        postgresql: The server's version.
    """
    memory_gb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {memory_gb:.0f} GB of memory, {platform.system()}, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, PostgreSQL {postgresql}, "
        f"aiohttp {version('aiohttp')}, SQLAlchemy {version('sqlalchemy')}."
    )
