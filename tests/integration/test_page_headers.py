"""What every page and file is sent with."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from renum_app.api.page_headers import PageHeaders


async def _answer(path: str, headers: dict[str, str] | None = None) -> httpx.Response:
    page = Route("/{rest:path}", lambda _: PlainTextResponse("page", headers=headers))
    transport = httpx.ASGITransport(PageHeaders(Starlette(routes=[page])))
    async with httpx.AsyncClient(transport=transport, base_url="http://renum") as client:
        return await client.get(path)


async def test_a_page_may_not_be_framed_nor_sniffed() -> None:
    headers = (await _answer("/teams")).headers

    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


async def test_a_stricter_header_of_the_api_stays() -> None:
    headers = (await _answer("/api/v1/teams", {"Referrer-Policy": "no-referrer"})).headers

    assert headers.get_list("Referrer-Policy") == ["no-referrer"]


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [("/assets/entry.client-DMqNtF3h.js", True), ("/renum/boot.js", False), ("/login", False)],
)
async def test_only_files_named_by_their_content_are_kept_for_good(path: str, is_kept: bool) -> None:
    assert ("immutable" in (await _answer(path)).headers.get("Cache-Control", "")) is is_kept
