"""A real HTTP server that speaks Supabase Auth (GoTrue), and fails in the ways it can.

    async with gotrue_server() as server:            # in a test with a running loop
    with gotrue_server_in_thread() as server:        # for a test that starts processes
    server.project.add("ana@example.com", "quiet river")
    server.will("token", "500")                      # the next call of that operation fails
    server.project.keys.rotate()                     # another key signs from now on

Written from what its documentation and source say, not from Renum's client; `test_gotrue_double.py` drives it with
Supabase's own one. From the command line: `python -m tests.doubles.gotrue_server PORT`.
"""

from __future__ import annotations

import asyncio
import sys
import threading
from collections import Counter, defaultdict, deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import jwt
from aiohttp import web

from tests.doubles.gotrue.project import Project, Refused

PUBLISHABLE, SECRET = "sb_publishable_0123456789", "sb_secret_9876543210"
_VERSION = "X-Supabase-Api-Version"
_OPERATIONS = {
    ("POST", "/signup"): "signup",
    ("POST", "/token"): "token",
    ("GET", "/user"): "user",
    ("POST", "/logout"): "logout",
    ("POST", "/recover"): "recover",
    ("POST", "/resend"): "resend",
    ("GET", "/settings"): "settings",
    ("GET", "/health"): "health",
    ("GET", "/.well-known/jwks.json"): "jwks",
}


@dataclass
class GoTrueServer:
    """What a test sees of the server, and how it steers it."""

    port: int = 0
    project: Project = field(default_factory=Project)
    calls: Counter[str] = field(default_factory=Counter)
    callers: list[str] = field(default_factory=list)
    """Whose address each sign-in was counted under."""
    bodies: list[dict[str, Any]] = field(default_factory=list)
    signs_in_per_address: int = 30
    is_away: bool = False
    keys_are_away: bool = False
    _faults: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def will(self, operation: str, *faults: str) -> None:
        """Let the next calls of an operation meet these: a status, a code, `lose` (done, untold), `html`, `slow`."""
        self._faults[operation].extend(faults)

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_route("*", "/auth/v1/{path:.*}", self._answer)
        return app

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        operation = _OPERATIONS.get((request.method, request.path.removeprefix("/auth/v1")), "")
        if self.is_away or (self.keys_are_away and operation == "jwks"):
            return _dropped(request)
        self.calls[operation] += 1
        if operation not in {"jwks", "health"} and request.headers.get("apikey") not in {PUBLISHABLE, SECRET}:
            return web.json_response({"message": "No API key found in request"}, status=401)
        fault = self._faults[operation].popleft() if self._faults[operation] else ""
        if fault == "slow":
            await asyncio.sleep(0.4)
            fault = ""
        if fault == "html":
            return web.Response(status=502, text="<html>Bad gateway</html>", content_type="text/html")
        try:
            if fault.isdigit():
                raise Refused(int(fault), "over_request_rate_limit" if fault == "429" else "unexpected_failure")
            if fault and fault != "lose":
                raise Refused(400, fault)
            reply = await self._done(operation, request)
        except Refused as refused:
            return _refusal(request, refused)
        return _dropped(request) if fault == "lose" else reply

    async def _done(self, operation: str, request: web.Request) -> web.Response:
        body: dict[str, Any] = await request.json() if request.can_read_body else {}
        self.bodies.append(body)
        match operation:
            case "signup":
                return web.json_response(self.project.sign_up(body))
            case "token" if request.query.get("grant_type") == "password":
                self._count(request)
                return web.json_response(self.project.sign_in(body))
            case "token":
                return web.json_response(self.project.renew(body))
            case "user":
                user = self.project.user(self._claims(request)["sub"])
                if user.get("banned_until"):
                    raise Refused(403, "user_banned")
                return web.json_response(user)
            case "logout":
                self._log_out(request)
                return web.Response(status=204)
            case "recover":
                self.project.mails += [("recovery", body["email"])] if body["email"] in self.project.users else []
                return web.json_response({})
            case "resend":
                self.project.mails.append(("signup", body["email"]))
                return web.json_response({})
            case "jwks":
                headers = {"Cache-Control": "public, max-age=600"}
                return web.json_response({"keys": self.project.keys.published()}, headers=headers)
            case "settings":
                return web.json_response({"external": {"email": True}, "disable_signup": False})
            case "health":
                return web.json_response({"version": "v2.180.0", "name": "GoTrue", "description": "a double"})
            case _:
                return web.json_response({"code": 404, "error_code": "not_found", "msg": "no such route"}, status=404)

    def _claims(self, request: web.Request) -> dict[str, Any]:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            claims = self.project.keys.read(token, issuer=self.project.issuer)
        except jwt.InvalidTokenError as error:
            raise Refused(403, "bad_jwt", str(error)) from None
        self.project.session_of(claims)
        return claims

    def _log_out(self, request: web.Request) -> None:
        mine = self.project.session_of(self._claims(request))
        for session in self.project.sessions.values():
            if session is mine or (request.query.get("scope") == "global" and session.user_id == mine.user_id):
                session.is_over = True

    def _count(self, request: web.Request) -> None:
        """Sign-ins by address: the forwarded one counts only beside the secret key."""
        forwarded = request.headers.get("Sb-Forwarded-For", "").split(",")[0].strip()
        believed = forwarded and request.headers.get("apikey") == SECRET
        self.callers.append(forwarded if believed else str(request.remote))
        if self.callers.count(self.callers[-1]) > self.signs_in_per_address:
            raise Refused(429, "over_request_rate_limit")


def _refusal(request: web.Request, refused: Refused) -> web.Response:
    """In the form the caller asked for by the version header."""
    headers = {"x-sb-error-code": refused.code}
    if version := request.headers.get(_VERSION):
        headers[_VERSION] = version
        body: dict[str, Any] = {"code": refused.code, "message": refused.message}
    else:
        body = {"code": refused.status, "error_code": refused.code, "msg": refused.message}
    return web.json_response({**body, **refused.more}, status=refused.status, headers=headers)


def _dropped(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


@asynccontextmanager
async def gotrue_server(*, port: int = 0) -> AsyncIterator[GoTrueServer]:
    """Serve on the running loop, on a free port unless given."""
    server = GoTrueServer()
    runner = web.AppRunner(server.application(), handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    server.port = runner.addresses[0][1]
    server.project.issuer = f"{server.url}/auth/v1"
    try:
        yield server
    finally:
        await runner.cleanup()


@contextmanager
def gotrue_server_in_thread(*, port: int = 0) -> Iterator[GoTrueServer]:
    """Serve on a thread with a loop of its own."""
    ready, loop, servers = threading.Event(), asyncio.new_event_loop(), []

    async def serve() -> None:
        stop = asyncio.get_running_loop().create_future()
        async with gotrue_server(port=port) as server:
            servers.append((server, stop))
            ready.set()
            await stop

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), daemon=True)
    thread.start()
    if not ready.wait(10):
        raise RuntimeError("the server did not start")
    server, stop = servers[0]
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set_result, None)
        thread.join(10)
        loop.close()


async def _main(port: int) -> None:
    async with gotrue_server(port=port) as server:
        server.project.add("ana@example.com", "quiet river under stone", name="Ana Souza")
        print(server.url, PUBLISHABLE, "ana@example.com", flush=True)  # noqa: T201 - a command line
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
