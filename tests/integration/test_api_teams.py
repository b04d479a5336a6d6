"""Agents, teams, members and keys through the REST front door."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from renum_app.database import reading
from tests import factories
from tests.integration.people import Person


async def test_the_specs_own_payload_is_taken_as_printed(ana: Person) -> None:
    first, second = await ana.agent(), await ana.agent(name="Redator")
    body = factories.team_body(first, second)
    body["workflow_definition"]["agents"] = [
        {"agent_id": first, "role": "leader", "execution_order": 1, "input": {"source": "initial_prompt"}},
        {
            "agent_id": second,
            "role": "member",
            "execution_order": 2,
            "input": {"source": "agent_result", "agent_id": first},
        },
    ]
    created = await ana.post("/teams", body)
    team = created.json()
    assert (created.status_code, created.headers["ETag"]) == (201, '"1"')
    assert {name: team[name] for name in ("name", "description", "agent_ids")} == {
        name: body[name] for name in ("name", "description", "agent_ids")
    }
    assert team["user_id"] == str(ana.user.user_id)
    assert [member["role"] for member in team["workflow_definition"]["agents"]] == ["leader", "member"]
    assert team["created_at"].endswith("Z")
    assert (await ana.get(f"/teams/{team['team_id']}")).json() == team


async def test_lists_are_pages_newest_first_with_search(ana: Person) -> None:
    agent_id = await ana.agent()
    for place in range(12):
        await ana.team(agent_id, name=f"Equipe {place} 100%")
    await ana.team(agent_id, name="Outra", description="", is_active=False)
    page = (await ana.get("/teams?limit=5&page=2")).json()
    assert {name: page[name] for name in ("total", "page", "limit", "pages")} == {
        "total": 13,
        "page": 2,
        "limit": 5,
        "pages": 3,
    }
    assert [team["name"] for team in page["items"]] == [f"Equipe {place} 100%" for place in (7, 6, 5, 4, 3)]
    assert (await ana.get("/teams?search=equipe")).json()["total"] == 12
    assert (await ana.get("/teams", params={"search": "0%"})).json()["total"] == 12
    assert (await ana.get("/teams", params={"search": "_"})).json()["total"] == 0
    assert (await ana.get("/teams?active=false")).json()["total"] == 1
    assert (await ana.get("/agents?search=ANALISTA&backend=rehearsal")).json()["total"] == 1
    assert (await ana.get("/agents?page=9")).json()["items"] == []


async def test_every_save_is_a_version_and_a_lost_update_is_refused(ana: Person) -> None:
    agent_id = await ana.agent()
    team_id = await ana.team(agent_id)
    body = factories.team_body(agent_id, name="Segunda")
    saved = await ana.ask("PUT", f"/teams/{team_id}", json=body, headers={"If-Match": '"1"'})
    assert (saved.json()["version"], saved.headers["ETag"]) == (2, '"2"')
    for stale in ('"1"', 'W/"1"', "nonsense", '"99999999999999999999"'):
        refused = await ana.ask("PUT", f"/teams/{team_id}", json=body, headers={"If-Match": stale})
        assert (refused.status_code, refused.json()["error"]["code"]) == (412, "outdated")
    assert (await ana.ask("PUT", f"/teams/{team_id}", json=body, headers={"If-Match": "*"})).status_code == 200
    async with reading() as session:
        rows = (await session.execute(text("SELECT version FROM renum_team_versions ORDER BY version"))).all()
    assert [row[0] for row in rows] == [1, 2, 3]


async def test_saves_at_the_same_moment_all_count(ana: Person) -> None:
    agent_id = await ana.agent()
    team_id = await ana.team(agent_id)
    body = factories.team_body(agent_id)
    answers = await asyncio.gather(*(ana.ask("PUT", f"/teams/{team_id}", json=body) for _ in range(8)))
    assert sorted(answer.json()["version"] for answer in answers) == list(range(2, 10))


async def test_members_come_change_and_go(ana: Person) -> None:
    first, second, third = [await ana.agent(name=name) for name in ("Um", "Dois", "Três")]
    team_id = await ana.team(first, second)
    seat = {"agent_id": third, "execution_order": 3, "input": {"source": "agent_result", "agent_id": second}}
    grown = await ana.post(f"/teams/{team_id}/members", seat)
    assert grown.status_code == 201
    assert grown.json()["agent_ids"] == [first, second, third]

    changed = await ana.ask("PUT", f"/teams/{team_id}/members/{third}", json={**seat, "role": "coordinator"})
    assert changed.json()["workflow_definition"]["agents"][2]["role"] == "coordinator"

    # The third reads the second, so the second cannot simply go.
    refused = await ana.ask("DELETE", f"/teams/{team_id}/members/{second}")
    assert refused.status_code == 422
    assert refused.json()["error"]["details"]["fields"][0]["code"] == "unknown_step"
    assert (await ana.ask("DELETE", f"/teams/{team_id}/members/{third}")).json()["agent_ids"] == [first, second]
    assert (await ana.ask("DELETE", f"/teams/{team_id}/members/{third}")).status_code == 404
    await ana.ask("DELETE", f"/teams/{team_id}/members/{second}")
    last = await ana.ask("DELETE", f"/teams/{team_id}/members/{first}")
    assert (last.status_code, last.json()["error"]["code"]) == (409, "last_member")


async def test_an_agent_in_a_team_cannot_be_deleted_and_the_teams_are_named(ana: Person) -> None:
    agent_id, other = await ana.agent(), await ana.agent()
    team_id = await ana.team(agent_id, name="Vendas")
    refused = await ana.ask("DELETE", f"/agents/{agent_id}")
    assert refused.status_code == 409
    assert refused.json()["error"]["details"] == {"teams": ["Vendas"]}
    assert "Vendas" in refused.json()["error"]["message"]
    assert (await ana.ask("DELETE", f"/agents/{other}")).status_code == 204
    assert (await ana.get(f"/agents/{other}")).status_code == 404
    assert (await ana.ask("DELETE", f"/teams/{team_id}")).status_code == 204
    assert (await ana.ask("DELETE", f"/agents/{agent_id}")).status_code == 204


async def test_a_running_team_cannot_be_deleted_and_a_deleted_one_keeps_its_executions(
    ana: Person, engine: Any
) -> None:
    script = {"reply": "x " * 50, "seconds": 20, "first_token_seconds": 0}
    team_id = await ana.team(await ana.agent(rehearsal=script))
    execution_id = await ana.execution(team_id)
    refused = await ana.ask("DELETE", f"/teams/{team_id}")
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "team_is_running")
    assert (await ana.post(f"/executions/{execution_id}/stop")).status_code == 202
    assert (await ana.ended(execution_id))["status"] == "cancelled"
    assert (await ana.post(f"/executions/{execution_id}/stop")).json()["error"]["code"] == "already_finished"
    assert (await ana.ask("DELETE", f"/teams/{team_id}")).status_code == 204
    assert (await ana.get(f"/teams/{team_id}")).status_code == 404
    assert (await ana.get("/teams")).json()["total"] == 0
    assert (await ana.post(f"/teams/{team_id}/execute", {"initial_prompt": "x"})).status_code == 404
    assert (await ana.get(f"/executions/{execution_id}")).json()["team_name"] == "Equipe de Análise"
    assert (await ana.get("/executions")).json()["total"] == 1


async def test_an_execution_is_read_in_every_way(ana: Person, engine: Any) -> None:
    execution_id = await ana.execution(await ana.team(await ana.agent(), await ana.agent(name="Redator")))
    ended = await ana.ended(execution_id)
    status = (await ana.get(f"/executions/{execution_id}/status")).json()
    assert (status["status"], status["progress"], status["last_seq"]) == ("completed", 100, ended["last_seq"])
    assert set(status["agent_statuses"].values()) == {"completed"}
    assert (await ana.get(f"/executions/{execution_id}/result")).json()["final_result"]["summary"] == "Feito."
    lines = (await ana.get(f"/executions/{execution_id}/logs?limit=2&offset=1")).json()
    assert (len(lines["items"]), lines["limit"], lines["offset"]) == (2, 2, 1)
    events = (await ana.get(f"/executions/{execution_id}/events?after=2&limit=3")).json()
    assert [event["seq"] for event in events["items"]] == [3, 4, 5]
    found = (await ana.get("/executions", params={"status": "completed", "search": "Analise"})).json()
    assert [row["execution_id"] for row in found["items"]] == [execution_id]
    assert (await ana.get("/executions", params={"since": ended["completed_at"]})).json()["total"] == 0


async def test_a_result_before_the_end_is_a_conflict_with_what_there_is(ana: Person) -> None:
    execution_id = await ana.execution(await ana.team(await ana.agent()))
    answer = await ana.get(f"/executions/{execution_id}/result")
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_finished")
    assert answer.json()["error"]["details"]["execution_id"] == execution_id


KEY = "sk-CANARY-0123456789abcdefwxyz"


async def test_a_key_is_stored_sealed_shown_by_its_end_and_deleted_for_good(ana: Person) -> None:
    stored = await ana.post("/api-keys", {"service_name": "openai", "api_key": KEY})
    assert stored.status_code == 201
    assert (stored.json()["provider"], stored.json()["key_hint"]) == ("openai", "wxyz")
    other = await ana.post(
        "/api-keys", {"service_name": "vllm", "api_key": "short", "base_url": "http://127.0.0.1:1/v1"}
    )
    assert other.json()["key_hint"] == ""
    again = await ana.post("/api-keys", {"service_name": "openai", "api_key": KEY[:-4] + "9999", "provider": "openai"})
    listed = await ana.get("/api-keys")
    assert [(key["service_name"], key["key_hint"]) for key in listed.json()["items"]] == [
        ("openai", "9999"),
        ("vllm", ""),
    ]
    assert "CANARY" not in stored.text + again.text + listed.text
    async with reading() as session:
        rows = (await session.execute(text("SELECT * FROM renum_user_api_keys"))).all()
    assert "CANARY" not in str(rows)
    assert (await ana.ask("DELETE", "/api-keys/openai")).status_code == 204
    assert (await ana.ask("DELETE", "/api-keys/openai")).status_code == 404
    async with reading() as session:
        assert len((await session.execute(text("SELECT * FROM renum_user_api_keys"))).all()) == 1


async def test_a_key_of_a_dead_service_is_tested_without_an_error(ana: Person) -> None:
    await ana.post("/api-keys", {"service_name": "own", "api_key": "k", "base_url": "http://127.0.0.1:9/v1"})
    tested = await ana.post("/api-keys/own/test", headers={"Accept-Language": "pt"})
    assert tested.status_code == 200
    assert (tested.json()["ok"], tested.json()["code"]) == (False, "backend_unreachable")
    assert "chave" in tested.json()["message"]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1/v1", "http://localhost:1/v1", "http://169.254.169.254/", "http://[::1]/"]
)
async def test_private_addresses_are_refused_where_they_are_not_allowed(ana: Person, url: str) -> None:
    from renum_app import runtime

    live = runtime.current()
    live.settings = live.settings.model_copy(update={"allow_private_urls": False})
    answer = await ana.post("/api-keys", {"service_name": "own", "api_key": "k", "base_url": url})
    assert answer.status_code == 422
    assert answer.json()["error"]["details"]["fields"][0]["code"] == "private_address"


async def test_an_agent_cannot_go_while_a_team_takes_it_in(ana: Person) -> None:
    for _ in range(10):
        agent_id = await ana.agent()
        made, gone = await asyncio.gather(
            ana.post("/teams", factories.team_body(agent_id)), ana.ask("DELETE", f"/agents/{agent_id}")
        )
        assert (made.status_code, gone.status_code) in {(201, 409), (422, 204)}


async def test_a_team_cannot_go_while_it_is_started(ana: Person) -> None:
    agent_id = await ana.agent()
    for _ in range(10):
        team_id = await ana.team(agent_id)
        started, gone = await asyncio.gather(
            ana.post(f"/teams/{team_id}/execute", {"initial_prompt": "x"}), ana.ask("DELETE", f"/teams/{team_id}")
        )
        assert (started.status_code, gone.status_code) in {(202, 409), (404, 204)}
