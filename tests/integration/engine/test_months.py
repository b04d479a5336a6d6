"""Month budgets of a person and of a team, on SQLite and PostgreSQL."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from uuid import UUID

import pytest
import pytest_asyncio

from renum_app import database, runtime
from renum_app.agents.backend import (
    AgentFailed,
    BackendUnreachable,
    BadStream,
    RunEnded,
    RunRequest,
    RunUpdate,
    TextDelta,
    Usage,
)
from renum_app.database import transaction
from renum_app.engine.execution import ExecutionEngine
from renum_app.engine.means import Means
from renum_app.engine.recorder import Recorder
from renum_app.events.bus import MemoryBus
from renum_app.models.agent import Backend
from renum_app.models.month import Month
from renum_app.models.user import CurrentUser
from renum_app.models.values import utc_now
from renum_app.repositories import claims, spending, users
from renum_app.repositories.spending import Wanted
from renum_app.services import executions
from renum_app.settings import Settings
from tests import factories
from tests.fakes import ScriptedBackend, says
from tests.integration.engine.conftest import Stage

MODEL = "openai:gpt-4o-mini"
BOUND = {"config": {"max_tokens": 1_000_000}}
"""A turn of gpt-4o-mini may cost 60 cents for these, and next to nothing for what it reads."""
DEAR = says("ok", usage=Usage(0, 1_000_000), provider="openai", model="gpt-4o-mini")
CHEAP = says("ok", usage=Usage(0, 10_000), provider="openai", model="gpt-4o-mini")


async def set_budget(user: CurrentUser, dollars: float | None) -> None:
    async with transaction() as session:
        await users.change(session, user.user_id, monthly_budget_usd=dollars)


@pytest.fixture
def paid(stage: Stage) -> Stage:
    stage.model = MODEL
    return stage


async def test_a_step_that_does_not_fit_the_persons_month_never_starts_and_the_sentence_says_why(paid: Stage) -> None:
    await set_budget(paid.user, 1.0)
    paid.backend.scripts = {"Ana": DEAR}
    team = await paid.team("Ana", "Bia", Ana=BOUND, Bia=BOUND)
    execution = await paid.run(team)

    assert (execution.status, execution.error_code) == ("failed", "budget_exceeded")
    assert [step.status for step in execution.steps] == ["completed", "cancelled"]
    assert paid.backend.calls == {"Ana": 1}
    assert execution.error_message
    assert "your US$1.00 for a month, US$0.60 are spent or reserved and US$0.40 are left" in execution.error_message
    assert "next month, which begins on" in execution.error_message


async def test_every_person_has_the_budget_that_is_their_own(paid: Stage) -> None:
    """An engine that looks at one person's cap for everybody would do well in every other test."""
    stages = [paid, *[Stage(await factories.user(), paid.backend, model=MODEL) for _ in range(3)]]
    caps = [None, 0.5, None, 0.5]
    for own, cap in zip(stages, caps, strict=True):
        await set_budget(own.user, cap)
    paid.backend.scripts = {"Ana": DEAR}
    ends = [(await own.run(await own.team("Ana", Ana=BOUND))).error_code for own in stages]
    assert ends == [None if cap is None else "budget_exceeded" for cap in caps]


async def test_a_step_that_does_not_fit_the_teams_month_never_starts(paid: Stage) -> None:
    paid.backend.scripts = {"Ana": DEAR}
    team = await paid.team("Ana", Ana=BOUND, config={"monthly_budget_usd": 1.0})
    first, second = await paid.run(team), await paid.run(team)
    elsewhere = await paid.run(await paid.team("Ana", Ana=BOUND, config={"monthly_budget_usd": 1.0}))

    assert (first.status, second.status, elsewhere.status) == ("completed", "failed", "completed")
    assert second.error_message
    assert "of the US$1.00 this team may cost in a month, US$0.60 are spent" in second.error_message


async def test_what_was_measured_counts_and_not_what_was_reserved(paid: Stage) -> None:
    await set_budget(paid.user, 1.0)
    paid.backend.scripts = dict.fromkeys(("Ana", "Bia", "Caio"), CHEAP)
    execution = await paid.run(await paid.team("Ana", "Bia", "Caio", Ana=BOUND, Bia=BOUND, Caio=BOUND))

    assert execution.status == "completed"
    assert paid.backend.calls == {"Ana": 1, "Bia": 1, "Caio": 1}


class Engines:
    """Engines on threads of their own, as two servers on one database have them."""

    def __init__(
        self, settings: Settings, backend: ScriptedBackend, *, clock: Callable[[], datetime] = utc_now
    ) -> None:
        self._settings, self._backend, self._clock = settings, backend, clock

    async def advance(self, *groups: Sequence[UUID]) -> None:
        """Each group by an engine of its own, all at once, to the end."""
        await asyncio.gather(*(asyncio.to_thread(asyncio.run, self._advance(group)) for group in groups))

    async def _advance(self, execution_ids: Sequence[UUID]) -> None:
        recorder = Recorder(MemoryBus(), clock=self._clock)
        means = Means(recorder, {Backend.LOCAL: self._backend}, self._settings, clock=self._clock)
        engine = ExecutionEngine(means)
        recording = asyncio.create_task(recorder.run())
        await asyncio.gather(*(engine.advance(execution_id) for execution_id in execution_ids))
        recording.cancel()
        await database.dispose()


