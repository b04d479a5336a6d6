"""Executions that are taken up together: one transaction, and each its own outcome."""

from __future__ import annotations

import asyncio
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from renum_app import database
from renum_app.engine import facts
from renum_app.engine.claiming import Claiming
from renum_app.engine.plan import Brief, Plan
from renum_app.engine.progress import nothing_yet
from renum_app.engine.recorder import Journal, OwnershipLost, Recorder
from renum_app.engine.rows import execution_values
from renum_app.events.bus import MemoryBus
from renum_app.models.event import EventKind, StoredEvent
from renum_app.models.values import utc_now
from renum_app.repositories import claims, events
from renum_app.repositories.claims import Claim
from renum_app.repositories.commits import commit
from renum_app.repositories.entry import Entry
from renum_app.services import executions
from tests.integration.engine.conftest import Stage


def logged(execution_id: UUID, seq: int, message: str = "feito") -> StoredEvent:
    return StoredEvent(execution_id, seq, EventKind.LOGGED, utc_now(), {"level": "info", "message": message})


async def own(execution_id: UUID) -> Claim:
    return (await claims.take_up([execution_id]))[execution_id]


async def test_a_group_of_claims_gives_each_execution_what_is_its_own(idle: Stage) -> None:
    team = await idle.team("Ana")
    fresh, under_way, ended, ordered = [await idle.start(team) for _ in range(4)]
    gone = uuid4()
    first = {execution_id: await own(execution_id) for execution_id in (under_way, ended)}
    await commit(
        [
            Entry(under_way, first[under_way].epoch, 1, [logged(under_way, 2), logged(under_way, 3)]),
            Entry(ended, first[ended].epoch, 1, [logged(ended, 2)], {"status": "completed"}),
        ]
    )
    await executions.stop(idle.user, ordered)

    claiming = Claiming()
    group = (gone, fresh, ended, under_way, ordered)
    claimed = dict(zip(group, await asyncio.gather(*map(claiming.take_up, group)), strict=True))

    assert claimed[gone] is None
    assert claimed[ended] is None
    found = {execution_id: claim for execution_id, claim in claimed.items() if claim}
    assert {execution_id: (claim.epoch, claim.last_seq) for execution_id, claim in found.items()} == {
        fresh: (1, 1),
        under_way: (2, 3),
        ordered: (1, 1),
    }
    assert [event.seq for event in found[under_way].events] == [1, 2, 3]
    assert all(event.execution_id == under_way for event in found[under_way].events)
    assert found[fresh].events == []
    assert [order.kind for order in found[ordered].orders] == ["stop"]
    assert found[fresh].orders == found[under_way].orders == []


async def test_two_claims_of_one_execution_in_one_moment_make_two_owners_of_whom_the_last_writes(idle: Stage) -> None:
    execution_id = await idle.start(await idle.team("Ana"))
    claiming = Claiming()
    first, second = await asyncio.gather(claiming.take_up(execution_id), claiming.take_up(execution_id))
    assert first
    assert second
    assert second.epoch == first.epoch + 1
    assert await commit([Entry(execution_id, first.epoch, 1, [logged(execution_id, 2)])]) == set()
    assert await commit([Entry(execution_id, second.epoch, 1, [logged(execution_id, 2)])]) == {execution_id}


async def test_an_execution_whose_log_cannot_be_read_harms_no_other_claim(idle: Stage) -> None:
    team = await idle.team("Ana")
    broken, sound = [await idle.start(team) for _ in range(2)]
    for execution_id in (broken, sound):
        await commit([Entry(execution_id, (await own(execution_id)).epoch, 1, [logged(execution_id, 2)])])
    async with database.transaction() as session:
        spoil = "UPDATE renum_execution_events SET kind = 'from_the_future' WHERE execution_id = :id"
        stored_id = broken.hex if database.is_sqlite() else broken
        await session.execute(text(spoil), {"id": stored_id})

    claiming = Claiming()
    failed, claimed = await asyncio.gather(*map(claiming.take_up, (broken, sound)), return_exceptions=True)
    assert isinstance(failed, ValueError)
    assert isinstance(claimed, Claim)
    assert claimed.execution_id == sound


async def test_a_claim_that_nobody_waits_for_any_more_holds_back_no_other(idle: Stage) -> None:
    team = await idle.team("Ana")
    given_up, wanted = [await idle.start(team) for _ in range(2)]
    claiming = Claiming()
    leaving = asyncio.create_task(claiming.take_up(given_up))
    staying = asyncio.create_task(claiming.take_up(wanted))
    await asyncio.sleep(0)
    leaving.cancel()
    claimed = await staying
    assert claimed
    assert claimed.execution_id == wanted
    with pytest.raises(asyncio.CancelledError):
        await leaving


async def test_a_commit_larger_than_one_document_is_stored_whole(idle: Stage) -> None:
    execution_id = await idle.start(await idle.team("Ana"))
    claim = await own(execution_id)
    large = "ü" * 1_000_000
    told = [logged(execution_id, seq, large) for seq in range(2, 42)]
    assert await commit([Entry(execution_id, claim.epoch, 1, told)]) == {execution_id}
    async with database.reading() as session:
        stored = await events.after(session, execution_id, seq=1, limit=100)
    assert [event.seq for event in stored] == [event.seq for event in told]
    assert stored[-1].data == told[-1].data


async def test_of_two_owners_that_record_in_one_moment_only_the_last_is_believed(idle: Stage) -> None:
    execution_id = await idle.start(await idle.team("Ana"))
    recorder = Recorder(MemoryBus())
    first, second = [journal_of(await own(execution_id), recorder) for _ in range(2)]
    told = [owner.record([facts.logged("execution_completed")]) for owner in (first, second)]
    recording = asyncio.create_task(recorder.run())
    outcomes = await asyncio.gather(*told, return_exceptions=True)
    recording.cancel()
    assert [type(outcome) for outcome in outcomes] == [OwnershipLost, type(None)]
    assert [event["seq"] for event in await idle.events(execution_id)] == [1, 2]


def journal_of(claim: Claim, recorder: Recorder) -> Journal:
    plan = Plan.model_validate(claim.plan)
    progress = nothing_yet(plan)
    progress.last_seq = claim.last_seq
    return Journal(
        recorder=recorder,
        plan=plan,
        brief=Brief(claim.execution_id, claim.user_id, claim.prompt),
        epoch=claim.epoch,
        progress=progress,
        stored_seq=claim.last_seq,
        row=execution_values(plan, progress),
    )
