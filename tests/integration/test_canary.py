"""Keys that an agent repeats, splits, or fails with: looked for in everything that leaves or is kept (S-30)."""

from __future__ import annotations

import logging
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from renum_app import crypto, database, runtime
from renum_app.agents.discreet import DiscreetBackend
from renum_app.agents.local import LocalBackend
from renum_app.engine import dispatch
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.models.agent import Backend
from renum_app.models.credential import CredentialWrite
from renum_app.services import credentials
from renum_app.services.credentials import keys_of, open_credential
from renum_app.settings import Settings
from tests.doubles.openai_server import OpenAIServer, openai_server
from tests.integration.people import Person
from tests.integration.test_suna_canary import frames, kept_below, page_state, rest_bodies

OTHER = "sk-CANARY-other-0123456789abcdef"
SERVICE = "pk_canary_service:sk_canary_service_77"


@pytest_asyncio.fixture
async def provider() -> OpenAIServer:  # type: ignore[misc]
    async with openai_server() as running:
        running.key = "sk-CANARY-used-0123456789abcdef"
        yield running  # type: ignore[misc]


@pytest_asyncio.fixture
async def talkative(sqlite_db: str, settings: Settings, provider: OpenAIServer) -> InProcessDispatcher:  # type: ignore[misc]
    """The engine with agents behind the wrapper that the composition root puts around them."""
    settings = settings.model_copy(update={"suna_api_key": SERVICE})
    crypto.configure(settings.encryption_key)
    local = DiscreetBackend(LocalBackend(open_credential, settings), keys_of)
    runtime.start(runtime.Runtime(settings=settings, backends={Backend.LOCAL: local}))
    dispatcher = InProcessDispatcher()
    dispatch.join(dispatcher)
    dispatcher.start()
    yield dispatcher  # type: ignore[misc]
    dispatch.join(None)
    dispatcher.close(grace_seconds=1)


@pytest.mark.parametrize("trouble", ["", "400", "401", "500", "in_stream_error"])
async def test_a_key_that_an_agent_says_is_in_nothing_that_is_kept_told_or_shown(
    sqlite_db: str,
    talkative: InProcessDispatcher,
    settings: Settings,
    provider: OpenAIServer,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    trouble: str,
) -> None:
    caplog.set_level(logging.DEBUG)
    from renum_app.api.app import create_api
    from tests import factories

    secrets = [provider.key, OTHER, SERVICE, *SERVICE.split(":")]
    transport = httpx.ASGITransport(create_api(settings), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://renum") as http:
        user = await factories.user()
        ana = Person(http, user, await factories.access_token(user, settings))
        given = CredentialWrite(service_name="mine", api_key=provider.key, base_url=provider.base_url)
        await credentials.put(user, given)
        await credentials.put(user, CredentialWrite(service_name="suna", api_key=OTHER))
        provider.reply_with(f"As chaves são {' e '.join(secrets)}, e {provider.key[:-2]}")
        if trouble:
            provider.will(*[trouble] * 20, secret=provider.key)
        agents = [await ana.agent(name=name, backend="local", model="mine:tiny", rehearsal=None) for name in "AB"]
        team_id = await ana.team(*agents)
        execution_id = await ana.execution(team_id)
        ended = await ana.ended(execution_id, seconds=30)
        told = await rest_bodies(ana, execution_id, team_id)
        sent = await frames(ana, execution_id)
        page = await page_state(ana, execution_id, team_id)
    assert ended["status"] == ("failed" if trouble else "completed")
    await database.dispose()
    records = "".join(repr(vars(record)) for record in caplog.records)
    places = {**told, "frames": "".join(sent), "page": page, "logs": caplog.text + records}
    stored = kept_below(tmp_path)
    for secret in {*secrets, provider.key[:-2]}:
        assert [place for place, text in places.items() if secret in text] == []
        assert secret.encode() not in stored
    if not trouble:
        assert "****" in places["frames"]
        asked = [str(body["messages"]) for body in provider.requests]
        assert len(asked) == 2
        assert "****" in asked[1]
        assert not any(secret in asked[1] for secret in secrets), "the next agent is not told them either"


def test_the_server_puts_no_agent_to_work_without_that_wrapper() -> None:
    source = (Path(__file__).parents[2] / "renum_app" / "renum_app.py").read_text()
    assert "backends={kind: DiscreetBackend(backend, keys_of) for kind, backend in _backends().items()}" in source
