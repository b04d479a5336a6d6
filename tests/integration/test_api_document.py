"""What the OpenAPI document and its page tell, and health."""

from __future__ import annotations

from typing import Any

import httpx

from renum_app.api.app import create_api
from renum_app.settings import Settings

PUBLIC = {("POST", f"/auth/{name}") for name in ("register", "login", "refresh", "forgot", "reset")}


def _document(settings: Settings) -> dict[str, Any]:
    mounted = next(route for route in create_api(settings).routes if getattr(route, "path", "") == "/api/v1")
    return mounted.app._app.openapi()  # type: ignore[attr-defined]


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
