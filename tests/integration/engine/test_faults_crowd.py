"""F17: a thousand teams at once and twenty places: all end once, in turn, while the API answers; on both databases."""

from __future__ import annotations

import asyncio
import time
from itertools import accumulate
from pathlib import Path
from statistics import quantiles
from uuid import UUID

import httpx
import pytest
from sqlalchemy import func, select
from sqlmodel import col

from renum_app import runtime
from renum_app.agents.rehearsal import RehearsalBackend
from renum_app.database import reading
from renum_app.engine import dispatch
from renum_app.models.agent import Backend
from renum_app.models.event import Event
from renum_app.models.execution import ExecuteRequest, ExecutionStatus
from renum_app.models.execution_read import ExecutionSummary
from renum_app.models.user import CurrentUser
from renum_app.services import executions
from renum_app.settings import Settings
from tests import factories
from tests.integration.people import Person
from tests.integration.processes import server_process, until

EACH, PLACES = 500, 20


async def accept(user: CurrentUser) -> UUID:
    """Five hundred executions of a team of three who take 50 ms each, waiting for an engine."""
    agents = [await factories.agent(user, seconds=0.05) for _ in range(3)]
    team = await factories.team(user, *agents)
    for _ in range(EACH):
        await executions.start(user, team.team_id, ExecuteRequest(initial_prompt="Analise."))
    return team.team_id


async def everything_of(user: CurrentUser) -> list[ExecutionSummary]:
    """In the order in which they were accepted."""
    pages = [await executions.list_executions(user, page=page, limit=100) for page in range(1, EACH // 100 + 2)]
    return sorted((item for page in pages for item in page.items), key=lambda item: item.created_at)


async def seconds_to_answer(person: Person, team_id: UUID, *, over: asyncio.Event) -> list[float]:
    """What a person at the pages asks for meanwhile, again and again."""
    taken = []
    first = (await person.get("/executions?limit=1")).json()["items"][0]["execution_id"]
    paths = ("/executions?limit=20", f"/executions/{first}", f"/executions/{first}/status", f"/teams/{team_id}")
    while not over.is_set():
        for path in paths:
            began = time.monotonic()
            assert (await person.get(path)).status_code == 200
            taken.append(time.monotonic() - began)
        await asyncio.sleep(0.05)
    return taken


@pytest.mark.alone
@pytest.mark.timeout(180)
async def test_f17_a_thousand_executions_of_two_people_in_twenty_places(
    db: str, settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dispatch.join(None)
    runtime.start(runtime.Runtime(settings=settings, backends={Backend.REHEARSAL: RehearsalBackend()}))
    ana, bia = await factories.user(), await factories.user()
    team_id = await accept(ana)
    await accept(bia)

    async def all_ended() -> bool:
        views = [await executions.overview(user) for user in (ana, bia)]
        return sum(view.running + view.waiting for view in views) == 0

    over = asyncio.Event()
    places = {"MAX_RUNNING_EXECUTIONS": str(PLACES)}
    with server_process(db, tmp_path / "server", settings, **places) as server:
        await server.start()
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{settings.port}", timeout=30) as client:
            asker = Person(client, ana, await factories.access_token(ana, settings))
            asking = asyncio.create_task(seconds_to_answer(asker, team_id, over=over))
            began = time.monotonic()
            await until(all_ended, seconds=120, what="the end of all")
            seconds = time.monotonic() - began
            over.set()
            p95 = quantiles(await asking, n=20)[-1]
        peak_mib = server.peak_mib
    with capsys.disabled():
        kind = db.partition(":")[0]
        print(f"\nF17 {kind}: {seconds:.1f} s, REST p95 {1000 * p95:.0f} ms, peak {peak_mib:.0f} MiB")  # noqa: T201

    of_ana, of_bia = await everything_of(ana), await everything_of(bia)
    for own in (of_ana, of_bia):
        assert [item.status for item in own] == [ExecutionStatus.COMPLETED] * EACH
        assert {tuple(item.step_statuses) for item in own} == {("completed",) * 3}
        check_first_come_first_served(own)
    check_turns(of_ana, of_bia)
    told = await times_told()
    assert told["execution_completed"] == 2 * EACH
    assert told["attempt_started"] == told["step_completed"] == 3 * 2 * EACH
    assert p95 < 1, "some 300 ms are promised where the machine has nothing else to do"
    assert peak_mib < 500


async def times_told() -> dict[str, int]:
    """How often each kind of event happened."""
    async with reading() as session:
        rows = await session.execute(select(col(Event.kind), func.count()).group_by(col(Event.kind)))
        return {row[0]: row[1] for row in rows}


def check_first_come_first_served(own: list[ExecutionSummary]) -> None:
    """Nobody starts before somebody who came more than all places earlier."""
    started = [item.started_at for item in own]
    assert None not in started
    order = sorted(range(len(own)), key=lambda place: started[place])  # pyright: ignore[reportArgumentType]
    assert max(abs(rank - place) for rank, place in enumerate(order)) <= PLACES


def check_turns(of_ana: list[ExecutionSummary], of_bia: list[ExecutionSummary]) -> None:
    """While both have some waiting, neither is ahead of the other by more than all places."""
    starts = sorted([(item.started_at, 1) for item in of_ana] + [(item.started_at, -1) for item in of_bia])
    ahead = list(accumulate(whose for _, whose in starts))
    assert max(map(abs, ahead)) <= 2 * PLACES
