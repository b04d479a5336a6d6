"""Native form posts: cookies, redirects, and forms that other sites send."""

from __future__ import annotations

import httpx
import pytest

from renum_app import i18n, runtime
from renum_app.api.forms import local_path
from renum_app.settings import Environment

FORM = {"email": "ana@example.com", "password": "quiet river under stone", "name": "Ana"}
PAGE = {"Origin": "http://renum", "Sec-Fetch-Site": "same-origin"}


async def test_register_sign_out_and_sign_in_again(http: httpx.AsyncClient) -> None:
    registered = await http.post("/auth/register", data=FORM, headers=PAGE)
    assert (registered.status_code, registered.headers["location"]) == (303, "/")
    cookie = registered.headers["set-cookie"]
    assert all(part in cookie for part in ("renum_session=", "HttpOnly", "SameSite=lax", "Path=/"))
    assert "Secure" not in cookie

    signed_out = await http.post("/auth/logout", headers=PAGE)
    assert (signed_out.status_code, signed_out.headers["location"]) == (303, "/login")
    assert 'renum_session=""' in signed_out.headers["set-cookie"]

    signed_in = await http.post("/auth/login", data={**FORM, "next": "/teams?page=2"}, headers=PAGE)
    assert signed_in.headers["location"] == "/teams?page=2"
    assert http.cookies["renum_session"] not in cookie


async def test_a_signed_out_cookie_is_worth_nothing(http: httpx.AsyncClient) -> None:
    from renum_app.errors import Unauthenticated
    from renum_app.services import sessions

    await http.post("/auth/register", data=FORM, headers=PAGE)
    token = http.cookies["renum_session"]
    assert (await sessions.user_of_cookie(token)).email == "ana@example.com"
    await http.post("/auth/logout", headers=PAGE)
    with pytest.raises(Unauthenticated):
        await sessions.user_of_cookie(token)


async def test_a_wrong_password_leads_back_with_a_word_and_the_page_to_go_to(http: httpx.AsyncClient) -> None:
    answer = await http.post("/auth/login", data={**FORM, "next": "/teams"}, headers=PAGE)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?error=invalid_credentials&next=%2Fteams"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"password": "short"}, "password_length"),
        ({"password": "qwertyuiop123"}, "password_common"),
        ({"email": "nobody"}, "invalid_email"),
        ({"password": "x" * 200}, "invalid_password"),
        ({"email": ""}, "invalid_email"),
    ],
)
async def test_a_bad_registration_leads_back_with_a_word(
    http: httpx.AsyncClient, changes: dict[str, str], word: str
) -> None:
    answer = await http.post("/auth/register", data={**FORM, **changes}, headers=PAGE)
    assert answer.headers["location"] == f"/register?error={word}"
    i18n.require(f"errors.{word}")


async def test_too_many_wrong_passwords_lead_back_too(http: httpx.AsyncClient) -> None:
    places = [(await http.post("/auth/login", data=FORM, headers=PAGE)).headers["location"] for _ in range(8)]
    assert places[0] == "/login?error=invalid_credentials"
    assert places[-1].startswith("/login?error=sign_in_paused&wait=")
    assert "{" not in i18n.text("errors.sign_in_paused", "en")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://renum", "Sec-Fetch-Site": "same-site"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["login", "demo", "register", "confirm-again", "logout"])
async def test_forms_of_other_sites_are_refused(http: httpx.AsyncClient, path: str, headers: dict[str, str]) -> None:
    answer = await http.post(f"/auth/{path}", data=FORM, headers=headers)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign_origin")
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "target",
    ["https://evil.example", "//evil.example", "/\\evil.example", "/\t/evil.example", "javascript:alert(1)", "evil", "",
     "\\\\evil.example", "/" * 3 + "evil.example", "http:evil", "/ok\r\nSet-Cookie: a=b", "/" + "a" * 3_000,
     "//[", "//a\u2100b"],
)  # fmt: skip
def test_no_redirect_leads_away(target: str) -> None:
    assert local_path(target) == "/"


def test_a_path_of_ours_is_kept() -> None:
    assert local_path("/executions/1?tab=log#end") == "/executions/1?tab=log#end"
    assert local_path("/equipes/análise") == "/equipes/an%C3%A1lise"


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b'{"email": "a"}', "application/json", 415),
        (b"email=a%00b&password=x", "application/x-www-form-urlencoded", 400),
        (b"email=%FF", "application/x-www-form-urlencoded", 400),
        (b"\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"a=1&" * 50, "application/x-www-form-urlencoded", 400),
        (b"a=" + b"x" * 20_000, "application/x-www-form-urlencoded", 413),
    ],
)
async def test_bad_forms(http: httpx.AsyncClient, content: bytes, kind: str, status: int) -> None:
    answer = await http.post("/auth/login", content=content, headers={**PAGE, "Content-Type": kind})
    assert answer.status_code == status
    assert answer.json()["error"]["request_id"]


async def test_the_demo_has_three_agents_and_two_teams_and_is_made_once(http: httpx.AsyncClient) -> None:
    from renum_app.services import agents, sessions, teams

    for _ in range(2):
        answer = await http.post("/auth/demo", headers=PAGE)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
    user = await sessions.user_of_cookie(http.cookies["renum_session"])
    assert user.is_demo
    found = await agents.list_agents(user)
    assert [found.total, {agent.backend.value for agent in found.items}] == [3, {"rehearsal"}]
    assert all(agent.rehearsal and 4 <= agent.rehearsal.seconds <= 8 for agent in found.items)
    kinds = [team.workflow_definition.type.value for team in (await teams.list_teams(user)).items]
    assert sorted(kinds) == ["parallel", "sequential"]


async def test_production_has_no_demo_and_a_secure_cookie(http: httpx.AsyncClient) -> None:
    live = runtime.current()
    production = {"environment": Environment.PRODUCTION, "allow_signup": True}
    live.settings = live.settings.model_copy(update=production)
    assert (await http.post("/auth/demo", headers=PAGE)).status_code == 404
    registered = await http.post("/auth/register", data=FORM, headers=PAGE)
    assert "Secure" in registered.headers["set-cookie"]


async def test_a_page_makes_an_api_token_by_the_cookie_and_no_other_site_can(http: httpx.AsyncClient) -> None:
    body = {"name": "Robô", "scopes": ["teams:read"]}
    assert (await http.post("/auth/tokens", json=body, headers=PAGE)).status_code == 401
    await http.post("/auth/register", data=FORM, headers=PAGE)
    made = await http.post("/auth/tokens", json=body, headers=PAGE)
    assert made.status_code == 201
    bearer = {"Authorization": f"Bearer {made.json()['token']}"}
    assert (await http.get("/api/v1/teams", headers=bearer)).status_code == 200
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}, {"Origin": "null"}):
        refused = await http.post("/auth/tokens", json=body, headers=headers)
        assert refused.json()["error"]["code"] == "foreign_origin"
    plain = await http.post("/auth/tokens", content='{"name": "x", "scopes": ["teams:read"]}', headers=PAGE)
    assert plain.status_code == 422
    assert (await http.post("/auth/tokens", json={**body, "scopes": []}, headers=PAGE)).status_code == 422
