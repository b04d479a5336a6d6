"""Which addresses a user's URL may lead to: the guard against requests forged through the server.

The check is made on the very address that is then connected to, so a name that resolves differently a moment later, or
an odd spelling of 127.0.0.1, changes nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from ipaddress import IPv4Address, IPv6Address
from urllib.parse import urlsplit

import httpx

_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")


class AddressRefused(OSError):
    """The host leads to an address that is not public."""


class BadUrl(Exception):
    """A URL that may not be stored as a base URL; `code` is a word of the catalogue's `problems`."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def check_url(url: str, *, private_is_allowed: bool = True) -> None:
    """Check a base URL when it is saved; where its name leads is checked again at every connection.

    Raises:
        BadUrl: `bad_url`, `url_with_credentials` or `private_address`.
    """
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname, parts.port
        httpx.URL(url)  # what our clients cannot read, they could never call
    except (ValueError, httpx.InvalidURL):
        raise BadUrl("bad_url") from None
    printable = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if parts.scheme not in {"http", "https"} or not host or not printable or parts.query or parts.fragment:
        raise BadUrl("bad_url")
    if parts.username is not None or parts.password is not None:
        raise BadUrl("url_with_credentials")
    if not private_is_allowed and _is_known_private(host):
        raise BadUrl("private_address")


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet, also when it is wrapped in another."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return _is_public_v4(parsed) if isinstance(parsed, IPv4Address) else _is_public_v6(parsed)


def require_public(address: str) -> None:
    """Raise AddressRefused unless the address is public."""
    if not is_public(address):
        raise AddressRefused(f"{address} is not a public address")


async def resolve(host: str, port: int, *, private_is_allowed: bool) -> list[str]:
    """The addresses of a host.

    Raises:
        AddressRefused: One of them is not public, where that is not allowed.
        OSError: The name does not resolve.
    """
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"{host!r} is not a host name") from error
    addresses = list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))
    if not private_is_allowed:
        for address in addresses:
            require_public(address)
    return addresses


def _is_public_v4(address: IPv4Address) -> bool:
    return address.is_global and not address.is_multicast


def _is_public_v6(address: IPv6Address) -> bool:
    if address.ipv4_mapped is not None:
        return _is_public_v4(address.ipv4_mapped)
    if address in _NAT64:
        return _is_public_v4(IPv4Address(int(address) & 0xFFFF_FFFF))
    # 6to4 and Teredo are tunnels to an IPv4 address of anyone's choice, and nobody serves models there.
    is_tunnel = address.sixtofour is not None or address.teredo is not None
    return address in _GLOBAL_UNICAST and address.is_global and not is_tunnel


def _is_known_private(host: str) -> bool:
    """What can be told without asking a name server."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return not is_public(str(ipaddress.ip_address(host)))
    except ValueError:
        return False
