"""The database: one engine per event loop, and transaction(), the only commit in the product."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from pydantic_core import from_json, to_json
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine

Result = TypeVar("Result")

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=NORMAL",
    "foreign_keys=ON",
    "busy_timeout=15000",
    "cache_size=-32000",
    "wal_autocheckpoint=4000",
)
"""Of the last two the defaults, 2 MB of pages and a checkpoint every 4 MB, make a busy engine wait for the disk."""

_JSON: dict[str, Any] = {"json_serializer": lambda value: to_json(value).decode(), "json_deserializer": from_json}
"""Several times faster than the standard library's."""

_FROZEN_SECONDS = 10
_SINGLE = {"isolation_level": "AUTOCOMMIT"}

TROUBLES = (OperationalError, InterfaceError, NoConnectionFree)
"""What a statement raises when the database is busy, full or gone, rather than asked something wrong."""


class _HeldConnection:
    """One connection kept for transactions in a row; one that breaks is replaced by the next of them."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    def commit(self, act: Callable[[Connection], Result]) -> Result:
        if self._connection is None:
            self._connection = self._engine.connect()
        with self._connection.begin():
            return act(self._connection)

    def close(self) -> None:
        if self._connection:
            self._connection.close()
        self._engine.dispose()


@dataclass(frozen=True)
class _Loop:
    """What one event loop needs; neither engines nor locks may be shared between loops."""

    engine: AsyncEngine
    writer: asyncio.Lock | nullcontext[None]
    """SQLite has one writer: queue for it here rather than in its busy handler."""
    held: _HeldConnection
    single: _HeldConnection
    """For statements that are transactions by themselves."""
    thread: ThreadPoolExecutor
    """The only one that works with those two."""


_url: str = ""
_loops: WeakKeyDictionary[asyncio.AbstractEventLoop, _Loop] = WeakKeyDictionary()


def configure(url: str) -> None:
    """Set the database of this process; engines are made when a loop first asks."""
    global _url
    _url = url


def is_sqlite() -> bool:
    return _url.startswith("sqlite")


@asynccontextmanager
async def transaction() -> AsyncIterator[AsyncSession]:
    """A session that commits at the end of the block, or rolls back when it raises.

    Keep it short: on SQLite every writer of this loop waits for it. Never await an agent inside.
    """
    loop = _current()
    async with loop.writer:
        engine = loop.engine.execution_options(renum_writes=True)
        async with AsyncSession(engine, expire_on_commit=False) as session, session.begin():
            yield session


async def at_once(act: Callable[[Connection], Result], *, is_one_statement: bool = False) -> Result:
    """Run a whole transaction on one thread and commit it.

    Many times cheaper than `transaction()`, which goes to another thread and back for every statement and has a
    session to keep; for the few transactions that everything waits for.

    Args:
        is_one_statement: `act` is just that, so that a server needs to be told neither its begin nor its end.
    """
    loop = _current()
    held = loop.single if is_one_statement else loop.held
    async with loop.writer:
        return await asyncio.get_running_loop().run_in_executor(loop.thread, held.commit, act)


@asynccontextmanager
async def reading() -> AsyncIterator[AsyncSession]:
    """A session that only reads; it never waits for writers."""
    async with AsyncSession(_current().engine, expire_on_commit=False) as session:
        yield session


async def dispose() -> None:
    """Close the running loop's connections."""
    if loop := _loops.pop(asyncio.get_running_loop(), None):
        await loop.engine.dispose()
        loop.thread.shutdown(wait=True)
        loop.held.close()
        loop.single.close()


def _current() -> _Loop:
    running = asyncio.get_running_loop()
    if running not in _loops:
        _loops[running] = _open(_url)
    return _loops[running]


def _open(url: str) -> _Loop:
    if not url:
        raise RuntimeError("database.configure(url) has not been called")
    if not url.startswith("sqlite"):
        engine = create_async_engine(url, pool_size=10, max_overflow=10, pool_pre_ping=True, **_JSON)
        blocking = create_engine(url, **_JSON)
        for each in (engine.sync_engine, blocking):
            event.listen(each, "connect", _prepare_postgres)
        held, single = (_HeldConnection(each) for each in (blocking, blocking.execution_options(**_SINGLE)))
        return _Loop(engine=engine, writer=nullcontext(), held=held, single=single, thread=_one_thread())
    engine, blocking = create_async_engine(url, **_JSON), create_engine(url.replace("+aiosqlite", ""), **_JSON)
    for each in (engine.sync_engine, blocking):
        event.listen(each, "connect", _prepare_sqlite)
        event.listen(each, "begin", _begin_sqlite)
    held = _HeldConnection(blocking.execution_options(renum_writes=True))
    return _Loop(engine=engine, writer=asyncio.Lock(), held=held, single=held, thread=_one_thread())


def _one_thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="renum-database")


def _prepare_postgres(connection: Any, _record: Any) -> None:
    # A process that is frozen in the middle of a transaction must not keep its locks: others take its work over.
    connection.autocommit = True
    cursor = connection.cursor()
    cursor.execute(f"SET idle_in_transaction_session_timeout = '{_FROZEN_SECONDS}s'")
    cursor.close()
    connection.autocommit = False


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction control starts writers as readers, which then fail to upgrade.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("renum_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
