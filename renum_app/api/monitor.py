"""The monitor WebSocket: a snapshot, then every event once and in order, and two commands."""

from __future__ import annotations

import asyncio
import json
import logging
from collections import Counter
from contextlib import aclosing
from typing import Any
from uuid import UUID

from starlette.websockets import WebSocket, WebSocketDisconnect

from renum_app import logs, runtime
from renum_app.api import credentials_of_socket
from renum_app.api.dependencies import known_uuid, require
from renum_app.api.language import locale_of
from renum_app.api.live import Proof, bunches, compact, followed, session_ended
from renum_app.api.problems import body_of
from renum_app.errors import Forbidden, NotFound, RenumError, TooMany, Unauthenticated, Unavailable
from renum_app.models.api_token import Scope
from renum_app.models.user import CurrentUser
from renum_app.models.values import storable
from renum_app.services import executions

log = logging.getLogger(__name__)

NORMAL, NOT_TEXT, TOO_LARGE, RESTARTS, TRY_AGAIN = 1000, 1003, 1009, 1012, 1013
UNAUTHENTICATED, MISSING_SCOPE, NOT_FOUND, TOO_MANY = 4401, 4403, 4404, 4429
MAX_SOCKETS = 10
"""Per user and execution."""
_MAX_COMMAND_CHARS = 65_536
_SEND_SECONDS = 20.0
"""A client that takes this long for one message is given up."""
_CLOSE_SECONDS = 5.0

_open: Counter[tuple[UUID, UUID]] = Counter()


def open_sockets() -> int:
    """How many there are in this process."""
    return _open.total()


async def monitor(websocket: WebSocket) -> None:
    """Accept first, so that a browser sees the close code; then find out who it is and what they may see."""
    await websocket.accept(subprotocol=credentials_of_socket.subprotocol(websocket))
    try:
        execution_id = known_uuid(websocket.path_params["execution_id"])
        proof = credentials_of_socket.proof_of(websocket, execution_id)
        user = await proof()
        require(user, Scope.EXECUTIONS_READ)
        with logs.about(user_id=str(user.user_id), execution_id=str(execution_id)):
            await _Monitor(websocket, user, execution_id).run(proof)
    except Unauthenticated:
        await _close(websocket, UNAUTHENTICATED)
    except Forbidden:
        await _close(websocket, MISSING_SCOPE)
    except NotFound:
        await _close(websocket, NOT_FOUND)
    except Unavailable:
        await _close(websocket, TRY_AGAIN)
    except TooMany:
        await _close(websocket, TOO_MANY)
    except (WebSocketDisconnect, RuntimeError, TimeoutError):  # the client went away, or reads nothing any more
        log.debug("A monitor was closed by its client", extra={"action": "monitor_gone"})


class _Monitor:
    """One open socket."""

    def __init__(self, websocket: WebSocket, user: CurrentUser, execution_id: UUID) -> None:
        self._websocket, self._user, self._execution_id = websocket, user, execution_id
        self._sending = asyncio.Lock()

    async def run(self, proof: Proof) -> None:
        """Send until the execution, the session or the client ends.

        Raises:
            NotFound: The person has no such execution.
            Unauthenticated: The session ended meanwhile.
            TooMany: The person has too many sockets on this execution.
        """
        place = (self._user.user_id, self._execution_id)
        if _open[place] >= MAX_SOCKETS:
            raise TooMany("too_many_sockets", retry_after=1)
        _open[place] += 1
        try:
            await self._send(await self._snapshot())
            await self._until_first_ends(proof)
        finally:
            _open[place] -= 1
            if not _open[place]:
                del _open[place]

    async def _snapshot(self) -> dict[str, Any]:
        status = await executions.status(self._user, self._execution_id)
        execution = await executions.get(self._user, self._execution_id)
        agents = [step.model_dump(mode="json") for step in execution.steps]
        return {"type": "snapshot", **status.model_dump(mode="json"), "agents": agents}

    async def _until_first_ends(self, proof: Proof) -> None:
        following = asyncio.create_task(self._follow())
        listening = asyncio.create_task(self._listen())
        signed_out = asyncio.create_task(session_ended(proof))
        closing = asyncio.create_task(runtime.current().closing.wait())
        tasks = {following, listening, signed_out, closing}
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if signed_out in done:
            raise Unauthenticated
        ended = following if following in done else listening
        await _close(self._websocket, ended.result() if ended in done else RESTARTS)

    async def _follow(self) -> int:
        """Pass every event on; the code to close with."""
        query = self._websocket.query_params
        after, live = _number(query.get("after", "")), query.get("live") == "1"
        most = 250 if query.get("batch") == "1" else 1
        message: dict[str, Any] = {}
        try:
            async with aclosing(followed(self._user, self._execution_id, after=after, live=live)) as messages:
                async for bunch in bunches(messages, most=most):
                    message = bunch[-1]
                    await self._send(message if len(bunch) == 1 else {"type": "batch", "messages": bunch})
        except TimeoutError:
            return TRY_AGAIN
        return TRY_AGAIN if message.get("type") == "resync_required" else NORMAL

    async def _listen(self) -> int:
        """Obey commands; the code to close with."""
        while True:
            message = await self._websocket.receive()
            if message["type"] == "websocket.disconnect":
                raise WebSocketDisconnect(message.get("code") or NORMAL)
            text = message.get("text")
            if text is None:
                return NOT_TEXT
            if len(text) > _MAX_COMMAND_CHARS:
                return TOO_LARGE
            await self._obey(_command(text))

    async def _obey(self, command: str) -> None:
        try:
            if command == "ping":
                await self._send({"type": "pong"})
            elif command == "stop":
                require(self._user, Scope.EXECUTIONS_RUN)
                await executions.stop(self._user, self._execution_id)
            else:
                raise RenumError("unknown_command")
        except RenumError as error:
            problem = body_of(error, locale=locale_of(self._websocket), request_id="")["error"]
            await self._send({"type": "command_refused", "command": command, **problem})

    async def _send(self, message: dict[str, Any]) -> None:
        async with self._sending, asyncio.timeout(_SEND_SECONDS):
            await self._websocket.send_text(compact(message))


def _command(text: str) -> str:
    try:
        order = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    command = order.get("command") if isinstance(order, dict) else None
    return storable(command[:50]) if isinstance(command, str) else ""


def _number(text: str) -> int:
    """A `seq`; anything else starts at the beginning."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


async def _close(websocket: WebSocket, code: int) -> None:
    try:
        async with asyncio.timeout(_CLOSE_SECONDS):
            await websocket.close(code)
    except (RuntimeError, TimeoutError):  # it is closed already, or its client reads nothing any more
        log.debug("A monitor was gone before it was closed", extra={"action": "monitor_gone"})