@pytest_asyncio.fixture
async def idle(db: str, settings: Settings, backend: ScriptedBackend) -> Stage:
    """A person whose executions wait until the test brings them to an engine."""
    runtime.start(runtime.Runtime(settings=settings, backends={Backend.LOCAL: backend}))
    return Stage(user=await factories.user(), backend=backend, model=MODEL)


async def ends(stage: Stage, execution_ids: Sequence[UUID]) -> list[tuple[str, str | None]]:
    read = [await executions.get(stage.user, execution_id) for execution_id in execution_ids]
    return [(execution.status, execution.error_code) for execution in read]


async def test_two_engines_that_race_for_the_last_dollars_of_a_month_spend_them_once(
    idle: Stage, settings: Settings
) -> None:
    await set_budget(idle.user, 3.1)
    usage = Usage(0, 1_000_000)
    idle.backend.scripts = {"Ana": says("ok", seconds=0.2, usage=usage, provider="openai", model="gpt-4o-mini")}
    team = await idle.team("Ana", Ana=BOUND)
    mine, yours = [await idle.start(team) for _ in range(6)], [await idle.start(team) for _ in range(6)]
    await Engines(settings, idle.backend).advance(mine, yours)

    ended = Counter(await ends(idle, [*mine, *yours]))
    assert ended == {("completed", None): 5, ("failed", "budget_exceeded"): 7}
    assert idle.backend.calls == {"Ana": 5}
    async with database.reading() as session:
        spent = await spending.spent_in(session, idle.user.user_id, Month.of(utc_now()))
    assert (round(spent.spent_usd, 6), spent.reserved_usd) == (3.0, 0)


async def test_a_new_month_begins_with_nothing_spent(idle: Stage, settings: Settings) -> None:
    await set_budget(idle.user, 1.0)
    idle.backend.scripts = {"Ana": DEAR}
    team = await idle.team("Ana", Ana=BOUND)
    first, second, third = [await idle.start(team) for _ in range(3)]
    for execution_id, moment in (
        (first, datetime(2026, 11, 30, 23, 59, 58, tzinfo=UTC)),
        (second, datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)),
        (third, datetime(2026, 12, 1, 0, 0, 0, tzinfo=UTC)),
    ):
        await Engines(settings, idle.backend, clock=lambda moment=moment: moment).advance([execution_id])

    assert [status for status, _ in await ends(idle, [first, second, third])] == ["completed", "failed", "completed"]
    refused = await executions.get(idle.user, second)
    assert "begins on 2026-12-01 (UTC)" in (refused.error_message or "")


async def test_a_step_that_is_tried_again_next_month_stays_in_the_month_it_started_in(
    idle: Stage, settings: Settings
) -> None:
    await set_budget(idle.user, 1.0)
    now = [datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC)]
    late = datetime(2026, 12, 1, 0, 0, 1, tzinfo=UTC)

    async def fails_at_midnight(request: RunRequest) -> AsyncIterator[RunUpdate]:
        now[:] = [late]
        if request.attempt == 1:
            raise BackendUnreachable("backend_unreachable", service="x")
        yield RunEnded(text="ok")

    idle.backend.scripts = {"Ana": fails_at_midnight}
    execution_id = await idle.start(await idle.team("Ana", Ana={**BOUND, "retry": {"backoff_seconds": 0}}))
    await Engines(settings, idle.backend, clock=lambda: now[0]).advance([execution_id])

    async with database.reading() as session:
        november = await spending.spent_in(session, idle.user.user_id, Month.of(late - timedelta(days=1)))
        december = await spending.spent_in(session, idle.user.user_id, Month.of(late))
    assert november.spent_usd > 0.5, "nobody measured what the answer took, so its reservation stays"
    assert december.spent_usd == 0


async def test_a_cap_that_is_lowered_or_raised_counts_from_the_next_step_on(paid: Stage) -> None:
    await set_budget(paid.user, 1_000)
    reached, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    async def waits(request: RunRequest) -> AsyncIterator[RunUpdate]:
        loop.call_soon_threadsafe(reached.set)
        while not go_on.is_set():  # noqa: ASYNC110 (another thread sets it)
            await asyncio.sleep(0.01)
        yield RunEnded(text="ok", usage=Usage(0, 10), provider="openai", model="gpt-4o-mini")

    paid.backend.scripts = {"Ana": waits}
    execution_id = await paid.start(await paid.team("Ana", "Bia", Ana=BOUND, Bia=BOUND))
    await reached.wait()
    await set_budget(paid.user, 0.5)
    go_on.set()
    execution = await paid.finished(execution_id)

    assert execution.error_code == "budget_exceeded"
    assert paid.backend.calls == {"Ana": 1}


