"""A group commit on SQLite: row by row, and nothing is faster there than its driver's own executemany.

The driver is asked directly: SQLAlchemy's bookkeeping costs more than what it keeps books of.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Dialect, Table
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from renum_app.models.command import Command
from renum_app.models.event import Event
from renum_app.models.execution import Execution
from renum_app.models.step import Step
from renum_app.models.values import UtcDateTime, utc_now
from renum_app.repositories.entry import Entry, Standing, event_values

Row = Mapping[str, Any]
Names = tuple[str, ...]

_TABLES = Execution.metadata.tables
_EXECUTIONS = _TABLES[Execution.__tablename__]
_EVENTS = _TABLES[Event.__tablename__]
_STEPS = _TABLES[Step.__tablename__]
_COMMANDS = _TABLES[Command.__tablename__]


def store(connection: Connection, entries: Sequence[Entry]) -> Standing:
    """Store what passes the fence; how things stood. Its only writer is lock enough."""
    standing = _standing(connection, entries)
    passed = [entry for entry in entries if entry.passes(standing)]
    _insert(connection, _EVENTS, [event_values(event) for entry in passed for event in entry.events])
    _update_executions(connection, passed)
    steps = [{"execution_id": entry.execution_id, **step} for entry in passed for step in entry.steps]
    _update(connection, _STEPS, steps, keys=("execution_id", "step_id"))
    now = utc_now()
    handled = [{"command_id": each, "handled_at": now} for entry in passed for each in entry.handled]
    _update(connection, _COMMANDS, handled, keys=("command_id",))
    return standing


def _standing(connection: Connection, entries: Sequence[Entry]) -> Standing:
    statement = _select(len(entries))
    found = _execute(connection, statement, [entry.execution_id.hex for entry in entries])
    return {UUID(own_id): (last_seq, epoch) for own_id, last_seq, epoch in found}


def _update_executions(connection: Connection, entries: Iterable[Entry]) -> None:
    """One statement per set of columns that changed."""
    by_columns: defaultdict[Names, list[Row]] = defaultdict(list)
    for entry in entries:
        row = {"execution_id": entry.execution_id, "last_seq": entry.new_seq, **entry.execution}
        by_columns[tuple(row)].append(row)
    for rows in by_columns.values():
        _update(connection, _EXECUTIONS, rows, keys=("execution_id",))


def _insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add rows that all have the same columns."""
    if rows:
        columns = tuple(rows[0])
        _execute_many(connection, _insertion(table, columns), _bound(connection.dialect, table, columns, rows))


def _update(connection: Connection, table: Table, rows: Sequence[Row], *, keys: Names) -> None:
    """Set what rows say that all have the same columns; each is found by its `keys`."""
    if rows:
        columns = tuple(name for name in rows[0] if name not in keys)
        bound = _bound(connection.dialect, table, (*columns, *keys), rows)
        _execute_many(connection, _change(table, columns, keys), bound)


@cache
def _select(count: int) -> str:
    given = ", ".join("?" for _ in range(count))
    return f"SELECT execution_id, last_seq, epoch FROM {_EXECUTIONS.name} WHERE execution_id IN ({given})"  # noqa: S608 (our names)


@cache
def _insertion(table: Table, columns: Names) -> str:
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' for _ in columns)})"  # noqa: S608 (our names)


@cache
def _change(table: Table, columns: Names, keys: Names) -> str:
    changes = ", ".join(f"{name} = ?" for name in columns)
    return f"UPDATE {table.name} SET {changes} WHERE {' AND '.join(f'{name} = ?' for name in keys)}"  # noqa: S608 (our names)


def _bound(dialect: Dialect, table: Table, columns: Names, rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    """The values as the driver stores them, column by column."""
    by_column = (_bound_column(_binder(table, name, dialect), [row[name] for row in rows]) for name in columns)
    return list(zip(*by_column, strict=True))


def _bound_column(bind: Callable[[Any], Any] | None, values: list[Any]) -> list[Any]:
    return [bind(value) for value in values] if bind else values


@cache
def _binder(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    kind = table.c[name].type
    bind = kind.dialect_impl(dialect).bind_processor(dialect)
    # The facts of one moment share its time, and those of one execution its id.
    return lru_cache(maxsize=1_024)(bind) if bind and isinstance(kind, UtcDateTime) else bind


def _execute(connection: Connection, statement: str, values: Sequence[Any]) -> list[Any]:
    try:
        return connection.connection.cursor().execute(statement, values).fetchall()
    except sqlite3.Error as error:
        raise DBAPIError.instance(statement, None, error, sqlite3.Error) from error


def _execute_many(connection: Connection, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
    try:
        connection.connection.cursor().executemany(statement, rows)
    except sqlite3.Error as error:
        raise DBAPIError.instance(statement, None, error, sqlite3.Error) from error
