"""Agents that live at Suna: read in both forms of paging, kept as a copy, changed there and nowhere else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
import pytest_asyncio

from renum_app import crypto, runtime
from renum_app.agents.rehearsal import RehearsalBackend
from renum_app.agents.suna import SunaBackend, SunaCatalogue
from renum_app.agents.suna.timing import Timing
from renum_app.engine import dispatch
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.errors import BackendFailed, Conflict, Invalid, NotFound
from renum_app.i18n import LOCALES, text
from renum_app.models.agent import AgentRead, AgentWrite, Backend
from renum_app.models.credential import CredentialWrite
from renum_app.models.execution import ExecuteRequest, Overrides
from renum_app.models.redo import ForkRequest
from renum_app.models.user import CurrentUser
from renum_app.services import agents, backends, credentials, doctor, executions, redo, remote_agents, teams
from renum_app.services.suna_credentials import open_suna_credential
from renum_app.settings import Settings
from renum_app.state.team_agents import seated_in
from tests import factories
from tests.doubles.suna_server import Script, SunaServer, suna_server
from tests.integration.suna import GENERATIONS, QUICK


@dataclass
class House:
    """A person in an installation with a Suna server and a service account there."""

    server: SunaServer
    user: CurrentUser

    async def listed(self, **asked: object) -> dict[str, AgentRead]:
        """By name, read anew."""
        runtime.current().catalogue_reads.clear()
        page = await agents.list_agents(self.user, limit=100, **asked)  # pyright: ignore[reportArgumentType]
        return {agent.name: agent for agent in page.items}


@asynccontextmanager
async def house_of(generation: str, settings: Settings) -> AsyncIterator[House]:
    async with suna_server(generation) as server:
        changes = {"suna_api_url": server.url, "suna_api_key": server.key}
        settings = settings.model_copy(update=changes)
        crypto.configure(settings.encryption_key)
        timing = Timing(**QUICK)
        catalogue = SunaCatalogue(open_suna_credential, server.url, timing=timing)
        backend = SunaBackend(open_suna_credential, server.url, timing=timing)
        runtime.start(
            runtime.Runtime(settings=settings, backends={Backend.SUNA: backend}, catalogues={Backend.SUNA: catalogue})
        )
        yield House(server, await factories.user())
        await catalogue.aclose()
        await backend.aclose()
        assert server.violations == []


@pytest_asyncio.fixture(params=GENERATIONS)
async def house(request: pytest.FixtureRequest, sqlite_db: str, settings: Settings) -> AsyncIterator[House]:
    async with house_of(request.param, settings) as house:
        yield house


@pytest_asyncio.fixture
async def home(db: str, settings: Settings) -> AsyncIterator[House]:
    """One generation, both databases."""
    async with house_of("g5", settings) as house:
        yield house


def body(**changes: object) -> AgentWrite:
    return AgentWrite.model_validate({"name": "Ana", "backend": "suna", "instructions": "Seja breve.", **changes})


async def test_every_page_of_the_account_is_read(house: House) -> None:
    for number in range(130):
        house.server.agent(f"Agente {number:03}", model="openai/gpt-5-mini")
    page = await agents.list_agents(house.user, limit=10, search="agente 12")

    assert page.total == 10
    assert {agent.model for agent in page.items} == {"openai:gpt-5-mini"}
    assert (await agents.list_agents(house.user, backend=Backend.SUNA)).total == 130


async def test_an_agent_is_made_changed_and_deleted_there(house: House) -> None:
    made = await agents.create(house.user, body(description="Analista", model="openai:gpt-5-mini"))
    there = house.server.world.agents[made.remote_id]
    assert (there["name"], there["system_prompt"], there["model"]) == ("Ana", "Seja breve.", "openai/gpt-5-mini")

    changed = await agents.update(house.user, made.agent_id, body(name="Bia", instructions="Seja longa."))
    assert (changed.agent_id, changed.name) == (made.agent_id, "Bia")
    assert there["system_prompt"] == "Seja longa."

    await agents.delete(house.user, made.agent_id)
    assert house.server.world.agents == {}
    assert await house.listed() == {}


async def test_what_a_list_leaves_out_is_read_with_the_agent(house: House) -> None:
    house.server.agent("Ana", system_prompt="Você escreve.")
    agent_id = (await house.listed())["Ana"].agent_id

    assert (await agents.get(house.user, agent_id)).instructions == "Você escreve."
    assert (await house.listed())["Ana"].instructions == "Você escreve."


async def test_while_suna_is_away_the_copy_can_be_read_and_not_changed(home: House) -> None:
    home.server.agent("Ana")
    before = (await home.listed())["Ana"]
    home.server.go_away()
    after = (await home.listed())["Ana"]

    assert after == before
    assert after.last_seen_at is not None
    assert (await agents.get(home.user, after.agent_id)).name == "Ana"
    with pytest.raises(BackendFailed):
        await agents.update(home.user, after.agent_id, body(name="Bia"))
    with pytest.raises(BackendFailed):
        await agents.create(home.user, body())
    with pytest.raises(BackendFailed):
        await agents.delete(home.user, after.agent_id)
    assert (await home.listed()).keys() == {"Ana"}


async def test_an_agent_that_vanished_is_marked_and_so_are_its_teams(home: House) -> None:
    remote_id = home.server.agent("Ana")
    home.server.agent("Bia")
    listed = await home.listed()
    rows = [listed["Ana"], listed["Bia"]]
    team = await factories.team(home.user, *rows)  # pyright: ignore[reportArgumentType]
    del home.server.world.agents[remote_id]
    listed = await home.listed()

    assert (listed["Ana"].is_missing, listed["Bia"].is_missing) == (True, False)
    assert (await teams.get(home.user, team.team_id)).missing_agent_ids == [listed["Ana"].agent_id]
    assert (await teams.list_teams(home.user)).items[0].missing_agent_ids == [listed["Ana"].agent_id]


async def test_why_a_list_is_an_old_copy_is_known_until_it_is_read_again(home: House) -> None:
    home.server.agent("Ana")
    await home.listed()
    assert remote_agents.troubles(home.user) == {}
    home.server.go_away()
    await home.listed()
    [error] = remote_agents.troubles(home.user).values()
    assert error.will_help_to_retry
    assert remote_agents.troubles(await factories.user()) == {}

    home.server.come_back()
    await asyncio.sleep(QUICK["breaker_seconds"])
    await home.listed()
    assert remote_agents.troubles(home.user) == {}
    await credentials.put(home.user, CredentialWrite(service_name="suna", api_key="pk_wrong:sk_wrong_0123456789"))
    await home.listed()
    [error] = remote_agents.troubles(home.user).values()
    assert (error.message, error.will_help_to_retry) == ("suna_key_rejected", False)


async def test_a_person_without_a_key_has_no_trouble(home: House) -> None:
    runtime.current().settings = runtime.current().settings.model_copy(update={"suna_api_key": ""})

    assert await home.listed() == {}
    assert remote_agents.troubles(home.user) == {}


async def test_an_execution_that_waits_for_a_suna_that_is_away_is_known_and_an_ended_one_waits_for_nothing(
    home: House,
) -> None:
    home.server.agent("Ana")
    agent = (await home.listed())["Ana"]
    team = await factories.team(home.user, agent)  # pyright: ignore[reportArgumentType]
    dispatch.join(None)
    waiting = await executions.start(home.user, team.team_id, ExecuteRequest(initial_prompt="Analise."))
    assert not await backends.away_from(home.user, waiting.execution_id)
    home.server.go_away()

    assert await backends.away_from(home.user, waiting.execution_id)
    with pytest.raises(NotFound):
        await backends.away_from(await factories.user(), waiting.execution_id)


async def test_the_seat_of_a_vanished_agent_says_so_and_keeps_its_name(home: House) -> None:
    remote_id = home.server.agent("Ana")
    agent = (await home.listed())["Ana"]
    team = await factories.team(home.user, agent)  # pyright: ignore[reportArgumentType]
    del home.server.world.agents[remote_id]
    await home.listed()
    [seat] = (await seated_in(home.user, [await teams.get(home.user, team.team_id)])).values()

    assert (seat.name, seat.is_missing) == ("Ana", True)


@pytest.mark.parametrize("field", ["agent_id", "fallback_agent_id"])
async def test_a_team_with_a_vanished_agent_is_not_started_and_the_seat_is_named(home: House, field: str) -> None:
    remote_id = home.server.agent("Ana")
    home.server.agent("Bia")
    listed = await home.listed()
    ana, bia = listed["Ana"], listed["Bia"]
    seats = [{"agent_id": bia.agent_id, "step_id": "first"}, {"agent_id": ana.agent_id, "execution_order": 2}]
    if field == "fallback_agent_id":
        seats[1] = {"agent_id": bia.agent_id, "execution_order": 2, "on_failure": "fallback", field: ana.agent_id}
    definition = {"type": "sequential", "agents": seats}
    team = await factories.team(home.user, ana, bia, workflow_definition=definition)  # pyright: ignore[reportArgumentType]
    there = home.server.world.agents.pop(remote_id)
    await home.listed()
    asked = ExecuteRequest(initial_prompt="Analise.")

    with pytest.raises(Invalid) as caught:
        await executions.start(home.user, team.team_id, asked)
    [problem] = caught.value.problems
    assert (problem.field, problem.code) == (f"workflow_definition.agents.1.{field}", "agent_vanished")
    assert (await executions.list_executions(home.user)).total == 0
    for locale in LOCALES:
        assert "Ana" in text(f"problems.{problem.code}", locale, **problem.params)
        assert "{" not in text(f"errors.{caught.value.code}", locale)

    runtime.current().backends = {**runtime.current().backends, Backend.REHEARSAL: RehearsalBackend()}
    rehearsal = ExecuteRequest(initial_prompt="Analise.", overrides=Overrides(rehearsal=True))
    assert (await executions.start(home.user, team.team_id, rehearsal)).rehearsal, "which calls none of them"

    home.server.world.agents[remote_id] = there
    await home.listed()
    plan = (await executions.start(home.user, team.team_id, asked)).model_dump_json()
    assert "is_missing" not in plan


async def test_a_redo_that_takes_a_vanished_agents_result_over_needs_no_agent(home: House) -> None:
    remote_id = home.server.agent("Ana")
    home.server.agent("Bia", Script(end="llm_error"))
    listed = await home.listed()
    rows = [listed["Ana"], listed["Bia"]]
    seats = [{"agent_id": row.agent_id, "execution_order": place} for place, row in enumerate(rows, start=1)]
    definition = {"type": "sequential", "agents": seats}
    team = await factories.team(home.user, *rows, workflow_definition=definition)  # pyright: ignore[reportArgumentType]
    dispatcher = InProcessDispatcher()
    dispatch.join(dispatcher)
    dispatcher.start()
    try:
        first = await executions.start(home.user, team.team_id, ExecuteRequest(initial_prompt="Analise."))
        async with asyncio.timeout(10):
            while not (await executions.status(home.user, first.execution_id)).status.is_final:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        del home.server.world.agents[remote_id]
        await home.listed()
        again = await redo.retry(home.user, first.execution_id)
        with pytest.raises(Invalid) as caught:
            await redo.fork(home.user, first.execution_id, ForkRequest(from_step=rows[0].agent_id))
    finally:
        dispatch.join(None)
        await asyncio.to_thread(dispatcher.close, grace_seconds=0)

    assert again.steps[0].status == "completed"
    assert caught.value.problems[0].field == "workflow_definition.agents.0.agent_id"


async def test_an_agent_in_a_team_is_not_deleted_there_either(home: House) -> None:
    home.server.agent("Ana")
    agent = (await home.listed())["Ana"]
    await factories.team(home.user, agent)  # pyright: ignore[reportArgumentType]

    with pytest.raises(Conflict):
        await agents.delete(home.user, agent.agent_id)
    assert len(home.server.world.agents) == 1


async def test_two_people_on_the_service_account_have_copies_of_their_own(home: House) -> None:
    home.server.agent("Ana")
    other = House(home.server, await factories.user())
    mine, theirs = (await home.listed())["Ana"], (await other.listed())["Ana"]

    assert mine.remote_id == theirs.remote_id
    assert mine.agent_id != theirs.agent_id
    with pytest.raises(NotFound):
        await agents.get(home.user, theirs.agent_id)


async def test_a_key_of_ones_own_shows_ones_own_agents(home: House) -> None:
    home.server.agent("Da casa")
    home.server.accounts["pk_mine:sk_mine_0123456789"] = "conta-2"
    home.server.world.add_agent("Minha", account="conta-2")
    await credentials.put(home.user, CredentialWrite(service_name="suna", api_key="pk_mine:sk_mine_0123456789"))

    assert (await home.listed()).keys() == {"Minha"}


async def test_a_key_of_ones_own_that_fails_never_falls_back_to_the_service_account(home: House) -> None:
    home.server.agent("Da casa")
    await credentials.put(home.user, CredentialWrite(service_name="suna", api_key="pk_wrong:sk_wrong_0123456789"))

    assert await home.listed() == {}
    with pytest.raises(BackendFailed) as caught:
        await agents.create(home.user, body())
    assert caught.value.key == "agent_errors.suna_key_rejected"
    assert all(home.server.key not in headers.values() for headers in home.server.headers)


async def test_a_key_that_was_given_for_another_address_is_not_sent_here(home: House) -> None:
    key = "pk_other:sk_other_0123456789"
    write = CredentialWrite(service_name="suna", api_key=key, base_url="https://suna.example.com")
    await credentials.put(home.user, write)

    with pytest.raises(BackendFailed) as caught:
        await agents.create(home.user, body())
    assert caught.value.key == "agent_errors.suna_key_elsewhere"
    assert all(key not in headers.values() for headers in home.server.headers)


async def test_an_agent_does_not_move_between_backends(home: House) -> None:
    home.server.agent("Ana")
    agent = (await home.listed())["Ana"]
    runtime.current().backends = {**runtime.current().backends, Backend.REHEARSAL: RehearsalBackend()}

    with pytest.raises(Invalid):
        await agents.update(home.user, agent.agent_id, body(backend="rehearsal"))


async def test_the_standing_tells_generation_key_and_what_is_missing(house: House) -> None:
    house.server.run_limit = 3
    [standing] = await backends.standings(house.user)
    assert (standing.ok, standing.version.lower()) == (True, house.server.generation)
    assert standing.uses_service_account
    assert standing.run_limit == (3 if house.server.traits.prefix == "/v1" else None)

    await credentials.put(house.user, CredentialWrite(service_name="suna", api_key="pk_wrong:sk_wrong_0123456789"))
    [standing] = await backends.standings(house.user)
    assert (standing.ok, standing.code, standing.has_own_key) == (False, "credential_rejected", True)
    assert not standing.uses_service_account
    tested = await credentials.test(house.user, "suna")
    assert (tested.ok, tested.code) == (False, "credential_rejected")


async def test_a_suna_that_is_away_is_listed_and_no_reason_to_be_out_of_service(home: House) -> None:
    assert (await backends.at_a_glance())["suna"]["ok"]
    home.server.go_away()
    assert await backends.at_a_glance() == {"suna": {"ok": False, "latency_ms": None}}
    [standing] = await backends.standings(home.user)
    assert not standing.ok
    assert "Suna" in standing.message


async def test_the_doctor_says_what_works_and_what_is_missing(home: House) -> None:
    settings = runtime.current().settings
    found = {finding.name: finding for finding in await doctor.examine(settings)}
    assert all(finding.ok for finding in found.values())
    assert found["suna"].words.startswith("G5")

    broken = settings.model_copy(update={"suna_api_key": "pk_wrong:sk_wrong_0123456789"})
    found = {finding.name: finding for finding in await doctor.examine(broken)}
    assert not found["suna"].ok
    assert "sk_wrong" not in found["suna"].words
