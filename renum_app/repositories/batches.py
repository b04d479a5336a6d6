"""Many rows in one statement, in the driver's own words: bound once, without an ORM's work for every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Dialect, Table
from sqlalchemy.engine import Connection

Row = Mapping[str, Any]

_MAX_DOCUMENT_BYTES = 32_000_000
"""PostgreSQL takes eight times that."""


def insert(connection: Connection, table: Table, rows: Sequence[Row]) -> None:
    """Add rows that all have the same columns."""
    if not rows:
        return
    columns = tuple(rows[0])
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_sqlite_insert(table, columns), _bound(connection.dialect, table, columns, rows))
        return
    for document in _documents(rows):
        connection.exec_driver_sql(_postgresql_insert(table, columns, connection.dialect), (document,))


def update(connection: Connection, table: Table, rows: Sequence[Row], *, keys: tuple[str, ...]) -> None:
    """Set what rows say that all have the same columns; each is found by its `keys`."""
    if not rows:
        return
    columns = tuple(name for name in rows[0] if name not in keys)
    if connection.dialect.name == "sqlite":
        bound = _bound(connection.dialect, table, (*columns, *keys), rows)
        connection.exec_driver_sql(_sqlite_update(table, columns, keys), bound)
        return
    for document in _documents(rows):
        connection.exec_driver_sql(_postgresql_update(table, columns, keys, connection.dialect), (document,))


# SQLite takes rows one by one, and nothing is faster than its own executemany.


@cache
def _sqlite_insert(table: Table, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({', '.join('?' for _ in columns)})"  # noqa: S608 (our names)


@cache
def _sqlite_update(table: Table, columns: tuple[str, ...], keys: tuple[str, ...]) -> str:
    changes = ", ".join(f"{name} = ?" for name in columns)
    return f"UPDATE {table.name} SET {changes} WHERE {' AND '.join(f'{name} = ?' for name in keys)}"  # noqa: S608 (our names)


def _bound(dialect: Dialect, table: Table, columns: tuple[str, ...], rows: Sequence[Row]) -> list[tuple[Any, ...]]:
    """The values as the driver stores them, column by column."""
    by_column = (_bound_column(_binder(table, name, dialect), [row[name] for row in rows]) for name in columns)
    return list(zip(*by_column, strict=True))


def _bound_column(bind: Callable[[Any], Any] | None, values: list[Any]) -> list[Any]:
    return [bind(value) for value in values] if bind else values


@cache
def _binder(table: Table, name: str, dialect: Dialect) -> Callable[[Any], Any] | None:
    return table.c[name].type.dialect_impl(dialect).bind_processor(dialect)


# PostgreSQL takes all rows as one document, in one round trip.


@cache
def _postgresql_insert(table: Table, columns: tuple[str, ...], dialect: Dialect) -> str:
    names = ", ".join(columns)
    return f"INSERT INTO {table.name} ({names}) SELECT {names} FROM {_given(table, columns, dialect)}"  # noqa: S608 (our names)


@cache
def _postgresql_update(table: Table, columns: tuple[str, ...], keys: tuple[str, ...], dialect: Dialect) -> str:
    changes = ", ".join(f"{name} = given.{name}" for name in columns)
    found = " AND ".join(f"{table.name}.{name} = given.{name}" for name in keys)
    return f"UPDATE {table.name} SET {changes} FROM {_given(table, (*keys, *columns), dialect)} WHERE {found}"  # noqa: S608 (our names)


def _given(table: Table, columns: tuple[str, ...], dialect: Dialect) -> str:
    typed = ", ".join(f"{name} {table.c[name].type.compile(dialect)}" for name in columns)
    return f"jsonb_to_recordset(%s::jsonb) AS given({typed})"


def _documents(rows: Sequence[Row]) -> Iterator[str]:
    """The rows as arrays of objects, none of them larger than the server takes."""
    parts: list[bytes] = []
    size = 0
    for part in map(to_json, rows):
        if parts and size + len(part) > _MAX_DOCUMENT_BYTES:
            yield f"[{b','.join(parts).decode()}]"
            parts, size = [], 0
        parts.append(part)
        size += len(part)
    yield f"[{b','.join(parts).decode()}]"
