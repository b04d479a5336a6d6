"""Who calls too often waits, with a real Valkey and without; and it is said beforehand."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import select

from renum_app import runtime
from renum_app.auth.rates import Rate, Rates
from renum_app.database import reading
from renum_app.models.api_token import ApiToken
from tests.integration.people import Person
from tests.integration.test_api_bad_input import assert_shape
from tests.valkey import Valkey, running_valkey

MINUTE = Rate(3, 60)


@pytest.fixture(scope="module")
def shared_valkey() -> Iterator[Valkey]:
    with running_valkey() as valkey:
        yield valkey


@pytest.fixture
def valkey(shared_valkey: Valkey) -> Valkey:
    if shared_valkey.process is None or shared_valkey.process.poll() is not None:
        shared_valkey.start()
    return shared_valkey


def _allow(**rates: int) -> None:
    live = runtime.current()
    live.settings = live.settings.model_copy(update=rates)


async def _over(rates: Rates, who: str, *, calls: int) -> list[bool]:
    return [(await rates.hit(MINUTE, who)).is_over for _ in range(calls)]


async def test_reads_and_writes_are_counted_apart_and_for_each_person(ana: Person, bruno: Person) -> None:
    _allow(writes_per_minute=3, reads_per_second=1_000)
    left = [(await ana.post("/teams", {})).headers["RateLimit-Remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    refused = await ana.post("/teams", {})
    assert assert_shape(refused, 429)["code"] == "too_many_calls"
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.headers["RateLimit-Limit"] == "3"
    assert refused.headers["RateLimit-Policy"] == "3;w=60"
    assert int(refused.headers["RateLimit-Reset"]) == int(refused.headers["Retry-After"])
    assert (await ana.get("/teams")).headers["RateLimit-Policy"] == "1000;w=1"
    assert (await bruno.post("/teams", {})).status_code == 422


async def test_a_persons_tokens_share_their_rate(ana: Person) -> None:
    _allow(writes_per_minute=2)
    token = (await ana.post("/auth/tokens", {"name": "x", "scopes": ["teams:write"]})).json()["token"]
    robot = Person(ana.http, ana.user, token)
    assert [(await robot.post("/teams", {})).status_code for _ in range(2)] == [422, 429]


async def test_a_repeat_with_an_idempotency_key_counts_too(ana: Person) -> None:
    team_id = await ana.team(await ana.agent())
    _allow(writes_per_minute=2)
    runtime.current().rates = Rates()
    key = {"Idempotency-Key": "again"}
    path, body = f"/teams/{team_id}/execute", {"initial_prompt": "x"}
    assert [(await ana.post(path, body, headers=key)).status_code for _ in range(3)] == [202, 202, 429]


async def test_who_is_nobody_is_counted_by_network(http: httpx.AsyncClient) -> None:
    _allow(writes_per_minute=2)
    path, body = "/api/v1/auth/refresh", {"refresh_token": "x"}
    assert [(await http.post(path, json=body)).status_code for _ in range(3)] == [401, 401, 429]
    forged = {"Authorization": "Bearer rnm_pat_x"}
    assert (await http.post("/api/v1/teams", json={}, headers=forged)).status_code == 429


async def test_every_answer_says_how_one_stands(http: httpx.AsyncClient, ana: Person) -> None:
    await ana.get("/teams")
    for path in ("/nothing", "/docs", "/openapi.json", "/teams", "/auth/login"):
        answer = await http.get(f"/api/v1{path}")
        assert {"ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"} <= set(answer.headers), path


@pytest.mark.parametrize(
    ("hops", "forwarded", "ip"),
    [
        (0, "203.0.113.9", "198.51.100.7"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "evil, 203.0.113.9", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9, 10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", "198.51.100.7"),
        (1, "not an address", "198.51.100.7"),
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
async def test_the_address_is_what_our_own_proxies_saw(ana: Person, hops: int, forwarded: str, ip: str) -> None:
    _allow(trusted_proxy_hops=hops)
    headers = {"X-Forwarded-For": forwarded}
    made = await ana.post("/auth/tokens", {"name": "x", "scopes": ["teams:read"]}, headers=headers)
    assert made.status_code == 201
    async with reading() as session:
        assert (await session.scalars(select(ApiToken.created_ip))).one() == ip


async def test_processes_share_their_counters_in_valkey(valkey: Valkey) -> None:
    one, other = Rates(valkey.url), Rates(valkey.url)
    assert await _over(one, "ana", calls=2) == [False, False]
    assert await _over(other, "ana", calls=2) == [False, True]
    assert await _over(other, "bruno", calls=1) == [False]


@pytest.mark.parametrize("fault", [signal.SIGKILL, signal.SIGSTOP])
async def test_without_its_valkey_a_process_counts_for_itself_and_comes_back(
    valkey: Valkey, fault: signal.Signals
) -> None:
    now = 0.0
    who = fault.name
    rates, other = Rates(valkey.url, clock=lambda: now), Rates(valkey.url)
    assert await _over(rates, who, calls=1) == [False]
    valkey.signal(fault)
    begun = time.monotonic()
    assert await _over(rates, who, calls=5) == [False, False, False, True, True]
    assert time.monotonic() - begun < 5  # one call waited for it, the others did not ask

    if fault is signal.SIGKILL:
        valkey.start()
    else:
        valkey.signal(signal.SIGCONT)
    now += 6
    assert await _over(rates, who, calls=1) == [False]
    assert (await other.hit(MINUTE, who)).remaining < MINUTE.amount - 1


async def test_no_valkey_from_the_start_is_no_open_door() -> None:
    assert await _over(Rates("redis://127.0.0.1:1/0"), "ana", calls=4) == [False, False, False, True]
