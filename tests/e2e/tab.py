"""A tab without its page: the socket that Reflex's pages speak, in anybody's hands."""

from __future__ import annotations

import asyncio
import json
from types import TracebackType
from typing import Any
from uuid import uuid4

import socketio

from renum_app.auth.cookies import COOKIE_NAME

STATE = "reflex___state____state"
HYDRATE = f"{STATE}.hydrate_and_load"


class Tab:
    """One socket; everything the server sends stays in `heard`."""

    def __init__(self, url: str, *, cookie: str = "", token: str = "", origin: str = "") -> None:
        self.token = token or str(uuid4())
        self.heard: list[Any] = []
        self._url, self._cookie, self._origin = url, cookie, origin
        self._socket = socketio.AsyncClient(reconnection=False)
        self._news = asyncio.Event()
        self._socket.on("event", self._hear, namespace="/_event")

    async def __aenter__(self) -> Tab:
        headers = {"Cookie": f"{COOKIE_NAME}={self._cookie}"} if self._cookie else {}
        headers |= {"Origin": self._origin} if self._origin else {}
        await self._socket.connect(
            f"{self._url}?token={self.token}",
            headers=headers,
            transports=["websocket"],
            namespaces=["/_event"],
            socketio_path="_event",
            wait_timeout=10,
        )
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self._socket.disconnect()

    async def send(self, name: str, payload: dict[str, Any] | None = None, *, path: str = "/") -> None:
        router = {"pathname": path, "asPath": path, "query": {}}
        event = {"name": name, "payload": payload or {}, "router_data": router, "token": self.token}
        await self._socket.emit("event", event, namespace="/_event")

    async def said(self, text: str, *, seconds: float = 10) -> bool:
        """Whether something with this text was heard before time was up."""
        try:
            async with asyncio.timeout(seconds):
                while text not in self.everything:
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            return False
        return True

    async def settled(self) -> None:
        """Until everything sent so far has been dealt with: a tab's events are done in their order."""
        word = f"word_{uuid4().hex}"
        await self.send(f"{STATE}.renum_app___state___failures____failures.show", {"code": word})
        assert await self.said(word), "the server does not answer any more"

    def _hear(self, message: Any) -> None:
        self.heard.append(message)
        self._news.set()

    @property
    def everything(self) -> str:
        return json.dumps(self.heard, ensure_ascii=False)
