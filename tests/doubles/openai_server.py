"""A real HTTP server that speaks OpenAI's chat completions, and fails in every way a provider can.

    async with openai_server() as server:            # in a test with a running loop
    with openai_server_in_thread() as server:        # for a test that starts processes, or has no loop
    server.base_url, server.calls, server.requests   # where it is, how often and with what it was called
    server.will("429", retry_after="2")              # the next call meets this fault; further ones in order
    server.reply_with("text", seconds=1.0)           # what it answers from now on

The model name may script one call as well, so that the agents of a team can differ: `fault-500`, `reply-hello`,
`seconds-1.5`. From the command line: `python -m tests.doubles.openai_server PORT`.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

_BEFORE = (
    "401", "403", "404", "400", "429", "500", "502", "redirect", "garbage", "bad_json", "odd_json", "nothing",
    "endless_line", "drop_at_once", "slow_first",
)  # fmt: skip
_AMIDST = (
    "drop", "no_finish", "no_usage", "stall", "endless", "empty", "in_stream_error", "in_stream_garbage",
)  # fmt: skip
FAULTS = _BEFORE + _AMIDST
"""Every way it fails; `no_usage` is a good answer without its numbers."""

PAUSE_SECONDS = 30.0
"""How long `slow_first` and `stall` are silent: longer than any test waits."""


@dataclass
class OpenAIServer:
    """What a test sees of the server, and how it steers it."""

    key: str = "sk-test-0123456789abcdefwxyz"
    models: list[str] = field(default_factory=lambda: ["tiny", "small"])
    reply: str = "The answer is **42**, as far as the tests go."
    seconds: float = 0.0
    port: int = 0
    calls: int = 0
    """Chat completions asked for, the failing ones included."""
    connections: int = 0
    """Requests of any kind."""
    finished: int = 0
    """Chat completions answered to the end."""
    open_streams: int = 0
    """Chat completions being answered at this moment."""
    most_open_streams: int = 0
    requests: list[dict[str, Any]] = field(default_factory=list)
    """The bodies of the chat completions."""
    headers: list[dict[str, str]] = field(default_factory=list)
    usages: list[dict[str, int]] = field(default_factory=list)
    """The tokens it told, in the order of the answers."""
    _faults: deque[tuple[str, dict[str, Any]]] = field(default_factory=deque)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def will(self, *faults: str, **options: Any) -> None:
        """Let the next calls meet these faults, one each."""
        for fault in faults:
            if fault not in FAULTS:
                raise ValueError(f"unknown fault {fault!r}")
            self._faults.append((fault, options))

    def reply_with(self, reply: str, *, seconds: float = 0.0) -> None:
        self.reply, self.seconds = reply, seconds

    def application(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._models)
        app.router.add_get("/elsewhere", self._elsewhere)
        return app

    async def _elsewhere(self, request: web.Request) -> web.Response:
        self.connections += 1
        self.headers.append(dict(request.headers))
        return web.json_response({"object": "list", "data": []})

    async def _models(self, request: web.Request) -> web.StreamResponse:
        self.connections += 1
        self.headers.append(dict(request.headers))
        fault, options = self._next_fault("")
        if fault:
            return await self._fail(request, fault=fault, options=options)
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return _error(401, f"Incorrect API key provided: {request.headers.get('Authorization')}")
        data = [{"id": model, "object": "model", "created": 0, "owned_by": "renum"} for model in self.models]
        return web.json_response({"object": "list", "data": data})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        self.connections += 1
        self.calls += 1
        self.headers.append(dict(request.headers))
        body = await request.json()
        self.requests.append(body)
        fault, options = self._next_fault(body["model"])
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return _error(401, f"Incorrect API key provided: {request.headers.get('Authorization')}")
        self.open_streams += 1
        self.most_open_streams = max(self.most_open_streams, self.open_streams)
        try:
            if fault is None or fault in _AMIDST:
                return await self._stream(request, body=body, fault=fault)
            return await self._fail(request, fault=fault, options=options)
        finally:
            self.open_streams -= 1

    def _next_fault(self, model: str) -> tuple[str | None, dict[str, Any]]:
        if model.startswith("fault-"):
            return model.removeprefix("fault-"), {}
        return self._faults.popleft() if self._faults else (None, {})

    async def _fail(self, request: web.Request, *, fault: str, options: dict[str, Any]) -> web.StreamResponse:
        match fault:
            case "429":
                headers = {"Retry-After": str(options["retry_after"])} if "retry_after" in options else {}
                return _error(429, "Rate limit reached, please slow down.", headers=headers)
            case "502":
                page = "<html><body><h1>502 Bad Gateway</h1></body></html>"
                return web.Response(status=502, text=page, content_type="text/html")
            case "redirect":
                return web.Response(status=302, headers={"Location": f"http://127.0.0.1:{self.port}/elsewhere"})
            case "garbage":
                return web.Response(
                    text="<html><body>Log in to the hotel network</body></html>", content_type="text/html"
                )
            case "bad_json":
                return await _sse(request, lines=["data: {not json\n\n", "data: [DONE]\n\n"])
            case "odd_json":
                return await _sse(request, lines=['data: {"choices": 7, "usage": "many"}\n\n', "data: [1, 2]\n\n"])
            case "endless_line":
                response = await _sse(request, lines=["data: "])
                while True:
                    await response.write(b"x" * 65_536)
            case "nothing":
                return web.Response(body=b"", content_type="text/event-stream")
            case "drop_at_once":
                return _drop(request)
            case "slow_first":
                await asyncio.sleep(options.get("seconds", PAUSE_SECONDS))
                return web.Response(body=b"", content_type="text/event-stream")
            case _:
                message = options.get("message", "The server had an error with key " + self.key)
                return _error(int(fault), message)

    async def _stream(self, request: web.Request, *, body: dict[str, Any], fault: str | None) -> web.StreamResponse:
        model, (reply, seconds) = body["model"], self._script(body["model"])
        reply = "" if fault == "empty" else reply
        if not body.get("stream"):
            return web.json_response(self._whole(body, reply=reply))
        response = await _sse(request, lines=[])
        words = [word + " " for word in reply.split(" ")]
        words[-1] = words[-1][:-1]
        bound = body.get("max_tokens") or body.get("max_completion_tokens") or len(words)
        for place, word in enumerate(words[:bound]):
            await asyncio.sleep(seconds / len(words))
            await _send(
                response, _chunk(model, {"role": "assistant", "content": word} if place == 0 else {"content": word})
            )
            if place == len(words) // 2 and fault:
                if fault == "drop":
                    return _drop(request)
                if fault == "in_stream_error":
                    await _send(response, {"error": {"message": "The model overloaded itself", "type": "server_error"}})
                    return response
                if fault == "in_stream_garbage":
                    await response.write(b'data: {"choices": [{"delta": {"content": \xff\xfe\x00\n\n')
                    return response
                if fault == "stall":
                    await asyncio.sleep(PAUSE_SECONDS)
                while fault == "endless":
                    await _send(response, _chunk(model, {"content": "and on "}))
                    await asyncio.sleep(0.02)
        if fault == "no_finish":
            return response
        finish = "stop" if bound >= len(words) else "length"
        await _send(response, _chunk(model, {}, finish=finish))
        if fault != "no_usage" and (body.get("stream_options") or {}).get("include_usage"):
            await _send(response, {**_chunk(model, {}), "choices": [], "usage": self._usage(body, words=words[:bound])})
        await response.write(b"data: [DONE]\n\n")
        self.finished += 1
        return response

    def _script(self, model: str) -> tuple[str, float]:
        if model.startswith("reply-"):
            return model.removeprefix("reply-"), self.seconds
        if model.startswith("seconds-"):
            return self.reply, float(model.removeprefix("seconds-"))
        return self.reply, self.seconds

    def _usage(self, body: dict[str, Any], *, words: list[str]) -> dict[str, Any]:
        """Numbers that no counting of characters would give."""
        prompt = 100 + sum(len(str(message["content"]).split()) for message in body["messages"])
        usage = {"prompt_tokens": prompt, "completion_tokens": len(words), "total_tokens": prompt + len(words)}
        self.usages.append(usage)
        return {**usage, "prompt_tokens_details": {"cached_tokens": 16}}

    def _whole(self, body: dict[str, Any], *, reply: str) -> dict[str, Any]:
        self.finished += 1
        message = {"role": "assistant", "content": reply}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": body["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": self._usage(body, words=reply.split()),
        }


@asynccontextmanager
async def openai_server(*, port: int = 0) -> AsyncIterator[OpenAIServer]:
    """Serve on the running loop, on a free port unless given."""
    server = OpenAIServer()
    runner = web.AppRunner(server.application(), handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()


@contextmanager
def openai_server_in_thread(*, port: int = 0) -> Iterator[OpenAIServer]:
    """Serve on a thread with a loop of its own."""
    ready, loop, servers = threading.Event(), asyncio.new_event_loop(), []

    async def serve() -> None:
        stop = asyncio.get_running_loop().create_future()
        async with openai_server(port=port) as server:
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


def _error(status: int, message: str, *, headers: dict[str, str] | None = None) -> web.Response:
    body = {"error": {"message": message, "type": "invalid_request_error", "param": None, "code": None}}
    return web.json_response(body, status=status, headers=headers)


def _drop(request: web.Request) -> web.Response:
    """Break the connection as a dying server does, with a reset."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def _sse(request: web.Request, *, lines: list[str]) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    for line in lines:
        await response.write(line.encode())
    return response


async def _send(response: web.StreamResponse, data: dict[str, Any]) -> None:
    await response.write(f"data: {json.dumps(data)}\n\n".encode())


def _chunk(model: str, delta: dict[str, Any], *, finish: str | None = None) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
    }


async def _main(port: int) -> None:
    async with openai_server(port=port) as server:
        print(server.base_url, "key", server.key, flush=True)  # noqa: T201 - a command line
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(_main(int(sys.argv[1]) if len(sys.argv) > 1 else 0))