async def test_an_execution_without_a_month_cap_reserves_nothing(paid: Stage) -> None:
    execution_id = await paid.start(await paid.team("Ana", Ana=BOUND))
    await paid.finished(execution_id)
    started = [event for event in await paid.events(execution_id) if event["kind"] == "attempt_started"]
    assert "reserved" not in started[0]["data"]


async def test_a_reservation_whose_owner_died_before_the_attempt_was_on_record_is_given_back(
    idle: Stage, settings: Settings
) -> None:
    await set_budget(idle.user, 1.0)
    idle.backend.scripts = {"Ana": DEAR}
    team = await idle.team("Ana", Ana=BOUND)
    orphan, other = await idle.start(team), await idle.start(team)
    claim = (await claims.take_up([orphan]))[orphan]
    wanted = Wanted(
        execution_id=orphan,
        epoch=claim.epoch,
        step_id="Ana",
        cost_usd=0.7,
        started_at=utc_now(),
        month=Month.of(utc_now()),
    )
    assert await spending.reserve(wanted, fits=lambda _: True)
    await Engines(settings, idle.backend).advance([other])
    assert await ends(idle, [other]) == [("failed", "budget_exceeded")], "nobody knows yet that its owner is gone"

    await claims.take_up([orphan])
    assert await spending.reserve(wanted, fits=lambda _: True) is None, "a stale owner reserves nothing"
    await Engines(settings, idle.backend).advance([orphan])
    async with database.reading() as session:
        spent = await spending.spent_in(session, idle.user.user_id, Month.of(utc_now()))
    assert (round(spent.spent_usd, 6), spent.reserved_usd) == (0.6, 0)


@pytest.mark.parametrize("seed", range(2))
async def test_whatever_fails_is_cut_or_tried_again_two_engines_never_spend_more_than_the_month_has(
    idle: Stage, settings: Settings, seed: int
) -> None:
    await set_budget(idle.user, 4.0)
    chance, spent = random.Random(seed), []

    async def anything(request: RunRequest) -> AsyncIterator[RunUpdate]:
        outcome = chance.randrange(5)
        if outcome == 0:
            raise BackendUnreachable("backend_unreachable", service="x")
        used = chance.randint(0, request.max_tokens or 0)
        spent.append(Decimal(used) * Decimal("0.0000006"))
        await asyncio.sleep(chance.random() / 20)
        match outcome:
            case 1:
                raise BadStream("answer_cut")
            case 2:
                yield TextDelta("I think")
                raise AgentFailed("provider_failed", retryable=True, service="x", detail="no")
            case 3:
                yield RunEnded(text="ok")
            case _:
                yield RunEnded(text="ok", usage=Usage(0, used), provider="openai", model="gpt-4o-mini")

    names = ("Ana", "Bia", "Caio")
    idle.backend.scripts = dict.fromkeys(names, anything)
    small = {"config": {"max_tokens": 400_000}, "retry": {"max_attempts": 2, "backoff_seconds": 0}}
    first = await idle.team(*names, kind="parallel", config={"join": "first"}, **dict.fromkeys(names, small))
    every = await idle.team(*names, kind="parallel", config={"join": "any"}, **dict.fromkeys(names, small))
    started = [await idle.start(team) for team in (first, every) * 6]
    await Engines(settings, idle.backend).advance(started[::2], started[1::2])

    assert sum(spent) <= Decimal("4.0")
    assert len(spent) > 5, "it did spend"
    async with database.reading() as session:
        month = await spending.spent_in(session, idle.user.user_id, Month.of(utc_now()))
    assert float(sum(spent)) <= month.spent_usd + 1e-9, "what nobody measured is held in full"
    assert month.spent_usd <= 4.0
    assert month.reserved_usd == 0


async def test_what_a_call_met_in_its_month_is_on_record(paid: Stage) -> None:
    await set_budget(paid.user, 2.0)
    paid.backend.scripts = {"Ana": DEAR}
    team = await paid.team("Ana", "Bia", Ana=BOUND, config={"monthly_budget_usd": 1.5})
    execution_id = await paid.start(team)
    await paid.finished(execution_id)
    seen = [event["data"]["details"] for event in await paid.events(execution_id) if event["kind"] == "gate_passed"]
    met = [(each["code"], each["step_id"], each["cap"], each["spent"]) for each in seen if each["gate"] == "budget"]

    assert met == [
        ("budget_team_month_reserved", "Ana", 1.5, 0),
        ("budget_person_month_reserved", "Ana", 2.0, 0),
        ("budget_team_month_reserved", "Bia", 1.5, 0.6),
        ("budget_person_month_reserved", "Bia", 2.0, 0.6),
    ]
