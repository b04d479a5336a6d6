"""What a failed call was, whichever library reported it: found in the chain of its causes."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator
from enum import Enum, auto

import aiohttp
import httpcore2
import httpx
import httpx2

from renum_app.http.guard import AddressRefused

TRANSPORT_ERRORS: tuple[type[Exception], ...] = (
    httpx.HTTPError, httpx.InvalidURL, httpx2.HTTPError, httpx2.InvalidURL, aiohttp.ClientError, OSError,
)  # fmt: skip
"""What our clients may raise when a call breaks; `trouble_of` tells what it was."""


class RedirectRefused(httpx2.TransportError):
    """The server answered with a redirect, which would take the key somewhere else."""


class Trouble(Enum):
    ADDRESS_REFUSED = auto()
    """The guard refused where the URL leads, or it is no URL to connect to."""
    REDIRECTED = auto()
    CERTIFICATE = auto()
    """The server's certificate is not valid for its name."""
    UNREACHABLE = auto()
    """Nobody answered: refused, no such name, no connection in time."""
    TIMED_OUT = auto()
    """Connected, but then silent for too long."""
    CUT = auto()
    """The connection broke after the request had been sent."""
    UNREADABLE = auto()
    """The answer was not HTTP, or not what it said it was."""


_TROUBLES: tuple[tuple[tuple[type[BaseException], ...], Trouble], ...] = (
    (
        (
            AddressRefused, httpx.UnsupportedProtocol, httpx2.UnsupportedProtocol, httpx.InvalidURL, httpx2.InvalidURL,
        ),
        Trouble.ADDRESS_REFUSED,
    ),
    ((RedirectRefused,), Trouble.REDIRECTED),
    ((ssl.SSLCertVerificationError, aiohttp.ClientConnectorCertificateError), Trouble.CERTIFICATE),
    (
        (
            httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout, aiohttp.ClientConnectorError,
            aiohttp.ConnectionTimeoutError,
        ),
        Trouble.UNREACHABLE,
    ),
    ((httpx2.TimeoutException, aiohttp.SocketTimeoutError), Trouble.TIMED_OUT),
    ((httpx2.DecodingError, aiohttp.ClientResponseError), Trouble.UNREADABLE),
    (
        (
            httpx2.RemoteProtocolError, httpx2.NetworkError, httpcore2.NetworkError, aiohttp.ClientPayloadError,
            aiohttp.ClientConnectionError, httpx.NetworkError,
        ),
        Trouble.CUT,
    ),
    ((json.JSONDecodeError, UnicodeDecodeError, httpx.DecodingError), Trouble.UNREADABLE),
)  # fmt: skip


def trouble_of(error: BaseException) -> Trouble | None:
    """The kind of trouble behind an error, or None when it was no trouble of the connection."""
    chain = tuple(_chain(error))
    for kinds, trouble in _TROUBLES:
        if any(isinstance(link, kinds) for link in chain):
            return trouble
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it."""
    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield link
        link = link.__cause__ or link.__context__
