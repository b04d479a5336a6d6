"""A real HTTP server that speaks the own APIs of the big providers, each as its SDK expects it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

REPLY = ("Hello ", "there")
TOLD = {"input": 11, "output": 7}
"""Tokens that every answer reports."""


@dataclass
class ProviderServer:
    key: str = "sk-user-key-0123456789"
    fault: str = ""
    """`cut`, `garbage` or a status; empty: a good answer."""
    port: int = 0
    calls: int = 0
    bodies: list[dict[str, Any]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.calls += 1
        self.bodies.append(await request.json())
        if self.key not in (request.headers.get("Authorization", "") + request.headers.get("x-goog-api-key", "")):
            return web.json_response({"error": {"message": "bad key"}}, status=401)
        if self.fault.isdigit():
            body = {"type": "error", "error": {"type": "x", "message": f"no, {self.key}"}}
            return web.json_response(body, status=int(self.fault), headers={"Retry-After": "3"})
        if self.fault == "garbage":
            return web.Response(text="<html>a hotel</html>", content_type="text/html")
        pieces, end = _spoken(request.path)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for event in pieces + ([] if self.fault == "cut" else end):
            name = f"event: {event['type']}\n" if "type" in event else ""
            await response.write(f"{name}data: {json.dumps(event)}\n\n".encode())
        return response


@asynccontextmanager
async def provider_server() -> AsyncIterator[ProviderServer]:
    """Serve on the running loop, on a free port."""
    server, app = ProviderServer(), web.Application()
    app.router.add_post("/{path:.*}", server.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.port = runner.addresses[0][1]
    try:
        yield server
    finally:
        await runner.cleanup()


def _spoken(path: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The events of an answer's text, and those that end it."""
    if path.endswith("/messages"):
        return _anthropic()
    if "streamGenerateContent" in path:
        return _google()
    if path.endswith("/responses"):
        return _responses()
    return _chat()


def _anthropic() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    message = {"id": "m", "type": "message", "role": "assistant", "model": "the-model", "content": []}
    usage = {"input_tokens": TOLD["input"], "output_tokens": 1}
    begin = [
        {"type": "message_start", "message": {**message, "stop_reason": None, "stop_sequence": None, "usage": usage}},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    ]
    text = [
        {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": part}} for part in REPLY
    ]
    stop = {"stop_reason": "end_turn", "stop_sequence": None}
    return begin + text, [
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": stop, "usage": {"output_tokens": TOLD["output"]}},
        {"type": "message_stop"},
    ]


def _google() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    def candidate(part: str, **more: Any) -> dict[str, Any]:
        content = {"role": "model", "parts": [{"text": part}]}
        return {"candidates": [{"content": content, "index": 0, **more}], "modelVersion": "the-model"}

    usage = {"promptTokenCount": TOLD["input"], "candidatesTokenCount": TOLD["output"], "totalTokenCount": 18}
    return [candidate(REPLY[0])], [{**candidate(REPLY[1], finishReason="STOP"), "usageMetadata": usage}]


def _responses() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    about = {"id": "r", "object": "response", "created_at": 1, "model": "the-model", "parallel_tool_calls": True}
    about |= {"tool_choice": "auto", "tools": [], "output": []}
    item = {"type": "message", "id": "i", "role": "assistant", "status": "in_progress", "content": []}
    place = {"item_id": "i", "output_index": 0, "content_index": 0}
    part = {"type": "output_text", "text": "", "annotations": []}
    begin: list[dict[str, Any]] = [
        {"type": "response.created", "response": {**about, "status": "in_progress"}},
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": "response.content_part.added", "part": part, **place},
    ]
    begin += [{"type": "response.output_text.delta", "delta": piece, "logprobs": [], **place} for piece in REPLY]
    usage = {"input_tokens": TOLD["input"], "output_tokens": TOLD["output"], "total_tokens": 18}
    usage |= {"input_tokens_details": {"cached_tokens": 0}, "output_tokens_details": {"reasoning_tokens": 0}}
    end = [{"type": "response.completed", "response": {**about, "status": "completed", "usage": usage}}]
    events = [{**event, "sequence_number": number} for number, event in enumerate(begin + end)]
    return events[:-1], events[-1:]


def _chat() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "the-model", "choices": [choice]}

    usage = {"prompt_tokens": TOLD["input"], "completion_tokens": TOLD["output"], "total_tokens": 18}
    end = {**chunk({}, "stop"), "usage": usage, "x_groq": {"id": "x", "usage": usage}}
    return [chunk({"role": "assistant", "content": piece}) for piece in REPLY], [end]
