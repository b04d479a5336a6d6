"""Who may do what: every route of the server and every kind of caller. A route not named here fails the suite."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
import websockets
from fastapi import FastAPI
from starlette.routing import Mount

from renum_app import runtime
from renum_app.api.app import create_api
from renum_app.models.api_token import Scope
from renum_app.models.user import UserRole
from renum_app.settings import Settings
from tests import factories
from tests.integration.people import Person

SESSION = "session"
MARK = "canario"
SAME = {"X-Request-ID": "same", "Accept-Language": "en"}


class Kind(Enum):
    OPEN = auto()
    """Anybody: the ways in, and what says nothing about anyone."""
    FORM = auto()
    """Native forms of the pages: only from our own pages, by the cookie."""
    OWN = auto()
    """Whoever is signed in, about what is theirs."""
    ONE = auto()
    """One thing, named in the path: another's is byte for byte like none."""
    NAMED = auto()
    """Stores something under a name of one's own; another's thing of that name is not touched."""
    ADMIN = auto()
    """Administrators; for others it is not there."""
    SOCKET = auto()


@dataclass
class World:
    """One of everything, of one person."""

    agent_id: str
    team_id: str
    execution_id: str
    approval_id: str
    token_id: str
    session_id: str
    """One beside that which asks."""
    notification_id: str
    service: str = f"{MARK}-chave"
    model: str = f"{MARK}:modelo"
    user_id: str = field(default_factory=lambda: str(uuid4()))
    version: int = 1

    def path(self, route: str) -> str:
        return route.replace(":path", "").format(**vars(self))


@dataclass(frozen=True)
class Row:
    kind: Kind
    scope: str = ""
    """What an API token needs; empty: any token will do."""
    body: Callable[[World], Any] = lambda world: None
    owner: tuple[int, ...] = (200,)
    """What the owner may be answered."""


def _team(world: World) -> Any:
    return factories.team_body(world.agent_id)


def _member(world: World) -> Any:
    return {"agent_id": world.agent_id, "step_id": "outro"}


def _prompt(_: World) -> Any:
    return {"initial_prompt": "x"}


def _price(_: World) -> Any:
    return {"input_usd_per_million": 1, "output_usd_per_million": 1}


def _password(_: World) -> Any:
    return {"password": factories.PASSWORD}


def _new_password(_: World) -> Any:
    return {"current_password": factories.PASSWORD, "new_password": "slow boats at first light"}


def _deletion(_: World) -> Any:
    return {"email": "ana@example.com", "password": factories.PASSWORD}


def _code(_: World) -> Any:
    return {"code": "000000"}


