"""Who is shown the sign-in page at once."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from renum_app.api.door import Door
from renum_app.auth.cookies import COOKIE_NAME
from renum_app.runtime import Runtime
from tests import factories


async def _visit(path: str, *, accept: str = "text/html,*/*", cookie: str = "") -> httpx.Response:
    pages = Route("/{rest:path}", lambda request: PlainTextResponse(f"page {request.url.path}"))
    transport = httpx.ASGITransport(Door(Starlette(routes=[pages])))
    headers = {"Accept": accept, **({"Cookie": cookie} if cookie else {})}
    async with httpx.AsyncClient(transport=transport, base_url="http://renum") as client:
        return await client.get(path, headers=headers)


@pytest.mark.parametrize(
    ("path", "login"),
    [
        ("/", "/login"),
        ("/teams", "/login?next=/teams"),
        ("/executions?status=failed&page=2", "/login?next=/executions%3Fstatus%3Dfailed%26page%3D2"),
    ],
)
async def test_a_visitor_without_a_session_is_led_to_the_sign_in_page_and_back(path: str, login: str) -> None:
    answer = await _visit(path)

    assert (answer.status_code, answer.headers["Location"]) == (303, login)


OPEN = ("/login", "/login/", "/login/code", "/register?next=/teams", "/forgot", "/reset", "/health/ready")


@pytest.mark.parametrize("path", OPEN)
async def test_what_is_open_stays_open(path: str) -> None:
    assert (await _visit(path)).status_code == 200


async def test_a_page_is_sent_to_who_carries_a_session() -> None:
    assert (await _visit("/teams", cookie=f"theme=dark; {COOKIE_NAME}=abc")).status_code == 200


async def test_scripts_and_fonts_are_no_pages() -> None:
    assert (await _visit("/assets/entry.js", accept="*/*")).status_code == 200


async def test_the_set_up_is_a_page_only_while_there_is_no_administrator(db: str, live_objects: Runtime) -> None:
    assert (await _visit("/setup")).text == "page /setup"
    assert (await _visit("/setup/")).text == "page /setup/"
    await factories.user(role="admin")
    for path in ("/setup", "/setup/"):
        assert (await _visit(path)).text == "page /404"
