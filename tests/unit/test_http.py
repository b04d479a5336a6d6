"""Outgoing HTTP: what the guard refuses, what check_url refuses, and that no client goes round it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from renum_app.http import BadUrl, Trouble, check_url, own_client, sdk_client, trouble_of
from renum_app.http.guard import AddressRefused, is_public, resolve
from tests.doubles.openai_server import OpenAIServer, openai_server

CLIENTS = pytest.mark.parametrize("make", [sdk_client, own_client])


@pytest.fixture
async def server() -> AsyncIterator[OpenAIServer]:
    async with openai_server() as running:
        yield running


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "198.18.0.1",
        "192.0.2.1",
        "240.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fc00::1",
        "fd00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:a9fe:a9fe",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::7f00:1",
        "2002:7f00:1::",
        "2002:808:808::1",
        "2001:0:1::1",
        "2001:db8::1",
        "100::1",
        "not an address",
        "",
    ],
)
def test_an_address_that_is_not_public_is_known_in_every_wrapping(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_a_public_address_passes(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "017700000001", "127.1", "::1", "0"]
)
async def test_every_spelling_of_this_machine_is_refused(host: str) -> None:
    with pytest.raises(AddressRefused):
        await resolve(host, 80, private_is_allowed=False)


@pytest.mark.parametrize("host", ["x" * 300, "a..b", "no-such-host.invalid"])
async def test_a_name_that_is_none_is_an_os_error(host: str) -> None:
    with pytest.raises(OSError):
        await resolve(host, 80, private_is_allowed=True)


@CLIENTS
@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]"]
)
async def test_a_client_refuses_a_private_address_before_it_connects(
    server: OpenAIServer, make: Any, host: str
) -> None:
    async with make(private_is_allowed=False, read_seconds=5) as client:
        with pytest.raises(Exception) as caught:
            await client.get(f"http://{host}:{server.port}/v1/models")
    assert trouble_of(caught.value) is Trouble.ADDRESS_REFUSED
    assert server.connections == 0


@CLIENTS
async def test_a_client_reaches_a_private_address_where_that_is_allowed(server: OpenAIServer, make: Any) -> None:
    async with make(private_is_allowed=True, read_seconds=5) as client:
        for host in ("127.0.0.1", "localhost"):
            answer = await client.get(
                f"http://{host}:{server.port}/v1/models", headers={"Authorization": f"Bearer {server.key}"}
            )
            assert answer.status_code == 200
            assert answer.json()["data"][0]["id"] == "tiny"


@CLIENTS
async def test_a_redirect_is_refused_and_the_key_stays(server: OpenAIServer, make: Any) -> None:
    server.will("redirect")
    async with make(private_is_allowed=True, read_seconds=5) as client:
        with pytest.raises(Exception) as caught:
            await client.get(
                f"{server.base_url}/models", headers={"Authorization": f"Bearer {server.key}"}, follow_redirects=True
            )
    assert trouble_of(caught.value) is Trouble.REDIRECTED
    assert server.connections == 1


@CLIENTS
async def test_proxies_of_the_environment_are_ignored(
    server: OpenAIServer, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with make(private_is_allowed=True, read_seconds=5) as client:
        answer = await client.get(f"http://127.0.0.1:{server.port}/elsewhere")
    assert answer.status_code == 200


@CLIENTS
@pytest.mark.parametrize(("fault", "trouble"), [("slow_first", Trouble.TIMED_OUT), ("drop_at_once", Trouble.CUT)])
async def test_trouble_has_a_name(server: OpenAIServer, make: Any, fault: str, trouble: Trouble) -> None:
    server.will(fault, fault)  # aiohttp asks a second time where a GET was cut
    async with make(private_is_allowed=True, read_seconds=0.2) as client:
        with pytest.raises(Exception) as caught:
            await client.get(f"{server.base_url}/models")
    assert trouble_of(caught.value) is trouble


@CLIENTS
@pytest.mark.parametrize("url", ["http://127.0.0.1:9/", "http://no-such-host.invalid/"])
async def test_nobody_there_is_unreachable(make: Any, url: str) -> None:
    async with make(private_is_allowed=True, read_seconds=5) as client:
        with pytest.raises(Exception) as caught:
            await client.get(url)
    assert trouble_of(caught.value) is Trouble.UNREACHABLE


def test_an_error_of_our_own_is_no_trouble_of_the_connection() -> None:
    assert trouble_of(ValueError("x")) is None


@pytest.mark.parametrize(
    "url", ["https://api.example.com/v1", "http://127.0.0.1:8799/v1", "http://[::1]:80", "https://x"]
)
def test_a_base_url_with_scheme_and_host_is_taken(url: str) -> None:
    check_url(url)


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "bad_url"),
        ("api.example.com", "bad_url"),
        ("ftp://example.com", "bad_url"),
        ("file:///etc/passwd", "bad_url"),
        ("http://", "bad_url"),
        ("http://:80", "bad_url"),
        ("http://x:99999", "bad_url"),
        ("http://[::1", "bad_url"),
        ("https://exa mple.com", "bad_url"),
        ("https://example.com\\@evil", "bad_url"),
        ("https://example.com\n", "bad_url"),
        ("https://example.com/v1?key=1", "bad_url"),
        ("https://example.com/#x", "bad_url"),
        ("javascript:alert(1)", "bad_url"),
        ("http://0177.0.0.1/v1", "bad_url"),
        ("https://user:pw@example.com", "url_with_credentials"),
        ("https://@example.com", "url_with_credentials"),
    ],
)
def test_a_base_url_that_leads_nowhere_good_is_refused(url: str, code: str) -> None:
    with pytest.raises(BadUrl) as caught:
        check_url(url)
    assert caught.value.code == code


@pytest.mark.parametrize("url", ["http://127.0.0.1/v1", "http://localhost", "http://x.localhost", "http://[fe80::1]/"])
def test_a_private_base_url_is_refused_at_once_where_it_could_never_work(url: str) -> None:
    with pytest.raises(BadUrl) as caught:
        check_url(url, private_is_allowed=False)
    assert caught.value.code == "private_address"
    check_url("https://8.8.8.8/v1", private_is_allowed=False)
    check_url("https://api.example.com/v1", private_is_allowed=False)
