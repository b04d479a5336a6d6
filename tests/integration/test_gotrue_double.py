"""The double speaks Supabase Auth: Supabase's own client gets along with it, and Renum's adapter with both alike."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest
import pytest_asyncio
from supabase_auth import AsyncGoTrueClient
from supabase_auth.errors import AuthApiError, AuthInvalidJwtError, AuthRetryableError, AuthWeakPasswordError

from tests.doubles.gotrue_server import PUBLISHABLE, GoTrueServer, gotrue_server
from tests.integration.supabase import EMAIL, PASSWORD

PERSON = {"email": EMAIL, "password": PASSWORD}


@pytest_asyncio.fixture
async def server() -> AsyncIterator[GoTrueServer]:
    async with gotrue_server() as server:
        yield server


@pytest_asyncio.fixture
async def client(server: GoTrueServer) -> AsyncIterator[AsyncGoTrueClient]:
    headers = {"apikey": PUBLISHABLE, "Authorization": f"Bearer {PUBLISHABLE}"}
    client = AsyncGoTrueClient(
        url=f"{server.url}/auth/v1", headers=headers, auto_refresh_token=False, persist_session=False
    )
    yield client
    await client.close()


async def test_sign_up_sign_in_renew_read_and_sign_out(client: AsyncGoTrueClient, server: GoTrueServer) -> None:
    made = await client.sign_up({**PERSON, "options": {"data": {"name": "Ana"}}})  # type: ignore[typeddict-item]
    assert made.user is not None
    assert made.session is not None
    assert made.user.user_metadata == {"name": "Ana"}

    given = (await client.sign_in_with_password(PERSON)).session  # type: ignore[arg-type]
    assert given is not None
    renewed = (await client.refresh_session(given.refresh_token)).session
    assert renewed is not None
    assert renewed.refresh_token != given.refresh_token
    found = await client.get_user(renewed.access_token)
    assert found is not None
    assert found.user.id == made.user.id
    claims = await client.get_claims(jwt=renewed.access_token)
    assert claims is not None
    assert claims["claims"]["sub"] == made.user.id

    await client.sign_out()
    with pytest.raises(AuthApiError) as refused:
        await client.get_user(renewed.access_token)
    assert refused.value.code == "session_not_found"


async def test_a_refresh_token_of_long_ago_ends_its_family(client: AsyncGoTrueClient, server: GoTrueServer) -> None:
    server.project.reuse_seconds = 0
    server.project.add(EMAIL, PASSWORD)
    first = (await client.sign_in_with_password(PERSON)).session  # type: ignore[arg-type]
    assert first is not None
    second = (await client.refresh_session(first.refresh_token)).session
    assert second is not None
    parent_again = (await client.refresh_session(first.refresh_token)).session
    assert parent_again is not None
    assert parent_again.refresh_token == second.refresh_token
    third = (await client.refresh_session(second.refresh_token)).session
    assert third is not None
    for token in (first.refresh_token, third.refresh_token):
        with pytest.raises(AuthApiError) as refused:
            await client.refresh_session(token)
    assert refused.value.code == "refresh_token_not_found"


@pytest.mark.parametrize(
    ("fault", "code"), [("invalid_credentials", "invalid_credentials"), ("429", "over_request_rate_limit")]
)
async def test_its_refusals_have_the_code_that_the_client_reads(
    client: AsyncGoTrueClient, server: GoTrueServer, fault: str, code: str
) -> None:
    server.will("token", fault)
    with pytest.raises(AuthApiError) as refused:
        await client.sign_in_with_password(PERSON)  # type: ignore[arg-type]
    assert refused.value.code == code


async def test_its_other_refusals_are_of_the_clients_kinds(client: AsyncGoTrueClient, server: GoTrueServer) -> None:
    with pytest.raises(AuthWeakPasswordError) as weak:
        await client.sign_up({"email": EMAIL, "password": "abc"})
    assert weak.value.reasons == ["length"]
    server.will("token", "html")
    with pytest.raises(AuthRetryableError):
        await client.sign_in_with_password(PERSON)  # type: ignore[arg-type]
    with pytest.raises((AuthApiError, AuthInvalidJwtError)):
        await client.get_user("no.token.at-all")


async def test_confirmation_gives_no_session_and_a_known_address_an_invented_person(
    client: AsyncGoTrueClient, server: GoTrueServer
) -> None:
    server.project.confirms_addresses = True
    first = await client.sign_up(PERSON)  # type: ignore[arg-type]
    second = await client.sign_up(PERSON)  # type: ignore[arg-type]
    assert first.session is None
    assert second.session is None
    assert first.user is not None
    assert second.user is not None
    assert (second.user.identities, second.user.id != first.user.id) == ([], True)


async def test_without_the_projects_key_nobody_gets_past_the_gate(server: GoTrueServer) -> None:
    async with httpx.AsyncClient(base_url=f"{server.url}/auth/v1") as nobody:
        assert (await nobody.get("/settings")).status_code == 401
        assert (await nobody.get("/.well-known/jwks.json")).json()["keys"][0]["alg"] == "ES256"
        old_form = await nobody.post(
            "/token", params={"grant_type": "password"}, json=PERSON, headers={"apikey": PUBLISHABLE}
        )
    assert (old_form.json()["code"], old_form.json()["error_code"]) == (400, "invalid_credentials")
