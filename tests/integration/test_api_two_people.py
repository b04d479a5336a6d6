"""What is another's looks exactly like what is not there, and no route forgets to ask who is calling."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx

from renum_app.api.app import create_api
from renum_app.settings import Settings
from tests import factories
from tests.integration.people import Person

PUBLIC = {("POST", "/auth/register"), ("POST", "/auth/login"), ("POST", "/auth/refresh")}
BY_NAME = {("PUT", "/model-prices/{model}")}
"""Names of one's own: the same name of another's says nothing."""
HEADERS = {"X-Request-ID": "same"}


def _document(settings: Settings) -> dict[str, Any]:
    mounted = next(route for route in create_api(settings).routes if getattr(route, "path", "") == "/api/v1")
    return mounted.app._app.openapi()  # type: ignore[attr-defined]


def _routes(settings: Settings) -> list[tuple[str, str]]:
    paths = _document(settings)["paths"].items()
    return [(method.upper(), path) for path, methods in paths for method in methods]


async def test_every_route_but_the_way_in_asks_who_is_calling(http: httpx.AsyncClient, settings: Settings) -> None:
    routes = _routes(settings)
    assert set(routes) >= PUBLIC
    ids = dict.fromkeys(("agent_id", "service", "model"), "x")
    ids |= {name: str(uuid4()) for name in ("team_id", "execution_id", "approval_id", "token_id")}
    for method, path in set(routes) - PUBLIC:
        filled = path.format(**ids)
        for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic eDp5"}):
            answer = await http.request(method, f"/api/v1{filled}", headers=headers, json={})
            assert answer.status_code == 401, (method, path, answer.text)
            assert answer.headers["WWW-Authenticate"] == "Bearer"


async def test_anothers_things_are_byte_for_byte_like_none_and_stay_as_they_are(
    ana: Person, bruno: Person, settings: Settings
) -> None:
    agent_id = await ana.agent()
    team_id = await ana.team(agent_id)
    execution_id = await ana.execution(team_id)
    await ana.post("/api-keys", {"service_name": "own", "api_key": "k" * 20})
    await ana.ask("PUT", "/model-prices/x:y", json={"input_usd_per_million": 1, "output_usd_per_million": 1})
    token = await ana.post("/auth/tokens", {"name": "x", "scopes": ["teams:read"]})
    lists = ("/agents", "/teams", "/executions", "/api-keys", "/model-prices", "/auth/tokens")
    before = [(await ana.get(path)).json() for path in lists]
    bodies = {
        "/agents/{agent_id}": {"name": "x"},
        "/teams/{team_id}": factories.team_body(await bruno.agent()),
        "/teams/{team_id}/members": {"agent_id": await bruno.agent()},
        "/teams/{team_id}/members/{agent_id}": {"agent_id": agent_id},
        "/teams/{team_id}/execute": {"initial_prompt": "x"},
        "/teams/{team_id}/estimate": {"initial_prompt": "x"},
        "/executions/{execution_id}/fork": {"from_step": agent_id},
        "/approvals/{approval_id}": {"decision": "approve"},
    }
    theirs = {"agent_id": agent_id, "team_id": team_id, "execution_id": execution_id, "service": "own", "model": "x:y"}
    theirs["approval_id"] = str(await factories.approval(ana.user, UUID(execution_id), step_id=agent_id))
    theirs["token_id"] = token.json()["token_id"]
    nobodys = {"agent_id": str(uuid4()), "service": "none", "model": "x:z"}
    nobodys |= {name: str(uuid4()) for name in ("team_id", "execution_id", "approval_id", "token_id")}
    tried = 0
    for method, path in _routes(settings):
        if "{" not in path or (method, path) in BY_NAME:
            continue
        answers = [
            await bruno.ask(method, path.format(**ids), json=bodies.get(path), headers=HEADERS)
            for ids in (theirs, nobodys)
        ]
        assert [answer.status_code for answer in answers] == [404, 404], (method, path)
        assert answers[0].content == answers[1].content, (method, path)
        tried += 1
    assert tried >= 15
    assert [(await ana.get(path)).json() for path in lists] == before


async def test_anothers_ids_in_bodies_are_checked_like_those_in_paths(ana: Person, bruno: Person) -> None:
    agent_id = await ana.agent()
    execution_id = await ana.execution(await ana.team(agent_id))
    refused = [await bruno.post("/teams", factories.team_body(one)) for one in (agent_id, str(uuid4()))]
    assert [answer.status_code for answer in refused] == [422, 422]
    assert {answer.json()["error"]["details"]["fields"][0]["code"] for answer in refused} == {"unknown_agent"}
    assert (await bruno.post("/ws-tickets", {"execution_id": execution_id})).status_code == 404
    mine = await bruno.agent()
    fallback = factories.team_body(mine)
    fallback["workflow_definition"]["agents"][0] |= {"on_failure": "fallback", "fallback_agent_id": agent_id}
    assert (await bruno.post("/teams", fallback)).status_code == 422
    assert (await bruno.get("/executions", params={"team_id": str(uuid4())})).json()["total"] == 0


async def test_the_openapi_document_tells_answers_errors_and_examples(http: httpx.AsyncClient) -> None:
    document = (await http.get("/api/v1/openapi.json")).json()
    assert document["servers"] == [{"url": "/api/v1"}]
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            assert "503" in route["responses"], (method, path)
            body = route.get("requestBody", {}).get("content", {}).get("application/json", {})
            if body:
                assert {"400", "413", "415", "422"} <= set(route["responses"]), (method, path)
            for status, answer in route["responses"].items():
                if int(status) >= 400:
                    assert answer["content"]["application/json"]["schema"]["$ref"].endswith("/Envelope"), (path, status)
            assert (method, path) in NEEDS_NO_EXAMPLE or not body or body["examples"], (method, path)
    assert "HTTPValidationError" not in str(document)
    page = await http.get("/api/v1/docs")
    assert page.status_code == 200
    assert "/api/v1/teams/{team_id}/execute" in page.text
    assert "<script" not in page.text


NEEDS_NO_EXAMPLE = {("post", "/auth/refresh"), ("post", "/ws-tickets")}


async def test_health_tells_what_is_up(http: httpx.AsyncClient, engine: Any) -> None:
    assert (await http.get("/health/live")).json() == {"status": "alive"}
    ready = await http.get("/health/ready")
    assert ready.status_code == 200
    assert ready.json()["dependencies"]["database"]["ok"] is True
    assert ready.json()["dependencies"]["engine"]["ok"] is True
    assert (await http.post("/health/ready")).json()["error"]["code"] == "method_not_allowed"
    assert (await http.get("/health/nothing")).json()["error"]["code"] == "unknown_path"


async def test_health_without_an_engine_is_unavailable(http: httpx.AsyncClient) -> None:
    answer = await http.get("/health/ready")
    assert answer.status_code == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert answer.json()["error"]["details"]["dependencies"]["engine"]["ok"] is False
