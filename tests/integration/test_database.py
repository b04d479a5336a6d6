"""Transactions in one go: what goes wrong in one leaves nothing behind and does not hold up the next."""

from __future__ import annotations

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from renum_app import database


def count(connection: Connection) -> int:
    return connection.execute(text("SELECT count(*) FROM renum_users")).scalar_one()


def add_and_fail(connection: Connection) -> None:
    connection.execute(
        text(
            "INSERT INTO renum_users (user_id, email, name, password_hash, role, is_demo, created_at, updated_at) "
            "VALUES (:id, 'ana@example.com', '', '!', 'user', false, :now, :now)"
        ),
        {"id": "0" * 32, "now": "2026-01-01 00:00:00"},
    )
    assert count(connection) == 1
    raise LookupError


async def test_what_fails_leaves_nothing_and_the_next_goes_through(db: str) -> None:
    with pytest.raises(LookupError):
        await database.at_once(add_and_fail)
    with pytest.raises(SQLAlchemyError):
        await database.at_once(lambda connection: connection.execute(text("SELECT nonsense")))
    assert await database.at_once(count) == 0


async def test_a_connection_that_the_server_ended_is_replaced(db: str) -> None:
    assert await database.at_once(count) == 0
    if not database.is_sqlite():
        with psycopg.connect(db.replace("+psycopg", ""), autocommit=True) as administrator:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            administrator.execute(f"{others} AND datname = current_database()".encode())
        with pytest.raises(database.TROUBLES):
            await database.at_once(count)
    assert await database.at_once(count) == 0
