"""Databases, a runtime and people; every database test runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
import pytest_asyncio

from renum_app import crypto, database, migrations, runtime
from renum_app.agents.local import LocalBackend
from renum_app.agents.rehearsal import RehearsalBackend
from renum_app.engine import dispatch
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.models.agent import Backend
from renum_app.services.credentials import open_credential
from renum_app.settings import Environment, Settings
from tests.postgres import free_port, running_postgres

ENCRYPTION_KEY = "0123456789abcdef" * 4  # hexadecimal digits need no stretching, which takes a moment each time
JWT_SECRET = "tests-sign-with-this-9876543210-fedcba"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrations.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server with a migrated database called `template`; its URL ends in a slash."""
    with running_postgres() as url:
        _administer(url, "CREATE DATABASE template")
        migrations.upgrade(f"{url}template")
        _administer(url, "CREATE DATABASE shared TEMPLATE template")
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated, empty database, on both kinds."""
    if request.param == "sqlite":
        return _copied_sqlite(request, tmp_path)
    url = request.getfixturevalue("postgres")
    empty(url, "shared")
    return f"{url}shared"


@pytest.fixture(params=["sqlite", "postgresql"])
def own_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database whose schema this test may change, on both kinds."""
    if request.param == "sqlite":
        yield _copied_sqlite(request, tmp_path)
        return
    url, name = request.getfixturevalue("postgres"), f"test_{uuid4().hex}"
    _administer(url, f"CREATE DATABASE {name} TEMPLATE template")
    yield f"{url}{name}"
    _administer(url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def sqlite_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A migrated, empty SQLite database, for tests to which the kind of database does not matter."""
    return _copied_sqlite(request, tmp_path)


@pytest_asyncio.fixture
async def db(database_url: str) -> AsyncIterator[str]:
    """The database that `transaction()` and `reading()` use in this test."""
    database.configure(database_url)
    yield database_url
    await database.dispose()


@pytest_asyncio.fixture
async def sqlite_db(sqlite_url: str) -> AsyncIterator[str]:
    """`db` on SQLite alone."""
    database.configure(sqlite_url)
    yield sqlite_url
    await database.dispose()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        environment=Environment.TEST,
        port=free_port(),
        renum_data_dir=tmp_path,
        encryption_key=ENCRYPTION_KEY,
        jwt_secret=JWT_SECRET,
        allow_private_urls=True,
        reads_per_second=100_000,
        writes_per_minute=100_000,
    )


@pytest_asyncio.fixture
async def live_objects(settings: Settings) -> AsyncIterator[runtime.Runtime]:
    """The runtime without an engine: nothing that is started moves."""
    crypto.configure(settings.encryption_key)
    backends = {Backend.LOCAL: LocalBackend(open_credential, settings), Backend.REHEARSAL: RehearsalBackend()}
    yield runtime.start(runtime.Runtime(settings=settings, backends=backends))


@pytest_asyncio.fixture
async def engine(live_objects: runtime.Runtime) -> AsyncIterator[InProcessDispatcher]:
    """The engine on its own thread, as in production; ask for the database (`db`) before it."""
    dispatcher = InProcessDispatcher()
    dispatch.join(dispatcher)
    dispatcher.start()
    yield dispatcher
    dispatcher.close(grace_seconds=2)
    dispatch.join(None)


def _copied_sqlite(request: pytest.FixtureRequest, folder: Path) -> str:
    path = shutil.copy(request.getfixturevalue("sqlite_template"), folder / "renum.db")
    return f"sqlite+aiosqlite:///{path}"


def _administer(url: str, statement: str) -> None:
    with psycopg.connect(f"{url}postgres".replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(statement.encode())


def empty(url: str, name: str) -> None:
    """Much faster than a new database; whoever an earlier test left connected is sent away first."""
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
    tables = ", ".join(f'"{table}"' for table in migrations.metadata().tables)
    with psycopg.connect(f"{url}{name}".replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(others.encode(), [name])
        connection.execute(b"SET session_replication_role = replica")  # the audit log lets nobody empty it
        connection.execute(f"TRUNCATE {tables}".encode())
