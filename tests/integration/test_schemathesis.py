"""Every route, with whatever its OpenAPI document allows and forbids: answered as the document says, never a 500."""

from __future__ import annotations

import asyncio
import os
import re
from contextlib import suppress
from typing import Any

import httpx
import pytest
import pytest_asyncio
import schemathesis
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as searching
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi import checks

from renum_app.api.app import create_api
from renum_app.runtime import Runtime
from renum_app.settings import Settings
from tests import factories

_CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
    checks.negative_data_rejection,
]
_EXAMPLES = int(os.environ.get("RENUM_SCHEMATHESIS_EXAMPLES", "3"))
"""Of each kind for each route."""
_SECONDS = 60.0


@pytest_asyncio.fixture
async def http(sqlite_db: str, live_objects: Runtime, settings: Settings) -> Any:
    transport = httpx.ASGITransport(create_api(settings), raise_app_exceptions=False, client=("198.51.100.7", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://renum") as client:
        yield client


@pytest.mark.timeout(1_800)
async def test_every_route_keeps_to_its_document(http: httpx.AsyncClient, settings: Settings) -> None:
    document = (await http.get("/api/v1/openapi.json")).json()
    for methods in document["paths"].values():
        for route in methods.values():
            route.pop("security", None)  # who may call is the matrix's matter; here everybody is signed in
    operations = [result.ok() for result in schemathesis.openapi.from_dict(document).get_all_operations()]
    assert len(operations) > 40
    loop, failures = asyncio.get_running_loop(), []
    for operation in operations:
        user = await factories.user()
        token = await factories.access_token(user, settings)
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            failures += await asyncio.to_thread(_try, operation, mode, http, token, loop)
    assert failures == [], "\n".join(failures)


def _try(operation: Any, mode: Any, http: httpx.AsyncClient, token: str, loop: asyncio.AbstractEventLoop) -> list[str]:
    """What was wrong with the answers to some cases."""
    failures: list[str] = []

    @searching(
        max_examples=_EXAMPLES, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def one(case: Case) -> None:
        asked = asyncio.run_coroutine_threadsafe(_ask(case, http, token), loop)
        answer = asked.result(_SECONDS)
        if not answer.request.url.path.startswith("/api/v1/"):
            return  # a name such as `..` leads away, as it would in a browser
        try:
            case.validate_response(answer, checks=_CHECKS)
        except FailureGroup as group:
            told = [f"{failure.title}: {failure.message}" for failure in group.exceptions if not _is_lenient(failure)]
            if told:
                failures.append(
                    f"{operation.label} {answer.status_code} {told} {answer.request.url} {case.body!r:.300}"
                )

    with suppress(Unsatisfiable):  # a route that takes nothing cannot be given anything wrong
        one()
    return failures


def _is_lenient(failure: BaseException) -> bool:
    """A number may come as text that says one, as forms send it; the document is the stricter of the two."""
    return bool(re.search(r"was (number|integer), became string", str(getattr(failure, "message", ""))))


async def _ask(case: Case, http: httpx.AsyncClient, token: str) -> httpx.Response:
    given = case.as_transport_kwargs(base_url="http://renum/api/v1")
    given.pop("cookies", None)
    headers = {name: value for name, value in dict(given.pop("headers")).items() if name.lower() != "authorization"}
    return await http.request(headers={**headers, "Authorization": f"Bearer {token}"}, **given)
