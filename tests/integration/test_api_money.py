"""Month budgets and prices of one's own through the REST front door, on both databases."""

from __future__ import annotations

import re

import pytest

from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.models.agent import Backend
from tests.doubles.openai_server import openai_server
from tests.integration.people import Person

PRICE = {"input_usd_per_million": 2.0, "output_usd_per_million": 10.0}


async def test_a_person_sets_reads_and_removes_their_month_budget(ana: Person, bruno: Person) -> None:
    me = (await ana.get("/auth/me")).json()
    assert me["monthly_budget_usd"] is None
    assert me["month"] | {"month": "", "ends_at": ""} == {
        "month": "", "ends_at": "", "budget_usd": None, "spent_usd": 0, "reserved_usd": 0, "unknown_steps": 0,
    }  # fmt: skip
    assert re.fullmatch(r"\d{4}-\d\d", me["month"]["month"])

    changed = await ana.ask("PATCH", "/auth/me", json={"monthly_budget_usd": 12.5})
    assert changed.status_code == 200
    assert changed.json()["month"]["budget_usd"] == (await ana.get("/auth/me")).json()["monthly_budget_usd"] == 12.5
    renamed = (await ana.ask("PATCH", "/auth/me", json={"name": "Ana Lima"})).json()
    assert (renamed["name"], renamed["monthly_budget_usd"]) == ("Ana Lima", 12.5)
    removed = (await ana.ask("PATCH", "/auth/me", json={"monthly_budget_usd": None})).json()
    assert (removed["name"], removed["monthly_budget_usd"]) == ("Ana Lima", None)
    assert (await bruno.get("/auth/me")).json()["monthly_budget_usd"] is None


@pytest.mark.parametrize(
    "body",
    [
        {"monthly_budget_usd": -1}, {"monthly_budget_usd": "much"}, {"name": ""}, {"name": None},
        {"role": "admin"}, {"email": "x@example.com"}, {"monthly_budget_usd": "Infinity"}, [],
    ],
)  # fmt: skip
async def test_a_change_of_me_that_makes_no_sense_is_refused(ana: Person, body: object) -> None:
    before = (await ana.get("/auth/me")).json()
    assert (await ana.ask("PATCH", "/auth/me", json=body)).status_code in {400, 422}
    assert (await ana.get("/auth/me")).json() == before


async def test_a_price_of_ones_own_is_stored_listed_replaced_and_removed(ana: Person, bruno: Person) -> None:
    assert (await ana.ask("PUT", "/model-prices/vllm:meta/llama", json=PRICE)).status_code == 200
    again = await ana.ask("PUT", "/model-prices/vllm:meta/llama", json={**PRICE, "output_usd_per_million": 0})
    assert again.json()["output_usd_per_million"] == 0
    listed = (await ana.get("/model-prices")).json()
    assert [(price["model"], price["output_usd_per_million"]) for price in listed["items"]] == [("vllm:meta/llama", 0)]
    assert (await bruno.get("/model-prices")).json()["total"] == 0
    assert (await bruno.ask("DELETE", "/model-prices/vllm:meta/llama")).status_code == 404
    assert (await ana.ask("DELETE", "/model-prices/vllm:meta/llama")).status_code == 204
    assert (await ana.ask("DELETE", "/model-prices/vllm:meta/llama")).status_code == 404


@pytest.mark.parametrize(
    "body",
    [{}, {**PRICE, "input_usd_per_million": -1}, {**PRICE, "cached": 1}, {**PRICE, "output_usd_per_million": "NaN"}],
)
async def test_a_price_that_makes_no_sense_is_refused(ana: Person, body: object) -> None:
    assert (await ana.ask("PUT", "/model-prices/x:y", json=body)).status_code == 422
    assert (await ana.ask("PUT", "/model-prices/%20", json=PRICE)).status_code == 422
    assert (await ana.get("/model-prices")).json()["total"] == 0


async def test_a_cap_in_dollars_needs_a_price_and_a_price_of_ones_own_will_do(ana: Person) -> None:
    agent = await ana.agent(backend=Backend.LOCAL.value, model="vllm:llama", rehearsal=None)
    team = await ana.team(agent, team_config={"monthly_budget_usd": 5})
    bare = await ana.team(agent)
    capped = {"initial_prompt": "Analise", "overrides": {"max_cost_usd": 1}}
    by_team = await ana.post(f"/teams/{team}/execute", {"initial_prompt": "Analise"})
    by_execution = await ana.post(f"/teams/{bare}/execute", capped)
    await ana.ask("PATCH", "/auth/me", json={"monthly_budget_usd": 5})
    by_person = await ana.post(f"/teams/{bare}/execute", {"initial_prompt": "Analise"})

    for answer, field in (
        (by_team, "team_config.monthly_budget_usd"),
        (by_execution, "overrides.max_cost_usd"),
        (by_person, "user.monthly_budget_usd"),
    ):
        error = answer.json()["error"]
        assert (answer.status_code, error["code"], error["field"]) == (422, "price_unknown", field)
    await ana.ask("PUT", "/model-prices/vllm:llama", json=PRICE)
    assert (await ana.post(f"/teams/{team}/execute", {"initial_prompt": "Analise"})).status_code == 202
    assert (await ana.post(f"/teams/{bare}/execute", capped)).status_code == 202


