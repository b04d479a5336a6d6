"""The event stream of a run, with the habits of each generation, bad ones included."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from tests.doubles.suna.world import Run, Traits, now

_NEWEST = 200
"""What a catch-up on a Redis stream gives."""
_LONG_BYTES = 7_000_000
_WORKER_PINGS = 4
"""Pings without an event after which a worker is taken for dead."""


@dataclass(frozen=True)
class StreamFault:
    """What goes wrong with one connection: one of `server.STREAM_FAULTS`, or nothing."""

    kind: str = ""
    after_events: int = 0
    seconds: float = 0.05
    """Between the bytes of a drip."""


async def stream(
    request: web.Request, run: Run, traits: Traits, *, fault: StreamFault, ping_seconds: float, has_expired: bool
) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
    await response.prepare(request)
    await _Connection(response, run, traits, fault=fault, ping_seconds=ping_seconds).serve(
        request.query.get("last_id"), has_expired=has_expired
    )
    if fault.kind == "cut" and request.transport is not None:
        request.transport.abort()
    return response


class _Connection:
    def __init__(
        self, response: web.StreamResponse, run: Run, traits: Traits, *, fault: StreamFault, ping_seconds: float
    ) -> None:
        self._response, self._run, self._traits, self._fault = response, run, traits, fault
        self._ping_seconds = ping_seconds
        self._sent = 0

    async def serve(self, last_id: str | None, *, has_expired: bool) -> None:
        run = self._run
        if run.status != "running":
            for event in run.events[-_NEWEST:] if self._traits.pings else run.events:
                await self._send(event)
            if not self._is_over():
                await self._send({"type": "status", "status": "completed"})  # whatever the stored status is
            return
        place = self._first_place(last_id, has_expired=has_expired)
        while not self._is_over():
            if place < len(run.events):
                event, place = run.events[place], place + 1
                await self._send(event)
                if _is_terminal(event):
                    return
            elif not await self._wait():
                return

    def _first_place(self, last_id: str | None, *, has_expired: bool) -> int:
        events = self._run.events
        if not self._traits.pings:
            return 0
        if has_expired:
            return len(events)
        if last_id and self._traits.has_event_ids:
            return next((n for n, event in enumerate(events, 1) if event["_event_id"] == last_id), 0)
        place = max(self._run.trimmed, len(events) - _NEWEST)
        ends = [number for number, event in enumerate(events, 1) if event.get("type") == "llm_response_end"]
        self._run.trimmed = max([self._run.trimmed, *ends])
        return place

    async def _wait(self) -> bool:
        """Until something new is there; False when the worker was declared dead meanwhile."""
        seconds = self._ping_seconds if self._traits.pings else None
        for number in range(1, 10_000):
            try:
                async with asyncio.timeout(seconds):
                    await self._run.changed.wait()
            except TimeoutError:
                await self._write({"type": "ping"})
                if self._sent == 0 and number >= _WORKER_PINGS and self._run.status == "running":
                    self._run.status, self._run.error = "failed", "Worker timeout"
                    self._run.completed_at = now()
                    if self._run.task:
                        self._run.task.cancel()
                    await self._write({"type": "status", "status": "failed", "message": "Worker timeout"})
                    return False
            else:
                return True
        return False

    async def _send(self, event: dict[str, Any]) -> None:
        if self._is_over():
            return
        self._sent += 1
        if self._traits.has_event_ids:
            await self._write(event)
        else:
            await self._write({name: value for name, value in event.items() if name != "_event_id"})
        if self._is_over():
            await self._misbehave()

    def _is_over(self) -> bool:
        return bool(self._fault.kind) and self._sent >= self._fault.after_events

    async def _misbehave(self) -> None:
        match self._fault.kind:
            case "garbage":
                await self._response.write(b'data: {"type": "assis\xff\xfe\n\n')
            case "endless_line":
                for _ in range(400):
                    await self._response.write(b"x" * 65_536)
            case "long_line":
                await self._response.write(b'data: {"type": "thinking", "message": "' + b"x" * _LONG_BYTES + b'"}\n\n')
            case "drip":
                while True:
                    await self._response.write(b":")
                    await asyncio.sleep(self._fault.seconds)
            case "broken_events":
                await self._response.write(b'data: {"type": "assis\n\ndata: \x00\n\nid: 7\nretry: 1\ndata: [1]\n\n')
            case "stall":
                await asyncio.sleep(30)

    async def _write(self, event: dict[str, Any]) -> None:
        await self._response.write(f"data: {json.dumps(event)}\n\n".encode())


def _is_terminal(event: dict[str, Any]) -> bool:
    return event.get("type") == "status" and event.get("status") in {"completed", "failed", "stopped", "error", "STOP"}
