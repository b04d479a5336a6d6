"""The migrations and the models describe the same schema, on both databases."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError

from renum_app import migrations
from tests.postgres import running_postgres

ROOT = Path(__file__).resolve().parents[2]


def test_the_migrated_schema_is_the_models_schema(own_database_url: str) -> None:
    with migrations.connection(own_database_url) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, migrations.metadata()) == []


def test_migrating_twice_changes_nothing(own_database_url: str) -> None:
    migrations.upgrade(own_database_url)
    with migrations.connection(own_database_url) as connection:
        assert "renum_teams" in inspect(connection).get_table_names()


def test_every_migration_can_be_undone(own_database_url: str) -> None:
    migrations.downgrade(own_database_url, revision="base")
    with migrations.connection(own_database_url) as connection:
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}
    migrations.upgrade(own_database_url)


def test_postgresql_keeps_json_as_jsonb_and_times_with_their_zone(postgres: str) -> None:
    statement = (
        "SELECT data_type FROM information_schema.columns WHERE table_name = 'renum_teams' "
        "AND column_name IN ('workflow_definition', 'created_at') ORDER BY column_name"
    )
    with psycopg.connect(f"{postgres}template".replace("+psycopg", "")) as connection:
        types = [row[0] for row in connection.execute(statement.encode())]
    assert types == ["timestamp with time zone", "jsonb"]


def test_it_runs_from_any_folder_and_keeps_the_file_private(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'data' / 'renum.db'}"
    code = f"from renum_app import migrations; migrations.upgrade({url!r})"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=True)
    assert stat.S_IMODE((tmp_path / "data" / "renum.db").stat().st_mode) == 0o600


def test_a_migration_that_fails_leaves_the_old_schema(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'renum.db'}"
    with pytest.raises(OperationalError), migrations.connection(url) as connection:
        _half_a_migration(connection)
    with migrations.connection(url) as connection:
        assert inspect(connection).get_table_names() == []


def _half_a_migration(connection: Connection) -> None:
    connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")
    connection.exec_driver_sql("CREATE TABLE half (id INTEGER)")


def test_a_postgresql_server_is_gone_after_its_block() -> None:
    with running_postgres() as url:
        address = f"{url}postgres".replace("+psycopg", "")
        psycopg.connect(address).close()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(address)