NO_PASSWORD = (422, 429)
"""The people of these tests have none that could be right."""
ENDED_ONLY = (202, 409)
"""The execution of these tests does not move, as there is no engine."""
MATRIX: dict[str, Row] = {
    "GET /api/v1/openapi.json": Row(Kind.OPEN),
    "GET /api/v1/docs": Row(Kind.OPEN),
    "GET /health/live": Row(Kind.OPEN),
    "GET /health/ready": Row(Kind.OPEN),
    "GET /metrics": Row(Kind.OPEN),  # of this machine, or with the metrics token
    "POST /api/v1/auth/register": Row(Kind.OPEN),
    "POST /api/v1/auth/login": Row(Kind.OPEN),
    "POST /api/v1/auth/refresh": Row(Kind.OPEN),
    "POST /api/v1/auth/forgot": Row(Kind.OPEN),
    "POST /api/v1/auth/reset": Row(Kind.OPEN),
    "POST /auth/login": Row(Kind.FORM),
    "POST /auth/login/code": Row(Kind.FORM),
    "POST /auth/setup": Row(Kind.FORM),
    "POST /auth/forgot": Row(Kind.FORM),
    "POST /auth/reset": Row(Kind.FORM),
    "POST /auth/password": Row(Kind.FORM),
    "GET /auth/two-steps": Row(Kind.FORM),
    "POST /auth/two-steps": Row(Kind.FORM, body=_password),
    "POST /auth/two-steps/confirm": Row(Kind.FORM, body=_code),
    "POST /auth/two-steps/off": Row(Kind.FORM, body=_password),
    "GET /auth/export": Row(Kind.FORM),
    "POST /auth/delete": Row(Kind.FORM),
    "POST /auth/two-steps/codes": Row(Kind.FORM, body=_password),
    "POST /auth/demo": Row(Kind.FORM),
    "POST /auth/register": Row(Kind.FORM),
    "POST /auth/logout": Row(Kind.FORM),
    "POST /auth/confirm-again": Row(Kind.FORM),
    "POST /auth/tokens": Row(Kind.FORM, body=lambda world: {"name": "x", "scopes": ["teams:read"]}),
    "POST /api/v1/auth/logout": Row(Kind.OWN, SESSION, owner=(204,)),
    "GET /api/v1/auth/me": Row(Kind.OWN),
    "PATCH /api/v1/auth/me": Row(Kind.OWN, SESSION, lambda world: {"monthly_budget_usd": 1}),
    "POST /api/v1/auth/password": Row(Kind.OWN, SESSION, _new_password, NO_PASSWORD),
    "GET /api/v1/auth/sessions": Row(Kind.OWN, SESSION),
    "DELETE /api/v1/auth/sessions": Row(Kind.OWN, SESSION),
    "DELETE /api/v1/auth/sessions/{session_id}": Row(Kind.ONE, SESSION, owner=(204,)),
    "GET /api/v1/auth/two-steps": Row(Kind.OWN, SESSION),
    "POST /api/v1/auth/two-steps": Row(Kind.OWN, SESSION, _password, NO_PASSWORD),
    "POST /api/v1/auth/two-steps/confirm": Row(Kind.OWN, SESSION, _code, (409,)),
    "POST /api/v1/auth/two-steps/off": Row(Kind.OWN, SESSION, _password, NO_PASSWORD),
    "GET /api/v1/auth/data": Row(Kind.OWN, SESSION),
    "GET /api/v1/auth/export": Row(Kind.OWN, SESSION),
    "POST /api/v1/auth/delete": Row(Kind.OWN, SESSION, _deletion, NO_PASSWORD),
    "POST /api/v1/auth/two-steps/codes": Row(Kind.OWN, SESSION, _password, NO_PASSWORD),
    "GET /api/v1/auth/tokens": Row(Kind.OWN, SESSION),
    "POST /api/v1/auth/tokens": Row(Kind.OWN, SESSION, lambda world: {"name": "x", "scopes": ["teams:read"]}, (201,)),
    "DELETE /api/v1/auth/tokens/{token_id}": Row(Kind.ONE, SESSION, owner=(204,)),
    "GET /api/v1/agents": Row(Kind.OWN, "agents:read"),
    "POST /api/v1/agents": Row(Kind.OWN, "agents:write", lambda world: {"name": "x"}, (201,)),
    "GET /api/v1/agents/backends": Row(Kind.OWN, "agents:read"),
    "GET /api/v1/agents/{agent_id}": Row(Kind.ONE, "agents:read"),
    "PUT /api/v1/agents/{agent_id}": Row(Kind.ONE, "agents:write", lambda world: {"name": "x"}),
    "DELETE /api/v1/agents/{agent_id}": Row(Kind.ONE, "agents:write", owner=(409,)),
    "GET /api/v1/teams": Row(Kind.OWN, "teams:read"),
    "POST /api/v1/teams": Row(Kind.OWN, "teams:write", _team, (201,)),
    "GET /api/v1/teams/{team_id}": Row(Kind.ONE, "teams:read"),
    "PUT /api/v1/teams/{team_id}": Row(Kind.ONE, "teams:write", _team),
    "DELETE /api/v1/teams/{team_id}": Row(Kind.ONE, "teams:write", owner=(409,)),
    "GET /api/v1/teams/{team_id}/versions": Row(Kind.ONE, "teams:read"),
    "POST /api/v1/teams/{team_id}/versions/{version}/restore": Row(Kind.ONE, "teams:write"),
    "POST /api/v1/teams/{team_id}/members": Row(Kind.ONE, "teams:write", _member, (201,)),
    "PUT /api/v1/teams/{team_id}/members/{agent_id}": Row(
        Kind.ONE, "teams:write", lambda world: {"agent_id": world.agent_id}
    ),
    "DELETE /api/v1/teams/{team_id}/members/{agent_id}": Row(Kind.ONE, "teams:write", owner=(409,)),
    "POST /api/v1/teams/{team_id}/execute": Row(Kind.ONE, "executions:run", _prompt, (202,)),
    "POST /api/v1/teams/{team_id}/estimate": Row(Kind.ONE, "teams:read", _prompt),
    "GET /api/v1/api-keys": Row(Kind.OWN, "keys:write"),
    "POST /api/v1/api-keys": Row(
        Kind.OWN, "keys:write", lambda world: {"service_name": "x", "api_key": "k" * 20}, (201,)
    ),
    "DELETE /api/v1/api-keys/{service}": Row(Kind.ONE, "keys:write", owner=(204,)),
    "POST /api/v1/api-keys/{service}/test": Row(Kind.ONE, "keys:write"),
    "GET /api/v1/model-prices": Row(Kind.OWN, "agents:read"),
    "PUT /api/v1/model-prices/{model:path}": Row(Kind.NAMED, "agents:write", _price),
    "DELETE /api/v1/model-prices/{model:path}": Row(Kind.ONE, "agents:write", owner=(204,)),
    "GET /api/v1/executions": Row(Kind.OWN, "executions:read"),
    "GET /api/v1/executions/{execution_id}": Row(Kind.ONE, "executions:read"),
    "GET /api/v1/executions/{execution_id}/status": Row(Kind.ONE, "executions:read"),
    "GET /api/v1/executions/{execution_id}/result": Row(Kind.ONE, "executions:read", owner=(200, 409)),
    "GET /api/v1/executions/{execution_id}/logs": Row(Kind.ONE, "executions:read"),
    "GET /api/v1/executions/{execution_id}/events": Row(Kind.ONE, "executions:read"),
    "POST /api/v1/executions/{execution_id}/stop": Row(Kind.ONE, "executions:run", owner=(202,)),
    "POST /api/v1/executions/{execution_id}/retry": Row(Kind.ONE, "executions:run", owner=ENDED_ONLY),
    "POST /api/v1/executions/{execution_id}/fork": Row(
        Kind.ONE, "executions:run", lambda world: {"from_step": world.agent_id}, ENDED_ONLY
    ),
    "POST /api/v1/executions/{execution_id}/resume": Row(
        Kind.ONE, "executions:run", lambda world: {"max_cost_usd": 1}, ENDED_ONLY
    ),
    "GET /api/v1/usage": Row(Kind.OWN, "executions:read"),
    "GET /api/v1/approvals": Row(Kind.OWN, "executions:read"),
    "GET /api/v1/approvals/{approval_id}": Row(Kind.ONE, "executions:read"),
    "POST /api/v1/approvals/{approval_id}": Row(
        Kind.ONE, "executions:run", lambda world: {"decision": "approve"}, (200, 202)
    ),
    "GET /api/v1/notifications": Row(Kind.OWN, "executions:read"),
    "POST /api/v1/notifications/read": Row(Kind.OWN, "executions:run", owner=(204,)),
    "POST /api/v1/notifications/{notification_id}/read": Row(Kind.ONE, "executions:run"),
    "POST /api/v1/ws-tickets": Row(
        Kind.OWN, "executions:read", lambda world: {"execution_id": world.execution_id}, (201,)
    ),
    "POST /api/v1/admin/stop-all": Row(Kind.ADMIN, "admin", lambda world: {}),
    "GET /api/v1/admin/health": Row(Kind.ADMIN, "admin"),
    "GET /api/v1/admin/audit": Row(Kind.ADMIN, "admin"),
    "GET /api/v1/admin/users": Row(Kind.ADMIN, "admin"),
    "PATCH /api/v1/admin/users/{user_id}": Row(Kind.ADMIN, "admin", lambda world: {"role": "user"}),
    "DELETE /api/v1/admin/users/{user_id}/sessions": Row(Kind.ADMIN, "admin"),
    "GET /api/v1/admin/executions": Row(Kind.ADMIN, "admin"),
    "POST /api/v1/admin/executions/{execution_id}/open": Row(Kind.ADMIN, "admin", lambda world: {"reason": "ajuda"}),
    "WS /ws/executions/{execution_id}/monitor": Row(Kind.SOCKET, "executions:read"),
}
IN_BODIES = {
    "POST /api/v1/teams": lambda ids: factories.team_body(ids["agent_id"]),
    "PUT /api/v1/teams/{team_id}": lambda ids: factories.team_body(ids["agent_id"]),
    "POST /api/v1/teams/{team_id}/members": lambda ids: {"agent_id": ids["agent_id"], "step_id": "outro"},
    "PUT /api/v1/teams/{team_id}/members/{agent_id}": lambda ids: {
        "agent_id": ids["own_agent_id"], "on_failure": "fallback", "fallback_agent_id": ids["agent_id"],
    },
    "POST /api/v1/ws-tickets": lambda ids: {"execution_id": ids["execution_id"]},
}  # fmt: skip
"""Routes whose body names things: another's, or none."""
NOT_THEIRS_TO_SET = {
    "user_id": str(uuid4()), "status": "completed", "final_result": {"x": 1}, "cost_metrics": {}, "usage_metrics": {},
    "is_admin": True, "role": "admin", "is_demo": True, "created_at": "2020-01-01T00:00:00Z", "owner": "x", "epoch": 9,
    "encrypted_key": "v1.k1.x", "key_hint": "x", "password_hash": "x", "is_missing": True, "remote_id": "x",
    "parent_execution_id": str(uuid4()), "email_verified": True, "token_hash": "x", "session_id": str(uuid4()),
}  # fmt: skip


