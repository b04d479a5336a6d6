"""What every page and file is sent with."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from renum_app.api.content_policy import policy_of
from renum_app.api.page_headers import PageHeaders

POLICY = "default-src 'none'; frame-ancestors 'none'"


async def _answer(path: str, headers: dict[str, str] | None = None, *, https_only: bool = False) -> httpx.Response:
    page = Route("/{rest:path}", lambda _: PlainTextResponse("page", headers=headers))
    transport = httpx.ASGITransport(PageHeaders(Starlette(routes=[page]), policy=POLICY, https_only=https_only))
    async with httpx.AsyncClient(transport=transport, base_url="http://renum") as client:
        return await client.get(path)


async def test_a_page_may_not_be_framed_nor_sniffed() -> None:
    headers = (await _answer("/teams")).headers

    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in headers


async def test_in_production_a_browser_does_not_come_back_over_plain_http() -> None:
    assert "max-age=31536000" in (await _answer("/", https_only=True)).headers["Strict-Transport-Security"]


def test_the_policy_names_every_inline_script_of_the_build_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "teams").mkdir()
    (tmp_path / "index.html").write_bytes(
        b'<script src="/a.js"></script><script>one()</script><SCRIPT id="x">two\n</SCRIPT>'
    )
    (tmp_path / "teams" / "index.html").write_text("<script>one()</script><script type='module' async>three</script>")
    rules = dict(rule.split(" ", 1) for rule in policy_of(tmp_path).split("; "))
    wanted = {hashlib.sha256(text).digest() for text in (b"one()", b"two\n", b"three")}
    found = {base64.b64decode(word[8:-1]) for word in rules["script-src"].split() if word.startswith("'sha256-")}
    assert found == wanted
    assert "unsafe" not in rules["script-src"]
    assert rules["default-src"] == rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    assert rules["connect-src"] == rules["form-action"] == "'self'"


async def test_a_stricter_header_of_the_api_stays() -> None:
    headers = (await _answer("/api/v1/teams", {"Referrer-Policy": "no-referrer"})).headers

    assert headers.get_list("Referrer-Policy") == ["no-referrer"]


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [("/assets/entry.client-DMqNtF3h.js", True), ("/renum/boot.js", False), ("/login", False)],
)
async def test_only_files_named_by_their_content_are_kept_for_good(path: str, is_kept: bool) -> None:
    assert ("immutable" in (await _answer(path)).headers.get("Cache-Control", "")) is is_kept
