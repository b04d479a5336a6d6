"""The database held by somebody else for longer than anyone waits."""

from __future__ import annotations

import sqlite3

import pytest

from tests.integration.people import Person


@pytest.mark.faults
async def test_a_locked_database_is_a_503_with_retry_after_and_reads_go_on(ana: Person, db: str) -> None:
    if not db.startswith("sqlite"):
        pytest.skip("PostgreSQL has no lock on the whole database")
    holder = sqlite3.connect(db.partition("///")[2], isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    refused = await ana.post("/agents", {"name": "x", "backend": "rehearsal"})
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "database_unavailable")
    assert int(refused.headers["Retry-After"]) > 0
    assert (await ana.get("/agents")).json()["total"] == 0
    holder.execute("ROLLBACK")
    assert (await ana.post("/agents", {"name": "x", "backend": "rehearsal"})).status_code == 201
