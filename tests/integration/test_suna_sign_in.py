"""With whose credential Suna is asked: the person's own sign-in, else their key, else the service account."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
import pytest_asyncio

from renum_app import database, runtime
from renum_app.agents.backend import AgentError, BackendUnreachable, CredentialRejected
from renum_app.agents.suna import SunaBackend, SunaCatalogue
from renum_app.agents.suna.timing import Timing
from renum_app.models.agent import Backend
from renum_app.models.credential import CredentialWrite
from renum_app.models.values import utc_now
from renum_app.repositories import sessions as session_rows
from renum_app.services import accounts, backends, credentials, sessions
from renum_app.services.suna_credentials import Way, open_suna_credential, way_of
from renum_app.settings import Settings
from tests import factories
from tests.doubles.gotrue_server import GoTrueServer, gotrue_server
from tests.doubles.suna_server import Script, SunaServer, suna_server
from tests.integration.suna import QUICK, asked, told
from tests.integration.supabase import EMAIL, PASSWORD, project_settings, use_project

THEIRS, SERVICE_KEY = "ana-at-suna", "pk_service:sk_0123456789abcdef"


@dataclass
class World:
    """One Supabase project, one Suna server that takes its tokens, and Ana."""

    gotrue: GoTrueServer
    suna: SunaServer
    backend: SunaBackend
    cookie: str
    user_id: UUID

    async def run(self, **script: Any) -> str:
        agent_id = self.suna.world.add_agent("Ana", Script(reply="Feito.", **script), account=THEIRS)
        request = replace(asked(agent_id), user_id=self.user_id)
        _, ended = await told(self.backend.run(request))
        return ended.text

    def callers(self) -> set[str]:
        """What every request to Suna since the last look was made with."""
        requests = [httpx.Headers(headers) for headers in self.suna.headers]
        shown = {
            headers.get("X-API-Key") or headers.get("Authorization", "nobody").removeprefix("Bearer ")
            for headers in requests
        }
        self.suna.headers.clear()
        return shown - {"nobody"}

    async def token_ends(self, *, ago: timedelta) -> None:
        async with database.transaction() as session:
            row = await session_rows.tokens_of(session, self.user_id)
            assert row is not None
            row.provider_expires, row.provider_leased_until = utc_now() - ago, None


@pytest_asyncio.fixture
async def world(db: str, live_objects: runtime.Runtime, settings: Settings) -> AsyncIterator[World]:
    async with gotrue_server() as gotrue, suna_server("g5") as suna:
        gotrue.project.add(EMAIL, PASSWORD)

        def account_of(token: str) -> str | None:
            try:
                claims = gotrue.project.keys.read(token, issuer=gotrue.project.issuer)
            except ValueError:
                return None
            return THEIRS if claims["email"] == EMAIL else None

        suna.account_of_token = account_of
        use_project(project_settings(settings, gotrue, suna_api_url=suna.url, suna_api_key=SERVICE_KEY))
        suna.accounts[SERVICE_KEY] = "service"
        catalogue = SunaCatalogue(open_suna_credential, suna.url, timing=Timing(**QUICK))
        backend = SunaBackend(open_suna_credential, suna.url, timing=Timing(**QUICK))
        live_objects.catalogues = {Backend.SUNA: catalogue}
        come = await accounts.sign_in_browser(EMAIL, PASSWORD, user_agent="test", ip="198.51.100.7")
        cookie = come.session_token
        user = await sessions.user_of_cookie(cookie)
        yield World(gotrue, suna, backend, cookie, user.user_id)
        await backend.aclose()
        await catalogue.aclose()


async def test_a_run_is_made_with_the_persons_own_sign_in_and_nothing_else(world: World) -> None:
    assert await world.run() == "Feito."
    callers = world.callers()
    assert callers
    assert all(caller.startswith("eyJ") for caller in callers)
    assert {run.account for run in world.suna.world.runs.values()} == {THEIRS}


async def test_a_run_outlives_the_token_it_began_with(world: World) -> None:
    world.gotrue.project.token_seconds = 91.5  # due to be renewed one and a half seconds later
    await world.token_ends(ago=timedelta(seconds=1))
    assert await world.run(seconds=3.0) == "Feito."
    session = next(iter(world.gotrue.project.sessions.values()))
    assert len(session.chain) >= 3
    assert len(world.callers()) >= 2


async def test_a_stored_key_serves_who_is_signed_in_nowhere_and_the_service_account_never_does(world: World) -> None:
    user = await sessions.user_of_cookie(world.cookie)
    await sessions.sign_out(user)
    assert await way_of(user.user_id) is Way.SIGN_IN_ENDED
    with pytest.raises(CredentialRejected, match="suna_sign_in_ended"):
        await world.run()
    assert world.callers() == set()
    await credentials.put(user, CredentialWrite(service_name="suna", api_key=world.suna.key))
    world.suna.accounts[world.suna.key] = THEIRS
    assert await way_of(user.user_id) is Way.KEY
    assert await world.run() == "Feito."
    assert world.callers() == {world.suna.key}


async def test_signing_out_ends_what_goes_on_with_the_sign_in(world: World) -> None:
    user = await sessions.user_of_cookie(world.cookie)
    agent_id = world.suna.world.add_agent("Ana", Script(reply="Feito.", seconds=20), account=THEIRS)
    updates = world.backend.run(replace(asked(agent_id), user_id=user.user_id))
    await anext(updates)
    await anext(updates)
    await sessions.sign_out(user)
    with pytest.raises(CredentialRejected):
        async for _ in updates:
            pass


async def test_a_sign_in_that_suna_refuses_falls_back_to_nothing(world: World) -> None:
    world.suna.account_of_token = lambda _: None
    user = await sessions.user_of_cookie(world.cookie)
    await credentials.put(user, CredentialWrite(service_name="suna", api_key=world.suna.key))
    with pytest.raises(CredentialRejected, match="suna_sign_in_rejected"):
        await world.run()
    assert all(caller.startswith("eyJ") for caller in world.callers())


async def test_a_sign_in_that_cannot_be_renewed_now_is_waited_for_and_not_replaced(world: World) -> None:
    await world.token_ends(ago=timedelta(seconds=5))
    world.gotrue.is_away = True
    with pytest.raises(BackendUnreachable) as away:
        await world.run()
    assert away.value.will_help_to_retry
    assert world.callers() == set()
    world.gotrue.is_away = False
    await world.token_ends(ago=timedelta(seconds=5))
    assert await world.run() == "Feito."


async def test_a_session_that_ended_at_the_project_ends_here_and_another_of_the_person_serves(world: World) -> None:
    await accounts.sign_in_browser(EMAIL, PASSWORD, user_agent="other", ip="198.51.100.8")
    first, *_ = world.gotrue.project.sessions.values()
    async with database.transaction() as session:
        rows = [await session_rows.tokens_of(session, world.user_id)]
        assert rows[0] is not None
        rows[0].provider_expires = utc_now() - timedelta(seconds=1)
    for each in list(world.gotrue.project.sessions.values()):
        each.is_over = each is not first
    assert await world.run() == "Feito."


@pytest.mark.parametrize("declared", [False, None])
async def test_whether_suna_takes_sign_ins_is_declared_and_by_default_so(
    world: World, settings: Settings, declared: bool | None
) -> None:
    live = runtime.current()
    use_project(live.settings.model_copy(update={"suna_uses_supabase": declared}))
    assert await way_of(world.user_id) is (Way.SERVICE_ACCOUNT if declared is False else Way.SIGN_IN)
    live.settings = live.settings.model_copy(update={"supabase_url": ""})
    assert await way_of(world.user_id) is Way.SERVICE_ACCOUNT


async def test_the_demo_is_served_by_the_service_account(world: World) -> None:
    demo = await factories.user(is_demo=True)
    assert await way_of(demo.user_id) is Way.SERVICE_ACCOUNT
    opened = await open_suna_credential(demo.user_id, "suna")
    assert opened is not None
    assert (opened.api_key, opened.provider, opened.is_fleeting) == (SERVICE_KEY, "service-account", False)


async def test_settings_say_whose_credential_is_used(world: World) -> None:
    user = await sessions.user_of_cookie(world.cookie)
    (standing,) = await backends.standings(user)
    assert (standing.ok, standing.uses_sign_in, standing.has_own_key, standing.uses_service_account) == (
        True,
        True,
        False,
        False,
    )
    await sessions.sign_out(user)
    (standing,) = await backends.standings(user)
    assert (standing.ok, standing.code, standing.uses_sign_in) == (False, "credential_rejected", False)
    assert "sign-in" in standing.message


async def test_the_token_is_in_no_error_and_no_representation(world: World) -> None:
    opened = await open_suna_credential(world.user_id, "suna")
    assert opened is not None
    assert opened.api_key not in repr(opened)
    world.suna.will("start", "403", detail=f"Nobody may use {opened.api_key} here")
    with pytest.raises(AgentError) as failed:
        await world.run()
    assert opened.api_key not in str(failed.value) + str(failed.value.params)
    assert "[key]" in str(failed.value.params)


async def test_agents_of_ones_own_account_are_listed_over_rest(world: World, settings: Settings) -> None:
    from renum_app.api.app import create_api

    world.suna.world.add_agent("Só da Ana", None, account=THEIRS)
    world.suna.world.add_agent("Do serviço", None, account="service")
    transport = httpx.ASGITransport(create_api(settings))
    async with httpx.AsyncClient(transport=transport, base_url="http://renum") as http:
        login = await http.post("/api/v1/auth/login", json={"email": EMAIL, "password": PASSWORD})
        bearer = {"Authorization": f"Bearer {login.json()['access_token']}"}
        listed = (await http.get("/api/v1/agents", headers=bearer)).json()["items"]
    assert [agent["name"] for agent in listed] == ["Só da Ana"]
