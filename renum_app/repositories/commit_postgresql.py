"""A group commit on PostgreSQL: one statement, which is a transaction by itself and one way to the server and back.

The fence, the events and the rows are parts of that statement. They come as one document of JSON each, which the server
takes apart; a column that a document leaves out stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic_core import to_json
from sqlalchemy import Column, Dialect
from sqlalchemy.engine import Connection

from renum_app.models.command import Command
from renum_app.models.event import Event
from renum_app.models.execution import Execution
from renum_app.models.step import Step
from renum_app.repositories.entry import Entry, Standing, event_values

_TABLES = Execution.metadata.tables
_EXECUTIONS = _TABLES[Execution.__tablename__]
_EVENTS = _TABLES[Event.__tablename__]
_STEPS = _TABLES[Step.__tablename__]
_COMMANDS = _TABLES[Command.__tablename__]

_FIXED = {
    *("execution_id", "team_id", "user_id", "initial_prompt", "variables", "overrides", "version", "plan"),
    *("total_steps", "parent_execution_id", "redo", "created_at", "last_seq", "epoch"),
}
_MOVING = [column for column in _EXECUTIONS.c if column.name not in _FIXED]
_PLANNED = {"execution_id", "step_id", "place", "agent_id", "name", "role", "backend", "model"}
_STEPPING = [column for column in _STEPS.c if column.name not in _PLANNED]
"""What events change of a row."""

_MAX_BYTES = 32_000_000
"""Of one statement's entries; the server takes eight times that in a document."""


@dataclass
class Part:
    """Entries that one statement takes."""

    entries: list[Entry] = field(default_factory=list)
    documents: list[list[bytes]] = field(default_factory=lambda: [[], [], [], []])
    """Rows as JSON, in the order in which the statement asks for them."""
    size: int = 0

    def store(self, connection: Connection) -> Standing:
        """Store what passes the fence; how things stood."""
        values = tuple(f"[{b','.join(rows).decode()}]" for rows in self.documents)
        found = connection.exec_driver_sql(_statement(connection.dialect), values)
        return {execution_id: (last_seq, epoch) for execution_id, last_seq, epoch in found}

    def add(self, entry: Entry, documents: Sequence[Sequence[bytes]]) -> None:
        self.entries.append(entry)
        self.size += _size(documents)
        for rows, more in zip(self.documents, documents, strict=True):
            rows.extend(more)


def parts(entries: Iterable[Entry]) -> Iterator[Part]:
    """The entries in as few statements as take them; what one execution brings is never divided."""
    part = Part()
    for entry in entries:
        documents = _documents(entry)
        if part.entries and part.size + _size(documents) > _MAX_BYTES:
            yield part
            part = Part()
        part.add(entry, documents)
    yield part


def _size(documents: Iterable[Iterable[bytes]]) -> int:
    return sum(len(row) for rows in documents for row in rows)


def _documents(entry: Entry) -> list[list[bytes]]:
    own = {"execution_id": entry.execution_id}
    return [
        [to_json(_given(entry))],
        [to_json(event_values(event)) for event in entry.events],
        [to_json({**own, **step}) for step in entry.steps],
        [to_json({**own, "command_id": each}) for each in entry.handled],
    ]


def _given(entry: Entry) -> dict[str, Any]:
    return {
        "execution_id": entry.execution_id,
        "expected_seq": entry.expected_seq,
        "epoch": entry.epoch,
        "new_seq": entry.new_seq,
        "changes": entry.execution,
    }


@cache
def _statement(dialect: Dialect) -> str:
    """Rows are locked in one order, so that no two transactions wait for each other."""
    # ruff: noqa: S608 (the names are our own)
    changes = ", ".join(f"{column.name} = {_changed(column, dialect)}" for column in _MOVING)
    steps = ", ".join(f"{column.name} = step.{column.name}" for column in _STEPPING)
    return f"""
        WITH given AS MATERIALIZED (
            SELECT * FROM jsonb_to_recordset(%s::jsonb)
                AS given (execution_id uuid, expected_seq integer, epoch integer, new_seq integer, changes jsonb)
        ), standing AS MATERIALIZED (
            SELECT own.execution_id, own.last_seq, own.epoch FROM {_EXECUTIONS.name} AS own
                WHERE own.execution_id IN (SELECT execution_id FROM given) ORDER BY own.execution_id FOR UPDATE
        ), passed AS MATERIALIZED (
            SELECT given.* FROM given JOIN standing USING (execution_id)
                WHERE standing.last_seq = given.expected_seq AND standing.epoch = given.epoch
        ), events AS (
            INSERT INTO {_EVENTS.name} (execution_id, seq, kind, timestamp, data)
                SELECT event.* FROM {_rows("event", _EVENTS.c, dialect)} JOIN passed USING (execution_id)
        ), steps AS (
            UPDATE {_STEPS.name} AS own SET {steps}
                FROM {_rows("step", (_STEPS.c.execution_id, _STEPS.c.step_id, *_STEPPING), dialect)}
                JOIN passed USING (execution_id)
                WHERE own.execution_id = step.execution_id AND own.step_id = step.step_id
        ), commands AS (
            UPDATE {_COMMANDS.name} AS own SET handled_at = now()
                FROM {_rows("handled", (_COMMANDS.c.execution_id, _COMMANDS.c.command_id), dialect)}
                JOIN passed USING (execution_id) WHERE own.command_id = handled.command_id
        ), executions AS (
            UPDATE {_EXECUTIONS.name} AS own SET last_seq = passed.new_seq, {changes}
                FROM passed WHERE own.execution_id = passed.execution_id
        )
        SELECT execution_id, last_seq, epoch FROM standing
    """


def _rows(name: str, columns: Iterable[Column[Any]], dialect: Dialect) -> str:
    typed = ", ".join(f"{column.name} {column.type.compile(dialect)}" for column in columns)
    return f"jsonb_to_recordset(%s::jsonb) AS {name} ({typed})"


def _changed(column: Column[Any], dialect: Dialect) -> str:
    """What an execution's `changes` say of a column; it stays where they say nothing."""
    kind = column.type.compile(dialect)
    said = f"passed.changes -> '{column.name}'" if kind == "JSONB" else f"passed.changes ->> '{column.name}'"
    value = f"nullif({said}, 'null')" if kind == "JSONB" else f"({said})::{kind}"
    return f"CASE WHEN passed.changes ? '{column.name}' THEN {value} ELSE own.{column.name} END"
