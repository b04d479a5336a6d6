"""Where a call comes from: its network address, for those who write down who did what."""

from __future__ import annotations

import ipaddress
from contextvars import ContextVar

from starlette.datastructures import Headers
from starlette.types import Scope

_address: ContextVar[str] = ContextVar("renum_caller_address", default="")


def note(address: str) -> None:
    """What follows in this task is done for a caller from there."""
    _address.set(address)


def address() -> str:
    """Where the present call comes from; empty for what Renum does by itself."""
    return _address.get()


def address_of(scope: Scope, *, trusted_hops: int) -> str:
    """The client's address.

    Args:
        trusted_hops: Proxies of ours before the server. Each adds to `X-Forwarded-For` whom it saw; what stands left
            of theirs anybody can have written.
    """
    peer = scope["client"][0] if scope.get("client") else ""
    forwarded = ",".join(Headers(scope=scope).getlist("x-forwarded-for")).split(",")
    if trusted_hops < 1 or len(forwarded) < trusted_hops:
        return peer
    return _as_address(forwarded[-trusted_hops].strip()) or peer


def _as_address(text: str) -> str:
    try:
        return str(ipaddress.ip_address(text.removeprefix("[").partition("]")[0]))
    except ValueError:
        return ""
