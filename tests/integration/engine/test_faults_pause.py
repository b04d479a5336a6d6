"""F4: a worker frozen past its time and woken up again, while another has taken its work over; on both databases."""

from __future__ import annotations

import asyncio
import signal
import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.exc import InternalError

from renum_app.database import transaction
from renum_app.models.execution import Execution
from renum_app.services import executions as use_cases
from tests.integration.engine.conftest import Stage
from tests.integration.processes import Killable, calls_in, engine_process, until

STEPS = ("A1", "A2", "A3")


async def frozen(worker: Killable, url: str) -> None:
    """Stop it where it stands, but not in the middle of a transaction, which would stop everyone on SQLite."""
    worker.signal(signal.SIGSTOP)
    while url.startswith("sqlite") and _is_locked(url.partition("///")[2]):
        worker.signal(signal.SIGCONT)
        await asyncio.sleep(0.01)
        worker.signal(signal.SIGSTOP)


def _is_locked(path: str) -> bool:
    connection = sqlite3.connect(path, timeout=0.2, isolation_level=None)
    try:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")
    except sqlite3.OperationalError:
        return True
    finally:
        connection.close()
    return False


async def test_f4_a_worker_that_wakes_up_after_another_took_over_changes_nothing(
    idle: Stage, db: str, tmp_path: Path
) -> None:
    team = await idle.team(*STEPS)
    execution_ids = [await idle.start(team) for _ in range(5)]
    with (
        engine_process(db, tmp_path / "one", shared=tmp_path) as one,
        engine_process(db, tmp_path / "two", shared=tmp_path) as two,
    ):
        await one.start()
        await until(lambda: _called(tmp_path, times=5), what="the first calls")
        await frozen(one, db)
        await two.start()
        ends = [(await idle.ended(execution_id)).status for execution_id in execution_ids]
        told = {execution_id: await idle.events(execution_id) for execution_id in execution_ids}
        called = len(calls_in(tmp_path))
        one.signal(signal.SIGCONT)
        await asyncio.sleep(1.5)  # more than it needs to go on from where it stood, were it still the owner
        assert one.running.poll() is None, "it lives"
    assert ends == ["completed"] * 5
    assert len(calls_in(tmp_path)) == called, "it calls nobody any more"
    for execution_id in execution_ids:
        log = await idle.events(execution_id)
        assert log == told[execution_id], "it writes nothing any more"
        kinds = Counter(event["kind"] for event in log)
        assert kinds["execution_completed"] == 1
        assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
        counts = Counter(step_id for called_by, step_id in calls_in(tmp_path) if called_by == str(execution_id))
        assert set(counts) == set(STEPS)
        assert sum(counts.values()) <= len(STEPS) + 1


async def _called(shared: Path, *, times: int) -> bool:
    return len(calls_in(shared)) >= times


@pytest.mark.faults
async def test_f4_a_worker_frozen_in_the_middle_of_a_transaction_keeps_its_locks_for_seconds_only(
    idle: Stage, db: str
) -> None:
    if db.startswith("sqlite"):
        pytest.skip("SQLite has one lock, and whoever is frozen with it stops everyone")
    execution_id = await idle.start(await idle.team("A1"))

    async def freezes() -> None:
        async with transaction() as session:
            await session.execute(update(Execution).values(current_step=7))
            async with transaction() as other, asyncio.timeout(20):
                await other.execute(update(Execution).values(current_step=1))

    with pytest.raises(InternalError, match="IdleInTransaction"):
        await freezes()
    assert (await use_cases.get(idle.user, execution_id)).current_step == 1
