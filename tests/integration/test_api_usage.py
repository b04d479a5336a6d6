"""What was used, by team, agent, model and day; and what monitoring reads."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from sqlalchemy import update
from sqlmodel import col

from renum_app import runtime
from renum_app.api.app import create_api
from renum_app.database import transaction
from renum_app.models.step import Step
from renum_app.models.values import utc_now
from renum_app.settings import Settings
from tests.integration.people import Person

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


async def _ran(person: Person, team_id: str, *, at: datetime = NOON, **values: Any) -> str:
    """An execution whose steps have cost something."""
    execution_id = await person.execution(team_id)
    used = {"cost_usd": 0.25, "input_tokens": 100, "output_tokens": 10, "model": "openai:x", "started_at": at}
    used |= {"backend": "local", "cost_basis": "measured", **values}
    async with transaction() as session:
        await session.execute(update(Step).where(col(Step.execution_id) == UUID(execution_id)).values(**used))
    return execution_id


async def _usage(person: Person, group_by: str, **query: Any) -> dict[str, Any]:
    asked = {"group_by": group_by, "from": "2026-03-01T00:00:00Z", "to": "2026-04-01T00:00:00Z", **query}
    answer = await person.get("/usage", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_was_used_is_added_up_in_groups(ana: Person, bruno: Person) -> None:
    first, second = await ana.agent(name="Ana"), await ana.agent(name="Beto")
    small, large = await ana.team(first, name="Pequena"), await ana.team(first, second, name="Grande")
    await _ran(ana, small)
    await _ran(ana, large, at=NOON + timedelta(days=1), model="anthropic:y", cost_usd=1.5)
    await _ran(ana, small, at=NOON - timedelta(days=300))
    await _ran(bruno, await bruno.team(await bruno.agent()), cost_usd=100)

    teams = await _usage(ana, "team")
    told = [(row["name"], row["executions"], row["steps"], row["cost_usd"]) for row in teams["items"]]
    assert told == [("Grande", 1, 2, 3.0), ("Pequena", 1, 1, 0.25)]
    assert teams["cost_usd"] == 3.25
    agents = await _usage(ana, "agent")
    assert [(row["name"], row["steps"], row["input_tokens"]) for row in agents["items"]] == [
        ("Ana", 2, 200),
        ("Beto", 1, 100),
    ]
    models = await _usage(ana, "model")
    assert [row["key"] for row in models["items"]] == ["anthropic:y", "openai:x"]
    days = await _usage(ana, "day")
    assert [(row["key"], row["cost_usd"]) for row in days["items"]] == [("2026-03-10", 0.25), ("2026-03-11", 3.0)]


async def test_what_is_unknown_stays_unknown_and_what_was_taken_over_counts_once(ana: Person) -> None:
    team_id = await ana.team(await ana.agent())
    await _ran(ana, team_id, cost_usd=None, cost_basis="unknown")
    unknown = (await _usage(ana, "team"))["items"][0]
    assert (unknown["cost_usd"], unknown["unknown_steps"]) == (None, 1)
    await _ran(ana, team_id)
    await _ran(ana, team_id, cost_basis="reused")
    known = (await _usage(ana, "team"))["items"][0]
    assert (known["cost_usd"], known["unknown_steps"], known["steps"]) == (0.25, 1, 2)


@pytest.mark.parametrize("at", ["23:59:59", "00:00:00"])
async def test_a_day_is_one_of_utc(ana: Person, at: str) -> None:
    moment = datetime.fromisoformat(f"2026-03-10T{at}+00:00")
    await _ran(ana, await ana.team(await ana.agent()), at=moment)
    assert [row["key"] for row in (await _usage(ana, "day"))["items"]] == ["2026-03-10"]


async def test_the_last_thirty_days_are_the_usual_ones(ana: Person) -> None:
    await _ran(ana, await ana.team(await ana.agent()), at=utc_now() - timedelta(days=1))
    told = (await ana.get("/usage")).json()
    assert (told["group_by"], len(told["items"])) == ("team", 1)
    assert {"from", "to"} <= set(told)


@pytest.mark.parametrize(
    "query",
    [
        {"from": "2026-03-02T00:00:00Z", "to": "2026-03-01T00:00:00Z"},
        {"from": "2020-01-01T00:00:00Z"},
        {"to": "0001-01-01T00:00:00Z"},
        {"from": "0001-01-01T00:00:00+14:00"},
        {"from": "yesterday"},
        {"group_by": "colour"},
    ],
)
async def test_times_nobody_can_add_up(ana: Person, query: dict[str, str]) -> None:
    assert (await ana.get("/usage", params=query)).status_code == 422


async def _metrics(settings: Settings, address: str, **headers: str) -> httpx.Response:
    transport = httpx.ASGITransport(create_api(settings), client=(address, 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://renum") as client:
        return await client.get("/metrics", headers={name.replace("_", "-"): value for name, value in headers.items()})


def _samples(text: str) -> Iterator[tuple[str, float]]:
    for line in text.splitlines():
        if not line.startswith("#"):
            name, _, value = line.rpartition(" ")
            yield name, float(value)


async def test_monitoring_reads_figures_and_no_names(ana: Person, settings: Settings) -> None:
    await ana.execution(await ana.team(await ana.agent(), name="Equipe secreta"))
    answer = await _metrics(settings, "127.0.0.1")
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    found = dict(_samples(answer.text))
    assert found['renum_executions_unfinished{status="pending"}'] == 1
    assert (found["renum_database_up"], found["renum_engine_up"]) == (1, 0)
    assert found['renum_http_requests_total{method="POST",status="2xx"}'] >= 3
    assert ana.user.email not in answer.text
    assert "secreta" not in answer.text


async def test_metrics_are_for_this_machine_or_whoever_has_the_token(
    db: str, live_objects: Any, settings: Settings
) -> None:
    assert (await _metrics(settings, "198.51.100.7")).status_code == 404
    assert (await _metrics(settings, "127.0.0.1", X_Forwarded_For="198.51.100.7")).status_code == 404
    assert (await _metrics(settings, "::1")).status_code == 200
    live = runtime.current()
    live.settings = live.settings.model_copy(update={"metrics_token": "a-token-for-metrics"})
    for token, status in (("a-token-for-metrics", 200), ("another", 404), ("", 404)):
        answer = await _metrics(settings, "198.51.100.7", Authorization=f"Bearer {token}")
        assert answer.status_code == status
    live.settings = live.settings.model_copy(update={"trusted_proxy_hops": 1, "metrics_token": ""})
    for forwarded, status in (("198.51.100.7", 404), ("127.0.0.1, 198.51.100.7", 404), ("127.0.0.1", 200)):
        assert (await _metrics(settings, "127.0.0.1", X_Forwarded_For=forwarded)).status_code == status
