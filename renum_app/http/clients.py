"""The clients: httpx2 for pydantic-ai and the providers' SDKs, httpx over aiohttp for our own calls.

Both check the address they connect to, follow no redirect and ignore proxies of the environment. A client belongs to
the event loop that first uses it; closing it is its owner's task.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import AsyncIterator, Iterable
from functools import lru_cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import aiohttp
import httpcore2
import httpx
import httpx2
from aiohttp.abc import AbstractResolver, ResolveResult
from httpx_aiohttp import AiohttpTransport

from renum_app import __version__
from renum_app.http.guard import require_public, resolve
from renum_app.http.trouble import RedirectRefused

_CONNECT_SECONDS = 10.0
_WRITE_SECONDS = 60.0
_KEEP_ALIVE_SECONDS = 30.0
_MAX_CONNECTIONS = 1_000
_MAX_IDLE_CONNECTIONS = 100
_MAX_LINE_BYTES = 8_388_608
_HEADERS = {"User-Agent": f"renum/{__version__}"}


def sdk_client(*, private_is_allowed: bool, read_seconds: float) -> httpx2.AsyncClient:
    """A client to hand to pydantic-ai and the SDKs that speak httpx2.

    Args:
        private_is_allowed: May it connect to addresses that are not public?
        read_seconds: How long the server may be silent.
    """
    return httpx2.AsyncClient(
        transport=_GuardedTransport(private_is_allowed=private_is_allowed),
        timeout=httpx2.Timeout(read_seconds, connect=_CONNECT_SECONDS, write=_WRITE_SECONDS, pool=_CONNECT_SECONDS),
        headers=_HEADERS,
        follow_redirects=False,
        trust_env=False,
        event_hooks={"response": [_refuse_redirect]},
    )


def own_client(*, private_is_allowed: bool, read_seconds: float) -> httpx.AsyncClient:
    """A client for our own calls, and for SDKs that still speak httpx."""
    return httpx.AsyncClient(
        transport=AiohttpTransport(client=lambda: _session(private_is_allowed=private_is_allowed), trust_env=False),
        timeout=httpx.Timeout(read_seconds, connect=_CONNECT_SECONDS, write=_WRITE_SECONDS, pool=_CONNECT_SECONDS),
        headers=_HEADERS,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),  # one client may speak for several people
        follow_redirects=False,
        trust_env=False,
        event_hooks={"response": [_refuse_redirect]},
    )


async def _refuse_redirect(response: httpx.Response | httpx2.Response) -> None:
    if 300 <= response.status_code < 400:
        raise RedirectRefused(f"The server answered with a redirect ({response.status_code}).")


@lru_cache(maxsize=1)
def _tls() -> ssl.SSLContext:
    """Reading the certificates takes tens of milliseconds, so once for all clients."""
    return httpx2.create_ssl_context()


class _GuardedNetwork(httpcore2.AsyncNetworkBackend):
    """Connects to addresses that have been checked; TLS still verifies the host's name."""

    def __init__(self, *, private_is_allowed: bool) -> None:
        self._private_is_allowed = private_is_allowed
        self._network: Any = httpcore2.AnyIOBackend()  # its type is lost in an import that depends on the platform

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the protocol of httpcore
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.AsyncNetworkStream:
        refused: httpcore2.ConnectError | httpcore2.ConnectTimeout | None = None
        for address in await self._addresses(host, port):
            try:
                return await self._network.connect_tcp(
                    address, port, timeout=timeout, local_address=local_address, socket_options=socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                refused = error
        raise refused or httpcore2.ConnectError(f"{host} has no address")

    async def sleep(self, seconds: float) -> None:
        await self._network.sleep(seconds)

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            return await resolve(host, port, private_is_allowed=self._private_is_allowed)
        except OSError as error:
            raise httpcore2.ConnectError(str(error)) from error


class _GuardedTransport(httpx2.AsyncHTTPTransport):
    """httpx2's own transport over the guarded network, which it offers no argument for."""

    def __init__(self, *, private_is_allowed: bool) -> None:
        super().__init__(verify=_tls(), trust_env=False)
        self._pool = httpcore2.AsyncConnectionPool(
            ssl_context=_tls(),
            max_connections=_MAX_CONNECTIONS,
            max_keepalive_connections=_MAX_IDLE_CONNECTIONS,
            keepalive_expiry=_KEEP_ALIVE_SECONDS,
            network_backend=_GuardedNetwork(private_is_allowed=private_is_allowed),
        )

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await super().handle_async_request(request)
        response.stream = _BoundedLines(response.stream)
        return response


class _BoundedLines(httpx2.AsyncByteStream):
    """A body of lines, as the SDKs read it; they would keep a line without an end in memory for ever."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        length = 0
        async for piece in self._stream:
            length = len(piece) - end - 1 if (end := piece.rfind(b"\n")) >= 0 else length + len(piece)
            if length > _MAX_LINE_BYTES:
                raise httpx2.DecodingError(f"The server sent a line of more than {_MAX_LINE_BYTES} bytes.")
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()


class _GuardedResolver(AbstractResolver):
    def __init__(self, *, private_is_allowed: bool) -> None:
        self._private_is_allowed = private_is_allowed

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        addresses = await resolve(host, port, private_is_allowed=self._private_is_allowed)
        return [_resolved(address, host=host, port=port) for address in addresses]

    async def close(self) -> None:
        """Nothing is open."""


def _resolved(address: str, *, host: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=socket.AI_NUMERICHOST)


def _session(*, private_is_allowed: bool) -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(
        ssl=_tls(),
        limit=_MAX_CONNECTIONS,
        keepalive_timeout=_KEEP_ALIVE_SECONDS,
        use_dns_cache=False,
        resolver=_GuardedResolver(private_is_allowed=private_is_allowed),
        # aiohttp asks no resolver about a host that is an address already.
        socket_factory=None if private_is_allowed else _public_socket,
    )
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False)


def _public_socket(address_info: aiohttp.AddrInfoType) -> socket.socket:
    family, kind, protocol, _, address = address_info
    require_public(str(address[0]))
    return socket.socket(family=family, type=kind, proto=protocol)
