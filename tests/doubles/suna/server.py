"""The routes: each generation's own, checked against what it publishes, failing where the test says so."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from tests.doubles.suna import contract
from tests.doubles.suna.operations import Operations
from tests.doubles.suna.replies import Reply, body_of, detailed, dripped, dropped, failed, missing, names_in
from tests.doubles.suna.world import Script

STREAM_FAULTS = frozenset({"", "cut", "garbage", "endless_line", "long_line", "stall", "drip", "broken_events"})
_OPERATIONS = {
    ("GET", "/health"): "health",
    ("GET", "/agents"): "agents",
    ("POST", "/agents"): "create_agent",
    ("GET", "/agents/{agent_id}"): "agent",
    ("PUT", "/agents/{agent_id}"): "update_agent",
    ("DELETE", "/agents/{agent_id}"): "delete_agent",
    ("GET", "/threads"): "threads",
    ("POST", "/threads"): "create_thread",
    ("GET", "/threads/{thread_id}/messages"): "messages",
    ("POST", "/threads/{thread_id}/messages/add"): "add",
    ("POST", "/thread/{thread_id}/agent/start"): "start",
    ("POST", "/agent/start"): "start",
    ("GET", "/agent-run/{agent_run_id}"): "run",
    ("POST", "/agent-run/{agent_run_id}/stop"): "stop",
    ("GET", "/agent-run/{agent_run_id}/stream"): "stream",
    ("GET", "/thread/{thread_id}/agent-runs"): "runs",
    ("GET", "/agent-runs/active"): "active",
    ("GET", "/billing/credit-usage"): "ledger",
    ("GET", "/billing/transactions"): "ledger",
    ("GET", "/billing/account-state"): "account",
}
Handler = Callable[[web.Request, dict[str, str], Any], Awaitable[Reply]]


@dataclass
class SunaServer(Operations):
    """What a test sees of the server, and how it steers it."""

    port: int = 0
    scheme: str = "http"
    calls: Counter[str] = field(default_factory=Counter)
    """Requests by operation, the failing ones included."""
    violations: list[str] = field(default_factory=list)
    """In what requests broke the generation's OpenAPI document."""
    headers: list[dict[str, str]] = field(default_factory=list)
    hides_openapi: bool = False
    is_away: bool = False
    release: asyncio.Event = field(default_factory=asyncio.Event)
    """Lets requests go that `hold` and `hold_reply` keep."""
    _open: dict[int, web.Request] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @property
    def document(self) -> dict[str, Any]:
        return contract.published(self.generation)

    @property
    def open_requests(self) -> list[str]:
        """What is being answered at this moment."""
        return [request.path for request in self._open.values()]

    def agent(self, name: str, script: Script | None = None, **fields: Any) -> str:
        """Add an agent; its id."""
        return self.world.add_agent(name, script, account=self.account, **fields)

    def will(self, operation: str, *faults: str, **options: Any) -> None:
        """Let the next requests of an operation meet these faults, one each."""
        self._faults[operation].extend((fault, options) for fault in faults)

    def go_away(self) -> None:
        """Refuse everything and cut what is open, until `come_back`."""
        self.is_away = True
        for request in list(self._open.values()):
            if request.transport is not None:
                request.transport.abort()

    def come_back(self) -> None:
        self.is_away = False

    def application(self) -> web.Application:
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_route("*", "/{path:.*}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> Reply:
        if self.is_away:
            return dropped(request)
        self._open[id(request)] = request
        self.headers.append(dict(request.headers))
        try:
            return await self._routed(request)
        finally:
            del self._open[id(request)]

    async def _routed(self, request: web.Request) -> Reply:
        if request.path == "/openapi.json":
            self.calls["openapi"] += 1
            return missing() if self.hides_openapi else web.json_response(self.document)
        template = contract.route_of(self.document, request.method, request.path)
        operation = _OPERATIONS.get((request.method, (template or "").removeprefix(self.traits.prefix)))
        if template is None:
            return missing()
        if operation == "health":
            self.calls["health"] += 1
            return await self._faulty("health", request, lambda: self._health(request))
        if self._account_of(request) is None:
            return detailed(401, "No valid authentication credentials found")
        body = await body_of(request)
        self.violations += contract.violations(
            self.document,
            request.method,
            request.path,
            query=dict(request.query),
            kind=request.content_type if body is not None else "",
            body=body,
        )
        if operation is None:
            return detailed(500, "the double has no such operation")
        self.calls[operation] += 1
        names = names_in(template, request.path)
        handler: Handler = getattr(self, f"_{operation}")
        return await self._faulty(operation, request, lambda: handler(request, names, body))

    async def _faulty(self, operation: str, request: web.Request, act: Callable[[], Awaitable[Reply]]) -> Reply:
        waiting = self._faults[operation]
        if not waiting or waiting[0][0] in STREAM_FAULTS:
            return await act()
        fault, options = waiting.popleft()
        if fault in {"lose", "hold_reply", "act_and_tell_nonsense"}:
            reply = await act()
            if fault == "act_and_tell_nonsense":
                return web.Response(text="<html>hotel</html>", content_type="text/html")
            if fault == "hold_reply":
                await self.release.wait()
                return reply
            return dropped(request)
        if fault == "slow":
            await asyncio.sleep(options.get("seconds", 0.5))
            return await act()
        if fault == "drip":
            return await dripped(request, options["seconds"])
        if fault == "slow_and_uncut":
            return await asyncio.shield(asyncio.create_task(_later(act, options["seconds"])))
        if fault == "hold":
            await self.release.wait()
            return dropped(request)
        return failed(request, fault, options)


async def _later(act: Callable[[], Awaitable[Reply]], seconds: float) -> Reply:
    """As a real server does, which goes on with a request whose caller has left."""
    await asyncio.sleep(seconds)
    return await act()