async def test_rehearsals_are_free_under_any_budget(ana: Person, engine: InProcessDispatcher) -> None:
    await ana.ask("PATCH", "/auth/me", json={"monthly_budget_usd": 0})
    execution = await ana.ended(await ana.execution(await ana.team(await ana.agent())))
    assert execution["status"] == "completed"
    assert (await ana.get("/auth/me")).json()["month"]["spent_usd"] == 0


async def test_a_cap_for_two_of_three_parallel_agents_and_the_third_never_starts(
    ana: Person, engine: InProcessDispatcher
) -> None:
    script = {"reply": "ok", "seconds": 0.3, "first_token_seconds": 0, "input_tokens": 20, "output_tokens": 100}
    agents = [await ana.agent(name=name, rehearsal=script) for name in ("Bia", "Caio", "Davi")]
    members = [{"agent_id": agent, "execution_order": 1, "config": {"max_tokens": 100}} for agent in agents]
    team = await ana.team(*agents, workflow_definition={"type": "parallel", "agents": members})
    asked = {"initial_prompt": "Analise", "overrides": {"max_tokens": 241}}
    started = (await ana.post(f"/teams/{team}/execute", asked)).json()
    execution = await ana.ended(started["execution_id"])
    log = (await ana.get(f"/executions/{execution['execution_id']}/events?limit=1000")).json()["items"]

    assert (execution["status"], execution["error_code"]) == ("failed", "budget_exceeded")
    assert [step["status"] for step in execution["steps"]] == ["completed", "completed", "cancelled"]
    assert [event["data"]["step_id"] for event in log if event["kind"] == "attempt_started"] == agents[:2]
    assert execution["usage_metrics"]["total_tokens"] == 240
    assert "Davi was not started: 240 of at most 241 tokens are used" in execution["error_message"]


@pytest.mark.parametrize("capped_by", ["execution", "team", "person"])
async def test_a_cap_in_dollars_for_two_of_three_parallel_agents_and_the_third_is_never_called(
    ana: Person, engine: InProcessDispatcher, capped_by: str
) -> None:
    async with openai_server() as provider:
        provider.reply_with("um dois três quatro cinco", seconds=0.3)
        key = {"service_name": "own", "api_key": provider.key, "base_url": provider.base_url}
        assert (await ana.post("/api-keys", key)).status_code == 201
        ten_cents_for_five_words = {"input_usd_per_million": 0, "output_usd_per_million": 20_000}
        await ana.ask("PUT", "/model-prices/own:dear", json=ten_cents_for_five_words)
        agents = [(await ana.post("/agents", {"name": name, "model": "own:dear"})).json() for name in ("B", "C", "D")]
        ids = [agent["agent_id"] for agent in agents]
        members = [{"agent_id": agent_id, "execution_order": 1, "config": {"max_tokens": 5}} for agent_id in ids]
        config = {"monthly_budget_usd": 0.25} if capped_by == "team" else {}
        team = await ana.team(*ids, workflow_definition={"type": "parallel", "agents": members}, team_config=config)
        if capped_by == "person":
            await ana.ask("PATCH", "/auth/me", json={"monthly_budget_usd": 0.25})
        overrides = {"max_cost_usd": 0.25} if capped_by == "execution" else {}
        started = await ana.post(f"/teams/{team}/execute", {"initial_prompt": "Analise", "overrides": overrides})
        execution = await ana.ended(started.json()["execution_id"])

        assert (execution["status"], execution["error_code"]) == ("failed", "budget_exceeded")
        assert [step["status"] for step in execution["steps"]] == ["completed", "completed", "cancelled"]
        assert len(provider.requests) == 2
        assert execution["cost_metrics"]["total_cost_usd"] == 0.2
        assert {step["cost_basis"] for step in execution["steps"][:2]} == {"measured"}
        assert (await ana.get("/auth/me")).json()["month"]["spent_usd"] == 0.2
