"""Many rows in one statement, in the driver's own words: bound once, without an ORM's work for every row.

SQLite's driver is asked directly: there SQLAlchemy's bookkeeping costs more than what it keeps books of.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Dialect, Select, Table, bindparam, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

Row = Mapping[str, Any]
Names = tuple[str, ...]

_MAX_DOCUMENT_BYTES = 32_000_000
"""PostgreSQL takes eight times that."""


def insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add rows that all have the same columns."""
    if not rows:
        return
    columns = tuple(rows[0])
    if connection.dialect.name == "sqlite":
        _execute_many(connection, _sqlite_insert(table, columns), _bound(connection.dialect, table, columns, rows))
        return
    for document in _documents(rows):
        connection.exec_driver_sql(_postgresql_insert(table, columns, connection.dialect), (document,))


def update(connection: Connection, table: Table, rows: Sequence[Row], *, keys: Names) -> None:
    """Set what rows say that all have the same columns; each is found by its `keys`."""
    if not rows:
        return
    columns = tuple(name for name in rows[0] if name not in keys)
    if connection.dialect.name == "sqlite":
        bound = _bound(connection.dialect, table, (*columns, *keys), rows)
        _execute_many(connection, _sqlite_update(table, columns, keys), bound)
        return
    for document in _documents(rows):
        connection.exec_driver_sql(_postgresql_update(table, columns, keys, connection.dialect), (document,))


def locked(connection: Connection, table: Table, columns: Names, ids: Sequence[UUID]) -> list[tuple[Any, ...]]:
    """Plain columns of the rows whose first column is one of `ids`; nobody else changes them in this transaction."""
    if connection.dialect.name == "sqlite":
        found = _execute(connection, _sqlite_select(table, columns, len(ids)), [each.hex for each in ids])
        return [(UUID(own_id), *rest) for own_id, *rest in found]
    return [tuple(row) for row in connection.execute(_locking(table, columns), {"ids": ids})]


# SQLite takes rows one by one, and nothing is faster than its own executemany; its only writer is lock enough.


@cache
def _sqlite_insert(table: Table, columns: Names) -> str:
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' for _ in columns)})"  # noqa: S608 (our names)


@cache
def _sqlite_update(table: Table, columns: Names, keys: Names) -> str:
    changes = ", ".join(f"{name} = ?" for name in columns)
    return f"UPDATE {table.name} SET {changes} WHERE {' AND '.join(f'{name} = ?' for name in keys)}"  # noqa: S608 (our names)


@cache
def _sqlite_select(table: Table, columns: Names, count: int) -> str:
    given = ", ".join("?" for _ in range(count))
    return f"SELECT {', '.join(columns)} FROM {table.name} WHERE {columns[0]} IN ({given})"  # noqa: S608 (our names)


def _bound(dialect: Dialect, table: Table, columns: Names, rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    """The values as the driver stores them, column by column."""
    by_column = (_bound_column(_binder(table, name, dialect), [row[name] for row in rows]) for name in columns)
    return list(zip(*by_column, strict=True))


def _bound_column(bind: Callable[[Any], Any] | None, values: list[Any]) -> list[Any]:
    return [bind(value) for value in values] if bind else values


@cache
def _binder(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    return table.c[name].type.dialect_impl(dialect).bind_processor(dialect)


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


# PostgreSQL takes all rows as one document, in one round trip.


@cache
def _postgresql_insert(table: Table, columns: Names, dialect: Dialect) -> str:
    names = ", ".join(columns)
    return f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {_given(table, columns, dialect)}"  # noqa: S608 (our names)


@cache
def _postgresql_update(table: Table, columns: Names, keys: Names, dialect: Dialect) -> str:
    changes = ", ".join(f"{name} = given.{name}" for name in columns)
    found = " AND ".join(f"{table.name}.{name} = given.{name}" for name in keys)
    return f"UPDATE {table.name} SET {changes} FROM {_given(table, (*keys, *columns), dialect)} WHERE {found}"  # noqa: S608 (our names)


@cache
def _locking(table: Table, columns: Names) -> Select[Any]:
    """In one order, so that no two transactions wait for each other."""
    own_id = table.c[columns[0]]
    chosen = select(*(table.c[name] for name in columns))
    return chosen.where(own_id.in_(bindparam("ids", expanding=True))).order_by(own_id).with_for_update()


def _given(table: Table, columns: Names, dialect: Dialect) -> str:
    typed = ", ".join(f"{name} {table.c[name].type.compile(dialect)}" for name in columns)
    return f"jsonb_to_recordset(%s::jsonb) AS given({typed})"


def _documents(rows: Sequence[Row]) -> Iterator[str]:
    """The rows as arrays of objects, none of them larger than the server takes."""
    parts: list[bytes] = []
    size = 0
    for part in map(to_json, rows):
        if parts and size + len(part) > _MAX_DOCUMENT_BYTES:
            yield _array(parts)
            parts, size = [], 0
        parts.append(part)
        size += len(part)
    yield _array(parts)


def _array(parts: Sequence[bytes]) -> str:
    return f"[{b','.join(parts).decode()}]"
