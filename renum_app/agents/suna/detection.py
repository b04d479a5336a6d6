"""Which generation a Suna server is, asked at run time and without a credential."""

from __future__ import annotations

from uuid import uuid4

from renum_app.agents.backend import AgentFailed
from renum_app.agents.suna.dialect import Dialect, Generation, dialect_of
from renum_app.agents.suna.server import Server

_ROUTE_IS_THERE = frozenset({401, 403})
_REFUSED = {Generation.G1: "suna_too_old", Generation.G6: "suna_too_new"}


async def detect(server: Server) -> Dialect:
    """What the server speaks.

    Raises:
        AgentFailed: It is of a generation that Renum cannot drive, or no Suna at all.
        AgentError: It did not answer.
    """
    prefix = await _prefix(server)
    status, document = await server.peek("GET", "/openapi.json")
    known = dialect_of(document, prefix) if status == 200 and isinstance(document, dict) else None
    dialect = known or await _probed(server, prefix)
    if dialect.generation in _REFUSED:
        raise AgentFailed(_REFUSED[dialect.generation])
    return dialect


async def _prefix(server: Server) -> str:
    """Where the routes are; only one of the two answers."""
    statuses: list[int] = []
    for prefix in ("/v1", "/api"):
        status, body = await server.peek("GET", f"{prefix}/health")
        if status == 200 and isinstance(body, dict):
            if body.get("service") == "kortix-api":
                raise AgentFailed(_REFUSED[Generation.G6])
            return prefix
        statuses.append(status)
    if broken := [status for status in statuses if status >= 500]:
        raise AgentFailed("suna_failed", retryable=True, status=broken[0], detail="–")
    raise AgentFailed("suna_not_found")


async def _probed(server: Server, prefix: str) -> Dialect:
    """By which routes ask for a credential, where a proxy hides the document."""
    generation = await _probed_generation(server, prefix)
    return Dialect(
        generation=generation,
        prefix=prefix,
        has_optimized=generation is not Generation.G2,  # a release that lacks it passes it over
        has_ledger=await _has(server, "GET", f"{prefix}/billing/credit-usage"),
        has_account_state=await _has(server, "GET", f"{prefix}/billing/account-state"),
    )


async def _probed_generation(server: Server, prefix: str) -> Generation:
    if not await _has(server, "GET", f"{prefix}/threads"):
        if await _has(server, "POST", f"{prefix}/agent/initiate"):
            return Generation.G1
        raise AgentFailed("suna_not_found")
    if not await _has(server, "POST", f"{prefix}/agent/start"):
        return Generation.G2
    if prefix == "/api":
        return Generation.G3
    if await _has(server, "POST", f"{prefix}/files/stage"):
        return Generation.G4
    return Generation.G5 if await _has(server, "GET", f"{prefix}/agent-runs/{uuid4()}/status") else Generation.G3


async def _has(server: Server, method: str, path: str) -> bool:
    status, _body = await server.peek(method, path)
    return status in _ROUTE_IS_THERE
