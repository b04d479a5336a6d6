"""Whatever is sent: the error shape, never a 500."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx
import pytest

from renum_app import runtime
from renum_app.settings import Settings
from tests import factories
from tests.integration.people import Person

NOBODY = str(uuid4())
NAN = b'{"name": "x", "agent_ids": [], "workflow_definition": NaN}'
DEEP = b'{"name":' + b"[" * 5_000 + b"]" * 5_000 + b"}"


def assert_shape(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    error = answer.json()["error"]
    assert set(error) == {"code", "message", "field", "details", "request_id"}
    assert error["code"]
    assert error["message"]
    assert error["request_id"] == answer.headers["X-Request-ID"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    return error


@pytest.mark.parametrize(
    ("content", "kind", "status", "code"),
    [
        (b"{", "application/json", 400, "malformed"),
        (b"\xff\xfe{}", "application/json", 400, "malformed"),
        (b"", "application/json", 422, "invalid"),
        (b"null", "application/json", 422, "invalid"),
        (b"[]", "application/json", 422, "invalid"),
        (b'"text"', "application/json", 422, "invalid"),
        (b"{}", "application/json", 422, "invalid"),
        (b"{}", "text/plain", 415, "unsupported_media_type"),
        (b"{}", "", 415, "unsupported_media_type"),
        (b"name=x", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (NAN, "application/json", 400, "malformed"),
        (b'{"name": 1e999}', "application/json", 400, "malformed"),
        (b'{"name": ' + b"9" * 10_000 + b"}", "application/json", 400, "malformed"),
        (DEEP, "application/json", 400, "too_deep"),
        (b'{"name": "a\\u0000b"}', "application/json", 422, "invalid"),
        (b'{"name": "\\ud800"}', "application/json", 422, "invalid"),
        (b'{"\\u0000": 1}', "application/json", 422, "invalid"),
        (b'{"name": "' + b"x" * 1_048_577 + b'"}', "application/json", 413, "too_large"),
    ],
)
async def test_bodies_nobody_can_use(ana: Person, content: bytes, kind: str, status: int, code: str) -> None:
    for path in ("/teams", "/agents", "/api-keys", "/auth/login", "/auth/register"):
        answer = await ana.ask("POST", path, content=content, headers={"Content-Type": kind} if kind else {})
        error = assert_shape(answer, status)
        assert error["code"] == code
        if status == 422:
            assert all({"field", "code", "message"} == set(found) for found in error["details"]["fields"])
            assert error["field"] == error["details"]["fields"][0]["field"]


async def test_a_body_that_lies_about_its_length_is_counted_while_reading(ana: Person) -> None:
    async def too_much() -> Any:
        for _ in range(40):
            yield b" " * 65_536

    answer = await ana.ask("POST", "/teams", content=too_much(), headers={"Content-Type": "application/json"})
    assert assert_shape(answer, 413)["code"] == "too_large"


async def test_megabytes_are_answered_and_not_cut_off(served: str, ana: Person) -> None:
    async def slowly() -> Any:
        for _ in range(160):
            yield b" " * 65_536

    headers = {"Authorization": f"Bearer {ana.token}", "Content-Type": "application/json"}
    async with httpx.AsyncClient(base_url=f"http://{served}") as client:
        for content in (b" " * 12_000_000, slowly()):
            answer = await client.post("/api/v1/teams", content=content, headers=headers)
            assert assert_shape(answer, 413)["code"] == "too_large"


async def test_lists_longer_than_anybody_needs_are_refused_before_they_are_looked_at(ana: Person) -> None:
    error = assert_shape(await ana.post("/teams", {**TEAM, "agent_ids": ["a"] * 10_001}), 422)
    assert error["details"]["fields"][0] == {
        "field": "agent_ids",
        "code": "too_many_items",
        "message": "There are too many here; at most 10000.",
    }


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/executions/{}/fork", {"from_step": "a", "team_version": True}, "team_version"),
        ("/executions/{}/resume", {"max_tokens": True}, "max_tokens"),
        ("/teams", {**factories.team_body("a"), "team_config": {"timeout": True}}, "team_config.timeout"),
        ("/auth/tokens", {"name": "x", "scopes": ["teams:read"], "expires_in_days": True}, "expires_in_days"),
    ],
)
async def test_true_is_no_number(ana: Person, path: str, body: Any, field: str) -> None:
    execution_id = await ana.execution(await ana.team(await ana.agent()))
    error = assert_shape(await ana.post(path.format(execution_id), body), 422)
    assert [(found["field"], found["code"]) for found in error["details"]["fields"]] == [(field, "not_true_or_false")]


async def test_pages_of_our_origins_may_call_and_no_others(http: httpx.AsyncClient, settings: Settings) -> None:
    asks = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,idempotency-key"}
    good, bad = settings.origins[0], "http://evil.example"
    allowed = await http.options("/api/v1/teams", headers={"Origin": good, **asks})
    assert allowed.headers["Access-Control-Allow-Origin"] == good
    refused = await http.options("/api/v1/teams", headers={"Origin": bad, **asks})
    assert refused.status_code == 400
    for origin, told in ((good, good), (bad, None), ("null", None)):
        answer = await http.get("/api/v1/teams", headers={"Origin": origin, "Cookie": "renum_session=x"})
        assert answer.headers.get("Access-Control-Allow-Origin") == told
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert answer.status_code == 401
    exposed = (await http.get("/api/v1/teams", headers={"Origin": good})).headers["Access-Control-Expose-Headers"]
    assert {"RateLimit-Remaining", "Retry-After", "X-Request-ID"} <= set(exposed.split(", "))


TEAM = factories.team_body("a")


@pytest.mark.parametrize(
    ("method", "path", "body", "fields"),
    [
        ("POST", "/agents", {"name": "", "backend": "local"}, ["name"]),
        ("POST", "/agents", {"name": "x" * 201, "colour": 1, "tools": "none"}, ["colour", "name", "tools"]),
        ("POST", "/agents", {"name": "x", "backend": "suna"}, ["backend"]),
        ("POST", "/agents", {"name": "x", "backend": "local", "rehearsal": {}}, ["rehearsal"]),
        ("POST", "/agents", {"name": "x", "user_id": NOBODY, "is_active": False}, ["is_active", "user_id"]),
        ("POST", "/api-keys", {"service_name": "Óla", "api_key": "k"}, ["service_name"]),
        ("POST", "/api-keys", {"service_name": "own", "api_key": "  "}, ["api_key"]),
        ("POST", "/api-keys", {"service_name": "own", "api_key": "k", "base_url": "file:///etc"}, ["base_url"]),
        ("POST", "/api-keys", {"service_name": "own", "api_key": "k", "base_url": "http://a@b/"}, ["base_url"]),
        ("POST", "/teams", {**TEAM, "agent_ids": ["a", "b"]}, ["agent_ids.1", "workflow_definition.agents.0.agent_id"]),
        ("POST", "/teams", {**TEAM, "status": "running"}, ["status"]),
        ("POST", "/teams", {**TEAM, "team_config": {"timeout": -1, "max_tokens": 0}}, ["team_config.max_tokens"]),
        ("POST", "/teams", {**TEAM, "workflow_definition": {"type": "random", "agents": []}}, ["workflow_definition"]),
        ("POST", "/ws-tickets", {"execution_id": "no"}, ["execution_id"]),
        ("GET", "/teams?limit=101", None, ["limit"]),
        ("GET", "/teams?page=0", None, ["page"]),
        ("GET", "/teams?page=99999999999999999999", None, ["page"]),
        ("GET", "/teams?active=maybe", None, ["active"]),
        ("GET", "/teams?search=%00", None, ["query"]),
        ("GET", "/agents?backend=nothing", None, ["backend"]),
        ("GET", "/executions?status=lost", None, ["status"]),
        ("GET", "/executions?team_id=no", None, ["team_id"]),
        ("GET", "/executions?since=yesterday", None, ["since"]),
    ],
)
async def test_every_bad_field_is_named(ana: Person, method: str, path: str, body: Any, fields: list[str]) -> None:
    error = assert_shape(await ana.ask(method, path, json=body), 422)
    named = [found["field"] for found in error["details"]["fields"]]
    assert all(any(name.startswith(field) for name in named) for field in fields), named


IDS = ["no-uuid", NOBODY, "%00", "..%2f..", "x" * 3_000, "💥", "0", "' or 1=1 --"]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/agents/{}", None),
        ("PUT", "/agents/{}", {"name": "x"}),
        ("DELETE", "/agents/{}", None),
        ("GET", "/teams/{}", None),
        ("PUT", "/teams/{}", TEAM),
        ("DELETE", "/teams/{}", None),
        ("POST", "/teams/{}/members", {"agent_id": "a"}),
        ("PUT", "/teams/{}/members/a", {"agent_id": "a"}),
        ("DELETE", "/teams/{}/members/a", None),
        ("POST", "/teams/{}/execute", {"initial_prompt": "x"}),
        ("GET", "/executions/{}", None),
        ("GET", "/executions/{}/status", None),
        ("GET", "/executions/{}/result", None),
        ("GET", "/executions/{}/logs", None),
        ("GET", "/executions/{}/events", None),
        ("POST", "/executions/{}/stop", None),
        ("DELETE", "/api-keys/{}", None),
        ("POST", "/api-keys/{}/test", None),
    ],
)
async def test_ids_of_nothing_are_not_found(ana: Person, method: str, path: str, body: Any) -> None:
    for bad in IDS:
        assert_shape(await ana.ask(method, path.format(bad), json=body), 404)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "unknown_path"),
        ("PATCH", "/teams", 405, "method_not_allowed"),
        ("DELETE", "/auth/login", 405, "method_not_allowed"),
        ("GET", "/executions/x/y/z", 404, "unknown_path"),
        ("POST", "/nothing", 404, "unknown_path"),
    ],
)
async def test_unknown_paths_and_wrong_methods(ana: Person, method: str, path: str, status: int, code: str) -> None:
    answer = await ana.ask(method, path)
    assert assert_shape(answer, status)["code"] == code
    assert status != 405 or answer.headers["Allow"]


@pytest.mark.parametrize("number", ["Infinity", "-inf", "NaN"])
async def test_numbers_json_lacks_are_no_numbers_as_text_either(ana: Person, number: str) -> None:
    agent_id = await ana.agent()
    seat = {"agent_id": agent_id, "position": {"x": number, "y": 0}}
    with_cap = factories.team_body(agent_id, team_config={"max_cost_usd": number})
    with_place = factories.team_body(agent_id, workflow_definition={"type": "sequential", "agents": [seat]})
    for body in (with_cap, with_place):
        assert_shape(await ana.post("/teams", body), 422)
    team_id = await ana.team(agent_id)
    request = {"initial_prompt": "x", "overrides": {"max_cost_usd": number}}
    assert_shape(await ana.post(f"/teams/{team_id}/execute", request), 422)


async def test_moments_at_the_ends_of_time(ana: Person) -> None:
    await ana.execution(await ana.team(await ana.agent()))
    first, last = "0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-12:00"
    for query, found in ((f"since={first}&until={last}", 1), (f"until={first}", 0), (f"since={last}", 0)):
        answer = await ana.get(f"/executions?{query}")
        assert (answer.status_code, answer.json().get("total")) == (200, found), answer.text


async def test_prompts_from_nothing_to_a_megabyte(ana: Person) -> None:
    team_id = await ana.team(await ana.agent())
    for prompt, status in [("", 422), ("   ", 422), ("x" * 200_001, 422), ("x" * 1_048_576, 413), ("é" * 1_000, 202)]:
        answer = await ana.post(f"/teams/{team_id}/execute", {"initial_prompt": prompt})
        assert answer.status_code == status, (len(prompt), answer.text)


async def test_a_sentence_follows_accept_language_and_the_id_is_the_callers(ana: Person) -> None:
    path = f"/teams/{NOBODY}"
    plain = await ana.get(path)
    portuguese = await ana.get(path, headers={"Accept-Language": "pt-BR,pt;q=0.9,en;q=0.5", "X-Request-ID": "my-1"})
    english = await ana.get(path, headers={"Accept-Language": "de, en;q=0.8, pt;q=0.2"})
    strange = await ana.get(path, headers={"Accept-Language": ";;q=x,,", "X-Request-ID": "<script>"})
    assert portuguese.json()["error"]["message"] == "Isto não existe, ou não é seu."
    assert portuguese.headers["X-Request-ID"] == "my-1"
    assert {answer.json()["error"]["message"] for answer in (plain, english, strange)} == {
        "There is no such thing, or it is not yours."
    }
    assert "<" not in strange.headers["X-Request-ID"]


async def test_a_bug_gives_an_id_and_tells_nothing(ana: Person, caplog: pytest.LogCaptureFixture) -> None:
    runtime.current().backends = None  # type: ignore[assignment]
    answer = await ana.post("/agents", {"name": "x"})
    error = assert_shape(answer, 500)
    assert error["code"] == "internal_error"
    assert "Traceback" not in answer.text
    assert "NoneType" not in answer.text
    assert any(record.exc_info for record in caplog.records)


async def test_every_error_code_has_a_sentence_in_both_languages() -> None:
    from renum_app import errors, i18n

    classes = [kind for kind in vars(errors).values() if isinstance(kind, type)]
    codes = {kind.code for kind in classes if issubclass(kind, errors.RenumError)}
    for code in codes:
        i18n.require(f"errors.{code}")
    assert len(codes) > 10


@pytest.mark.parametrize("path", ["/teams/a%0Ab", "/teams/%0A/nothing", "/model-prices/x%0Ay", "/%0A", "/teams/%0D%0A"])
async def test_a_line_end_in_a_path_leads_nowhere_else(ana: Person, path: str) -> None:
    assert_shape(await ana.ask("DELETE", path), 404)