def routes(settings: Settings) -> set[str]:
    return {name for name in _walked(create_api(settings)) if not name.startswith("HEAD ")}


def _walked(app: Any, prefix: str = "") -> Iterator[str]:
    """Every route below an application, through mounts and the skins around them."""
    while hasattr(app, "_app"):
        app = app._app
    for route in app.routes:
        if isinstance(route, Mount):
            yield from _walked(route.app, prefix + route.path)
        elif hasattr(route, "original_router"):
            yield from _walked(route.original_router, prefix)
        else:
            yield from (f"{method} {prefix}{route.path}" for method in getattr(route, "methods", None) or {"WS"})


def rows(*kinds: Kind) -> list[Any]:
    return [pytest.param(*name.split(" "), row, id=name) for name, row in MATRIX.items() if row.kind in kinds]


SIGNED_IN = (Kind.OWN, Kind.ONE, Kind.NAMED)


def test_every_route_is_classified(settings: Settings) -> None:
    assert routes(settings) == set(MATRIX), "add the route, and who may use it, to MATRIX in this file"


async def _world(person: Person) -> World:
    agent = await person.agent(name=f"{MARK}-agente", instructions=f"{MARK} instruções")
    team = await person.team(agent, name=f"{MARK}-equipe")
    execution = await person.execution(team, prompt=f"{MARK} pedido")
    approval = await factories.approval(person.user, UUID(execution), step_id=agent, text=f"{MARK} texto")
    token = await factories.api_token(person.user, name=f"{MARK}-robô")
    told = str(await factories.notification(person.user, UUID(execution)))
    world = World(agent, team, execution, str(approval), str(token), await _other_session(person), told)
    world.user_id = str(person.user.user_id)
    await person.post(
        "/api-keys", {"service_name": world.service, "api_key": "k" * 20, "base_url": "http://127.0.0.1:9"}
    )
    await person.ask("PUT", f"/model-prices/{world.model}", json=_price(world))
    return world


