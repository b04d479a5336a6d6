"""Bring a database to this version's schema, from code and from any folder."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.config import Config
from sqlalchemy import MetaData, create_engine, event
from sqlalchemy.engine import Connection, make_url
from sqlmodel import SQLModel

from alembic import command
from renum_app import models

_FOLDER = Path(__file__).resolve().parent.parent / "alembic"
_LOCK = 7_236_846_901  # any number that only Renum's migrations use


def upgrade(url: str, *, revision: str = "head") -> None:
    """Run the migrations that `url` lacks; all of them or none. Processes that call it at once take turns."""
    with connection(url) as opened:
        command.upgrade(config(opened), revision)


def downgrade(url: str, *, revision: str) -> None:
    """Go back to an older schema; what only the newer one can hold is lost."""
    with connection(url) as opened:
        command.downgrade(config(opened), revision)


def config(opened: Connection) -> Config:
    """Alembic's configuration on an open connection."""
    made = Config()
    made.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    made.attributes["connection"] = opened
    return made


def metadata() -> MetaData:
    """Every table of the models."""
    for module in pkgutil.iter_modules(models.__path__):
        importlib.import_module(f"{models.__name__}.{module.name}")
    return SQLModel.metadata


@contextmanager
def connection(url: str) -> Iterator[Connection]:
    """A connection in one transaction that holds off every other migration of this database."""
    parsed = make_url(url)
    if is_sqlite := parsed.drivername.startswith("sqlite"):
        parsed = parsed.set(drivername="sqlite")
        _make_private(parsed.database)
    engine = create_engine(parsed)
    if is_sqlite:
        event.listen(engine, "connect", _without_driver_transactions)
        event.listen(engine, "begin", lambda opened: opened.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as opened:
            if not is_sqlite:
                opened.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
            yield opened
    finally:
        engine.dispose()


def _make_private(path: str | None) -> None:
    """Nobody else reads the database file; SQLite gives its side files the same mode."""
    if path and path != ":memory:":
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        Path(path).touch(mode=0o600)


def _without_driver_transactions(opened: Any, _record: Any) -> None:
    # The driver would commit before each change of the schema, and a kill would leave half of it.
    opened.isolation_level = None
    opened.execute("PRAGMA busy_timeout=60000")
