"""Claiming: executions that are taken up at the same moment are claimed in one transaction."""

from __future__ import annotations

import asyncio
from uuid import UUID

from renum_app.repositories import claims
from renum_app.repositories.claims import Claim
from renum_app.repositories.commits import NotStored

_MAX_GROUP = 200

Group = dict[UUID, asyncio.Future[Claim | None]]


class Claiming:
    """Collects claims while others are being made."""

    def __init__(self) -> None:
        self._waiting: list[tuple[UUID, asyncio.Future[Claim | None]]] = []
        self._making: asyncio.Task[None] | None = None

    async def take_up(self, execution_id: UUID) -> Claim | None:
        """Become the owner of an execution; None when it has ended or is gone.

        Raises:
            NotStored: The database could not do it now.
        """
        claimed: asyncio.Future[Claim | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((execution_id, claimed))
        if self._making is None or self._making.done():
            self._making = asyncio.create_task(self._make_all())
        return await claimed

    async def _make_all(self) -> None:
        while self._waiting:
            await _make(self._next_group())

    def _next_group(self) -> Group:
        """Each execution at most once: two owners must never have the same epoch."""
        group: Group = {}
        rest: list[tuple[UUID, asyncio.Future[Claim | None]]] = []
        for execution_id, claimed in self._waiting:
            if execution_id in group or len(group) == _MAX_GROUP:
                rest.append((execution_id, claimed))
            elif not claimed.done():  # nobody waits for it any more
                group[execution_id] = claimed
        self._waiting = rest
        return group


async def _make(group: Group) -> None:
    """What one execution's rows hold must not harm the others: each learns its own error."""
    if not group:
        return
    making = asyncio.create_task(claims.take_up(list(group)))
    await asyncio.wait([making])
    error = making.exception()
    if error and len(group) > 1 and not isinstance(error, NotStored):
        for execution_id, claimed in group.items():
            await _make({execution_id: claimed})
        return
    for execution_id, claimed in group.items():
        if claimed.done():
            continue
        if error:
            claimed.set_exception(error)
        else:
            claimed.set_result(making.result().get(execution_id))
