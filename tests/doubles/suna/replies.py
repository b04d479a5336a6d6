"""How a server answers when it does not do as asked, and the small parts of reading and answering."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from aiohttp import web

Reply = web.StreamResponse


def failed(request: web.Request, fault: str, options: dict[str, Any]) -> Reply:
    match fault:
        case "drop":
            return dropped(request)
        case "html":
            return web.Response(text="<html><body>Log in to the hotel network</body></html>", content_type="text/html")
        case "502":
            return web.Response(status=502, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
        case "redirect":
            return web.Response(status=307, headers={"Location": options.get("to", "http://127.0.0.2:9/else")})
        case "bad_json":
            return web.Response(text='{"thread_id": ', content_type="application/json")
        case "odd_json":
            return web.json_response(["nothing", 7])
        case "404_route":
            return missing()
        case "429":
            headers = {"Retry-After": str(options["retry_after"])} if "retry_after" in options else None
            return detailed(429, {"message": "slow down"}, headers=headers)
        case _ if fault.startswith("402:"):
            return detailed(402, {"message": "No", "error_code": fault.removeprefix("402:")})
        case _:
            return detailed(int(fault), options.get("detail", f"It broke, {options.get('secret', 'somehow')}"))


def missing() -> Reply:
    return detailed(404, "Not Found")


def detailed(status: int, detail: Any, *, headers: dict[str, str] | None = None) -> Reply:
    return web.json_response({"detail": detail}, status=status, headers=headers)


async def dripped(request: web.Request, seconds: float) -> Reply:
    """One byte at a time, without an end."""
    response = web.StreamResponse(headers={"Content-Type": "application/json"})
    await response.prepare(request)
    while True:
        await response.write(b" ")
        await asyncio.sleep(seconds)


def dropped(request: web.Request) -> Reply:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def optimized(row: dict[str, Any]) -> dict[str, Any]:
    return row if row["type"] == "user" else {name: value for name, value in row.items() if name != "content"}


def names_in(template: str, path: str) -> dict[str, str]:
    pairs = zip(template.split("/"), path.split("/"), strict=True)
    return {part[1:-1]: value for part, value in pairs if part.startswith("{")}


async def body_of(request: web.Request) -> Any:
    if not request.body_exists:
        return None
    if request.content_type == "application/json":
        return json.loads(await request.text())
    return dict(await request.post())
