"""Retry, fork and resume over REST, with agents that call a real HTTP server."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.settings import Settings
from tests import factories
from tests.doubles.openai_server import OpenAIServer, openai_server
from tests.integration.people import Person
from tests.integration.processes import server_process, until

MODELS = ("reply-um", "reply-dois", "reply-tres", "fault-400", "reply-cinco")


async def local_agents(ana: Person, provider: OpenAIServer) -> list[str]:
    key = {"service_name": "own", "api_key": provider.key, "base_url": provider.base_url}
    assert (await ana.post("/api-keys", key)).status_code == 201
    bodies = [{"name": f"A{place}", "model": f"own:{model}"} for place, model in enumerate(MODELS, start=1)]
    return [(await ana.post("/agents", body)).json()["agent_id"] for body in bodies]


def called(provider: OpenAIServer) -> Counter[str]:
    return Counter(body["model"] for body in provider.requests)


async def test_step_four_of_five_fails_and_a_retry_calls_steps_one_to_three_zero_times(
    ana: Person, engine: InProcessDispatcher
) -> None:
    async with openai_server() as provider:
        agents = await local_agents(ana, provider)
        failed = await ana.ended(await ana.execution(await ana.team(*agents)))
        assert failed["status"] == "failed"
        assert called(provider) == dict.fromkeys(MODELS[:4], 1)
        spent = sum(step["input_tokens"] + step["output_tokens"] for step in failed["steps"][:3])
        assert spent == sum(usage["total_tokens"] for usage in provider.usages)

        provider.requests.clear()
        repaired = {"name": "A4", "model": "own:reply-quatro"}
        assert (await ana.ask("PUT", f"/agents/{agents[3]}", json=repaired)).status_code == 200
        answer = await ana.post(f"/executions/{failed['execution_id']}/retry")
        assert answer.status_code == 202, answer.text
        retried = await ana.ended(answer.json()["execution_id"])

        assert answer.headers["Location"] == f"/api/v1/executions/{retried['execution_id']}"
        assert retried["status"] == "completed"
        assert called(provider) == {"reply-quatro": 1, "reply-cinco": 1}
        assert retried["parent_execution_id"] == failed["execution_id"]
        assert retried["redo"] == {
            "kind": "retry",
            "from_step": None,
            "changed": [],
            "reused_steps": agents[:3],
            "saved_cost_usd": None,
            "saved_tokens": spent,
        }
        assert retried["final_result"]["summary"] == "cinco"
        children = (await ana.get(f"/executions/{failed['execution_id']}")).json()["children"]
        assert [child["execution_id"] for child in children] == [retried["execution_id"]]


async def test_a_server_killed_in_the_middle_of_a_retry_goes_on_and_calls_nobody_who_had_finished(
    db: str, settings: Settings, tmp_path: Path
) -> None:
    user = await factories.user()
    address = f"http://127.0.0.1:{settings.port}"
    limits = httpx.Limits(max_keepalive_connections=0)  # a killed server leaves no connection
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30) as client:
        ana = Person(client, user, await factories.access_token(user, settings))
        with server_process(db, tmp_path / "server", settings) as server:
            await server.start()
            at_once = {"seconds": 0, "first_token_seconds": 0}
            broken = {**at_once, "faults": [{"kind": "error", "attempts": []}]}
            agents = [await ana.agent(rehearsal=broken if place == 4 else at_once) for place in range(1, 6)]
            failed = await ana.ended(await ana.execution(await ana.team(*agents)), seconds=40)
            assert [step["status"] for step in failed["steps"]] == ["completed"] * 3 + ["failed", "cancelled"]
            slow = {"name": "Devagar", "backend": "rehearsal", "rehearsal": {**at_once, "seconds": 1.5}}
            assert (await ana.ask("PUT", f"/agents/{agents[3]}", json=slow)).status_code == 200
            retried = (await ana.post(f"/executions/{failed['execution_id']}/retry")).json()["execution_id"]

            async def is_at_work() -> bool:
                status = (await ana.get(f"/executions/{retried}/status")).json()
                return status["agent_statuses"][agents[3]] == "running"

            await until(is_at_work, what="the fourth step")
            server.kill()
            await server.start()
            execution = await ana.ended(retried, seconds=40)
            log = (await ana.get(f"/executions/{retried}/events?limit=1000")).json()["items"]
    assert execution["status"] == "completed"
    assert execution["redo"]["reused_steps"] == agents[:3]
    assert [event["seq"] for event in log] == list(range(1, len(log) + 1))
    started = [event["data"]["step_id"] for event in log if event["kind"] == "attempt_started"]
    assert started == [agents[3], agents[3], agents[4]]


async def test_the_same_key_starts_one_redo(ana: Person, engine: InProcessDispatcher) -> None:
    agent_id = await ana.agent()
    done = await ana.ended(await ana.execution(await ana.team(agent_id)))
    path, key = f"/executions/{done['execution_id']}/fork", {"Idempotency-Key": "again"}
    first, second = [await ana.post(path, {"from_step": agent_id}, headers=key) for _ in range(2)]
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.text == second.text
    assert first.headers["Location"] == second.headers["Location"]
    assert (await ana.get("/executions")).json()["total"] == 2
    other = await ana.post(path, {"from_step": agent_id, "output": "x"}, headers=key)
    assert (other.status_code, other.json()["error"]["code"]) == (409, "idempotency_key_reused")


async def test_a_fork_with_an_output_and_a_list_that_shows_the_lineage(
    ana: Person, engine: InProcessDispatcher
) -> None:
    first, last = await ana.agent(), await ana.agent()
    done = await ana.ended(await ana.execution(await ana.team(first, last)))
    body = {"from_step": last, "output": "O fim."}
    forked = await ana.ended((await ana.post(f"/executions/{done['execution_id']}/fork", body)).json()["execution_id"])
    assert forked["final_result"]["summary"] == "O fim."
    assert forked["cost_metrics"]["total_cost_usd"] == 0
    assert (forked["redo"]["kind"], forked["redo"]["changed"]) == ("fork", ["output"])
    listed = (await ana.get("/executions")).json()["items"]
    assert [item["parent_execution_id"] for item in listed] == [done["execution_id"], None]


@pytest.mark.parametrize("route", ["retry", "fork", "resume"])
async def test_nobody_redoes_what_is_not_theirs(
    ana: Person, bruno: Person, engine: InProcessDispatcher, route: str
) -> None:
    agent_id = await ana.agent()
    execution_id = await ana.execution(await ana.team(agent_id))
    await ana.ended(execution_id)
    body = {"from_step": agent_id} if route == "fork" else None
    for known in (execution_id, str(uuid4()), "x"):
        assert (await bruno.post(f"/executions/{known}/{route}", body)).status_code == 404
    anonymous = await ana.http.post(f"/api/v1/executions/{execution_id}/{route}", json=body)
    assert anonymous.status_code == 401
    assert (await bruno.get("/executions")).json()["total"] == 0


UNUSABLE: list[tuple[str, dict[str, Any], str]] = [
    ("fork", {}, "from_step"),
    ("fork", {"from_step": ""}, "from_step"),
    ("fork", {"from_step": "nobody"}, "from_step"),
    ("fork", {"from_step": 7}, "from_step"),
    ("fork", {"from_step": "AGENT", "colour": "red"}, "colour"),
    ("fork", {"from_step": "AGENT", "input": "a", "output": "b"}, "input"),
    ("fork", {"from_step": "AGENT", "output": "\u0000"}, "output"),
    ("fork", {"from_step": "AGENT", "team_version": 9}, "team_version"),
    ("fork", {"from_step": "AGENT", "team_version": 0}, "team_version"),
    ("fork", {"from_step": "AGENT", "team_version": 10**30}, "team_version"),
    ("resume", {"max_cost_usd": -1}, "max_cost_usd"),
    ("resume", {"max_tokens": 0}, "max_tokens"),
    ("resume", {"max_tokens": "many"}, "max_tokens"),
]


async def test_a_body_nobody_can_use_names_its_field(ana: Person, engine: InProcessDispatcher) -> None:
    agent_id = await ana.agent()
    execution_id = await ana.execution(await ana.team(agent_id))
    await ana.ended(execution_id)
    for route, body, field in UNUSABLE:
        sent = {name: agent_id if value == "AGENT" else value for name, value in body.items()}
        answer = await ana.post(f"/executions/{execution_id}/{route}", sent)
        assert answer.status_code == 422, answer.text
        assert answer.json()["error"]["details"]["fields"][0]["field"] == field, body
    assert (await ana.get("/executions")).json()["total"] == 1


async def test_what_cannot_be_redone_is_a_conflict_with_a_sentence(ana: Person) -> None:
    """Without an engine: nothing that is started ever ends."""
    agent_id = await ana.agent()
    execution_id = await ana.execution(await ana.team(agent_id))
    for route, body in {"retry": None, "fork": {"from_step": agent_id}, "resume": None}.items():
        answer = await ana.post(f"/executions/{execution_id}/{route}", body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_finished"), route


async def test_a_completed_execution_has_nothing_to_retry_or_resume(ana: Person, engine: InProcessDispatcher) -> None:
    execution_id = await ana.execution(await ana.team(await ana.agent()))
    await ana.ended(execution_id)
    retry, resume = [await ana.post(f"/executions/{execution_id}/{route}") for route in ("retry", "resume")]
    assert (retry.status_code, retry.json()["error"]["code"]) == (409, "nothing_to_retry")
    assert (resume.status_code, resume.json()["error"]["code"]) == (409, "not_resumable")
    assert "{" not in retry.json()["error"]["message"] + resume.json()["error"]["message"]


async def test_a_deleted_agent_or_team_redoes_nothing(ana: Person, engine: InProcessDispatcher) -> None:
    agent_id = await ana.agent()
    team_id = await ana.team(agent_id)
    execution_id = await ana.execution(team_id)
    await ana.ended(execution_id)
    assert (await ana.ask("DELETE", f"/teams/{team_id}")).status_code == 204
    answer = await ana.post(f"/executions/{execution_id}/fork", {"from_step": agent_id})
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "team_archived")
