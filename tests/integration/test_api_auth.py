"""Accounts through the REST front door."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import jwt
import pytest

from renum_app import runtime
from renum_app.auth import tokens
from renum_app.settings import Environment, Settings
from tests.integration.people import Person

REGISTER = {"email": "Ana@Example.com", "password": "quiet river under stone", "name": "Ana"}
LOGIN = {"email": "ana@example.com", "password": "quiet river under stone"}


async def _post(http: httpx.AsyncClient, path: str, body: Any, *, token: str = "") -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return await http.post(f"/api/v1/auth/{path}", json=body, headers=headers)


async def _me(http: httpx.AsyncClient, token: str) -> int:
    return (await http.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}"})).status_code


async def test_register_sign_in_refresh_and_sign_out(http: httpx.AsyncClient) -> None:
    registered = await _post(http, "register", REGISTER)
    assert registered.status_code == 201
    assert registered.json()["email"] == "ana@example.com"
    assert "password" not in registered.text

    signed_in = (await _post(http, "login", LOGIN)).json()
    assert signed_in["token_type"] == "bearer"
    assert signed_in["expires_in"] == 86_400
    assert await _me(http, signed_in["access_token"]) == 200

    renewed = (await _post(http, "refresh", {"refresh_token": signed_in["refresh_token"]})).json()
    assert await _me(http, renewed["access_token"]) == 200
    assert (await _post(http, "logout", None, token=renewed["access_token"])).status_code == 204
    # Both access tokens belong to the session that has ended, and so does the refresh token.
    assert await _me(http, renewed["access_token"]) == 401
    assert await _me(http, signed_in["access_token"]) == 401
    assert (await _post(http, "refresh", {"refresh_token": renewed["refresh_token"]})).status_code == 401


async def test_a_refresh_token_used_twice_ends_the_session(http: httpx.AsyncClient) -> None:
    await _post(http, "register", REGISTER)
    first = (await _post(http, "login", LOGIN)).json()
    second = (await _post(http, "refresh", {"refresh_token": first["refresh_token"]})).json()
    assert (await _post(http, "refresh", {"refresh_token": first["refresh_token"]})).status_code == 401
    assert await _me(http, second["access_token"]) == 401
    assert (await _post(http, "refresh", {"refresh_token": second["refresh_token"]})).status_code == 401


async def test_wrong_address_and_wrong_password_get_the_same_answer(http: httpx.AsyncClient) -> None:
    await _post(http, "register", REGISTER)
    http.headers["X-Request-ID"] = "same"
    wrong_password = await _post(http, "login", {**LOGIN, "password": "some other passphrase"})
    wrong_address = await _post(http, "login", {**LOGIN, "email": "nobody@example.com"})
    assert wrong_password.status_code == wrong_address.status_code == 401
    assert wrong_password.content == wrong_address.content


async def test_the_sixth_wrong_password_has_to_wait_and_a_session_goes_on(http: httpx.AsyncClient, ana: Person) -> None:
    wrong = {"email": ana.user.email, "password": "some other passphrase"}
    statuses = [(await _post(http, "login", wrong)).status_code for _ in range(6)]
    refused = await _post(http, "login", wrong)
    assert statuses[:5] == [401] * 5
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) >= 1
    assert (await ana.get("/auth/me")).status_code == 200


async def test_an_address_has_one_account_even_when_registered_twice_at_once(http: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(_post(http, "register", REGISTER) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    refused = next(answer for answer in answers if answer.status_code == 409).json()["error"]
    assert (refused["code"], refused["field"]) == ("email_taken", "email")


@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        ({**REGISTER, "password": "short"}, "password", "password_length"),
        ({**REGISTER, "password": "password123456"}, "password", "password_common"),
        ({**REGISTER, "password": "aaaaaaaaaaaaaaa"}, "password", "password_common"),
        ({**REGISTER, "password": "ana@example.com1"}, "password", "password_context"),
        ({**REGISTER, "password": "x" * 129}, "password", "string_too_long"),
        ({**REGISTER, "email": "no address"}, "email", "value_error"),
        ({**REGISTER, "email": "ana@renum.local"}, "email", "value_error"),
        ({**REGISTER, "is_admin": True}, "is_admin", "extra_forbidden"),
        ({**REGISTER, "role": "admin"}, "role", "extra_forbidden"),
        ({"email": "ana@example.com"}, "password", "missing"),
    ],
)
async def test_what_is_refused_at_registration(http: httpx.AsyncClient, body: Any, field: str, code: str) -> None:
    answer = await _post(http, "register", body)
    assert answer.status_code == 422
    assert (field, code) in [(found["field"], found["code"]) for found in answer.json()["error"]["details"]["fields"]]


async def test_registration_is_closed_in_production_unless_it_is_opened(http: httpx.AsyncClient) -> None:
    live = runtime.current()
    live.settings = live.settings.model_copy(update={"environment": Environment.PRODUCTION})
    assert (await _post(http, "register", REGISTER)).json()["error"]["code"] == "signup_closed"
    live.settings = live.settings.model_copy(update={"allow_signup": True})
    assert (await _post(http, "register", REGISTER)).status_code == 201


async def test_forged_tokens_are_refused(http: httpx.AsyncClient, ana: Person, settings: Settings) -> None:
    claims = jwt.decode(ana.token, options={"verify_signature": False})
    key = tokens._key(settings.jwt_secret)
    forged = [
        jwt.encode(claims, "", algorithm="none"),
        jwt.encode(claims, settings.jwt_secret, algorithm="HS256"),
        jwt.encode({**claims, "exp": claims["iat"] - 3_600}, key, algorithm="HS256"),
        jwt.encode({**claims, "iss": "elsewhere"}, key, algorithm="HS256"),
        jwt.encode({**claims, "aud": "anon"}, key, algorithm="HS256"),
        jwt.encode({**claims, "session_id": "no uuid"}, key, algorithm="HS256"),
        jwt.encode({**claims, "session_id": claims["sub"]}, key, algorithm="HS256"),
        jwt.encode({k: v for k, v in claims.items() if k != "exp"}, key, algorithm="HS256"),
        jwt.encode(claims, key, algorithm="HS512"),
        ana.token + "x",
        "",
        "é",
    ]
    statuses = []
    for token in forged:
        answer = await http.get("/api/v1/auth/me", headers={"Authorization": f"Bearer {token}".encode()})
        statuses.append(answer.status_code)
    assert statuses == [401] * len(forged)
    assert jwt.get_unverified_header(ana.token)["alg"] == "HS256"


async def test_another_persons_session_in_ones_own_token_is_refused(
    http: httpx.AsyncClient, ana: Person, bruno: Person, settings: Settings
) -> None:
    claims = jwt.decode(ana.token, options={"verify_signature": False})
    other = jwt.decode(bruno.token, options={"verify_signature": False})
    mixed = jwt.encode({**claims, "session_id": other["session_id"]}, tokens._key(settings.jwt_secret), "HS256")
    assert await _me(http, mixed) == 401


async def test_rest_takes_no_cookie(http: httpx.AsyncClient) -> None:
    await _post(http, "register", REGISTER)
    await http.post("/auth/login", data=LOGIN)
    assert http.cookies.get("renum_session")
    assert (await http.get("/api/v1/auth/me")).status_code == 401