async def _other_session(person: Person) -> str:
    await factories.access_token(person.user, runtime.current().settings)
    shown = (await person.get("/auth/sessions")).json()["items"]
    return next(each["session_id"] for each in shown if not each["is_current"])


def _nobodys() -> World:
    return World(*(str(uuid4()) for _ in range(7)), service="nenhuma", model="nenhum:modelo")


async def _ask(person: Person, method: str, path: str, **options: Any) -> httpx.Response:
    return await person.ask(method, path.removeprefix("/api/v1"), **options)


async def _everything(person: Person) -> list[Any]:
    """What is theirs; times that reading alone changes are left out."""
    lists = ("/agents", "/teams", "/executions", "/api-keys", "/model-prices", "/auth/tokens", "/approvals", "/auth/me")
    lists += ("/notifications",)
    return [(await person.get(path)).json() for path in lists]


@pytest.fixture
async def admin(http: httpx.AsyncClient, settings: Settings) -> Person:
    user = await factories.user(role=UserRole.ADMIN.value)
    return Person(http, user, await factories.access_token(user, settings))


async def test_nobody_is_let_in(http: httpx.AsyncClient) -> None:
    for method, path, row in (param.values for param in rows(*SIGNED_IN, Kind.ADMIN)):
        filled = _nobodys().path(path)
        for authorization in ("", "Bearer nonsense", "Basic eDp5", "Bearer ", "bearer\tx"):
            headers = {"Authorization": authorization} if authorization else {}
            answer = await http.request(method, filled, headers=headers, json=row.body(_nobodys()))
            assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer"), (method, path)
            assert answer.json()["error"]["code"] in {"unauthenticated", "invalid_token"}


