"""Empty, migrated databases as an installation has them: nothing that makes them durable is switched off."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from renum_app import migrations
from tests.postgres import running_postgres

KINDS = ("SQLite", "PostgreSQL")


@contextmanager
def database_of(kind: str) -> Iterator[str]:
    """A database of one kind while the block lasts; its URL."""
    if kind == "SQLite":
        with tempfile.TemporaryDirectory(prefix="renum-bench-") as folder:
            yield _migrated(f"sqlite+aiosqlite:///{Path(folder) / 'renum.db'}")
        return
    with running_postgres(is_durable=True) as server:
        with psycopg.connect(f"{server}postgres".replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("CREATE DATABASE bench")
        yield _migrated(f"{server}bench")


def _migrated(url: str) -> str:
    migrations.upgrade(url)
    return url


def version_of_postgresql() -> str:
    with running_postgres() as server, psycopg.connect(f"{server}postgres".replace("+psycopg", "")) as connection:
        return str(connection.info.server_version // 10_000)