async def test_the_owner_is_served(ana: Person, settings: Settings) -> None:
    for method, path, row in (param.values for param in rows(*SIGNED_IN)):
        world = await _world(ana)
        answer = await _ask(ana, method, world.path(path), json=row.body(world))
        assert answer.status_code in row.owner, (method, path, answer.text)
        if path.endswith("/logout"):
            ana.token = await factories.access_token(ana.user, settings)


@pytest.mark.parametrize("who", ["bruno", "admin"])
async def test_anothers_things_are_byte_for_byte_like_none_and_stay_as_they_are(
    ana: Person, who: str, request: pytest.FixtureRequest, bruno: Person, admin: Person
) -> None:
    other = {"bruno": bruno, "admin": admin}[who]
    theirs, nobodys, own = await _world(ana), _nobodys(), await _world(other)
    before = await _everything(ana)
    for method, path, row in (param.values for param in rows(Kind.ONE)):
        answers = [
            await _ask(other, method, ids.path(path), json=row.body(own), headers=SAME) for ids in (theirs, nobodys)
        ]
        mine = path.endswith(("/{service}", "/{service}/test", "/{model:path}"))  # of the same name
        if mine:
            continue
        assert [answer.status_code for answer in answers] == [404, 404], (method, path)
        assert answers[0].content == answers[1].content, (method, path)
        # The team of one's own is there, but the other's agent does not sit in it.
        if path.endswith("/members/{agent_id}"):
            own_team = World(**{**vars(theirs), "team_id": own.team_id})
            answer = await _ask(other, method, own_team.path(path), json=row.body(own))
            assert answer.status_code == 404, (method, path)
    assert await _everything(ana) == before


async def test_a_key_or_price_of_anothers_name_is_ones_own_or_none(ana: Person, bruno: Person) -> None:
    world = await _world(ana)
    before = await _everything(ana)
    for method, path, row in (param.values for param in rows(Kind.ONE)):
        if not path.endswith(("/{service}", "/{service}/test", "/{model:path}")):
            continue
        answers = [
            await _ask(bruno, method, ids.path(path), json=row.body(world), headers=SAME) for ids in (world, _nobodys())
        ]
        assert [answer.status_code for answer in answers] == [404, 404], (method, path)
        assert answers[0].content == answers[1].content
    for method, path, row in (param.values for param in rows(Kind.NAMED)):
        assert (await _ask(bruno, method, world.path(path), json=row.body(world))).is_success
    assert await _everything(ana) == before


@pytest.mark.parametrize("who", ["bruno", "admin"])
async def test_lists_hold_only_ones_own(ana: Person, who: str, bruno: Person, admin: Person) -> None:
    other = {"bruno": bruno, "admin": admin}[who]
    world = await _world(ana)
    for method, path, _ in (param.values for param in rows(Kind.OWN)):
        if method == "GET":
            for query in ("", f"?search={MARK}", f"?team_id={world.team_id}", "?limit=100", "?page=1&active=true"):
                answer = await _ask(other, method, f"{path}{query}")
                assert answer.status_code in {200, 422}, (path, query, answer.text)
                assert MARK not in answer.text.replace(query.removeprefix("?search="), ""), (path, query)


async def test_what_administrators_do_is_not_there_for_others(ana: Person, bruno: Person, admin: Person) -> None:
    world = await _world(bruno)
    unknown = await ana.post("/admin/nothing", {}, headers=SAME)
    for method, path, row in (param.values for param in rows(Kind.ADMIN)):
        filled, body = world.path(path), row.body(world)
        assert (await _ask(ana, method, filled, json=body, headers=SAME)).status_code == 404, path
        answer = await _ask(admin, method, filled, json=body)
        assert answer.is_success, (path, answer.text)
        is_let_look_inside = path.endswith("/open")
        assert is_let_look_inside or f"{MARK} pedido" not in answer.text, path
    assert unknown.status_code == 404


async def test_a_token_with_every_scope_but_the_needed_one_is_refused(ana: Person, admin: Person) -> None:
    world = await _world(ana)
    every = [scope.value for scope in Scope if scope is not Scope.ADMIN]
    programs: dict[str, Person] = {}
    for scope in (*every, SESSION, "admin"):
        made = await ana.post("/auth/tokens", {"name": "x", "scopes": [each for each in every if each != scope]})
        programs[scope] = Person(ana.http, ana.user, made.json()["token"])
    before = await _everything(ana)
    for method, path, row in (param.values for param in rows(*SIGNED_IN, Kind.ADMIN)):
        if not row.scope:
            continue
        answer = await _ask(programs[row.scope], method, world.path(path), json=row.body(world))
        refusal = {"admin": (404, "not_found"), SESSION: (403, "session_required")}
        expected = refusal.get(row.scope, (403, "missing_scope"))
        assert (answer.status_code, answer.json()["error"]["code"]) == expected, (method, path)
        assert MARK not in answer.text
    now = await _everything(ana)
    assert [each for each in now if "total" not in each] == [each for each in before if "total" not in each]


async def test_ids_in_bodies_are_checked_like_those_in_paths(ana: Person, bruno: Person) -> None:
    theirs, own, nobodys = await _world(ana), await _world(bruno), _nobodys()
    before = [await _everything(person) for person in (ana, bruno)]
    for route, body in IN_BODIES.items():
        method, path = route.split(" ")
        answers = [
            await _ask(
                bruno, method, own.path(path), headers=SAME, json=body({**vars(ids), "own_agent_id": own.agent_id})
            )
            for ids in (theirs, nobodys)
        ]
        assert answers[0].status_code in {404, 422}, (route, answers[0].text)
        texts = [
            answer.text.replace(ids.agent_id, "ID") for answer, ids in zip(answers, (theirs, nobodys), strict=True)
        ]
        assert texts[0] == texts[1], route
    assert [await _everything(person) for person in (ana, bruno)] == before


async def test_no_body_sets_what_is_not_the_callers_to_set(ana: Person) -> None:
    for method, path, row in (param.values for param in rows(*SIGNED_IN)):
        world = await _world(ana)
        if not isinstance(body := row.body(world), dict):
            continue
        more = {name: value for name, value in NOT_THEIRS_TO_SET.items() if name not in body}
        answer = await _ask(ana, method, world.path(path), json={**more, **body})
        assert answer.status_code == 422, (method, path, answer.text)
        refused = {each["field"] for each in answer.json()["error"]["details"]["fields"]}
        assert refused >= set(more), (method, path, set(more) - refused)


def test_no_model_of_a_body_takes_more_than_it_names(settings: Settings) -> None:
    mounted = next(each for each in create_api(settings).routes if getattr(each, "path", "") == "/api/v1")
    rest = mounted.app._app  # type: ignore[attr-defined]
    assert isinstance(rest, FastAPI)
    document = rest.openapi()
    todo = [
        str(method["requestBody"])
        for path in document["paths"].values()
        for method in path.values()
        if "requestBody" in method
    ]
    seen: set[str] = set()
    while todo:
        words = todo.pop().replace("'", '"').split("#/components/schemas/")[1:]
        for name in {word.split('"', 1)[0] for word in words} - seen:
            seen.add(name)
            schema = document["components"]["schemas"][name]
            todo.append(str(schema))
            assert schema["type"] == "string" or schema.get("additionalProperties") is False, name
    assert len(seen) > 20


async def test_forms_are_taken_from_our_own_pages_only(http: httpx.AsyncClient) -> None:
    for method, path, row in (param.values for param in rows(Kind.FORM)):
        for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}):
            body = {"json": row.body(_nobodys())} if row.body(_nobodys()) else {"data": {"email": "a@example.com"}}
            answer = await http.request(method, path, headers=headers, **body)
            assert answer.status_code == 403, (path, headers)
            assert "set-cookie" not in answer.headers


async def test_the_socket_knows_every_caller(served: str, ana: Person, bruno: Person, admin: Person) -> None:
    world = await _world(ana)
    blind = await ana.post("/auth/tokens", {"name": "x", "scopes": ["teams:read", "executions:run"]})
    codes = {}
    for who, token in {
        "nobody": "", "other": bruno.token, "admin": admin.token, "blind": blind.json()["token"], "owner": ana.token,
    }.items():  # fmt: skip
        url = f"ws://{served}/ws/executions/{world.execution_id}/monitor?token={token}"
        async with websockets.connect(url) as socket:
            heard = ""
            with suppress(websockets.ConnectionClosed):
                heard = str(await socket.recv())
        codes[who] = "snapshot" if '"snapshot"' in heard else (heard, socket.close_code)
    assert codes == {
        "nobody": ("", 4401), "other": ("", 4404), "admin": ("", 4404), "blind": ("", 4403), "owner": "snapshot",
    }  # fmt: skip
