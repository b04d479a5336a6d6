"""What every execution of this process works with."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from renum_app.agents.backend import AgentBackend
from renum_app.database import TROUBLES, reading
from renum_app.engine.quarantine import Quarantine
from renum_app.engine.recorder import Recorder
from renum_app.models.agent import Backend
from renum_app.models.command import Order
from renum_app.models.values import utc_now
from renum_app.repositories import commands
from renum_app.settings import Settings

log = logging.getLogger(__name__)

_PAUSE_SECONDS = 1.0


@dataclass(frozen=True)
class Means:
    recorder: Recorder
    backends: Mapping[Backend, AgentBackend]
    settings: Settings
    quarantine: Quarantine = field(default_factory=Quarantine)
    clock: Callable[[], datetime] = utc_now

    async def orders(self, execution_id: UUID) -> list[Order]:
        """Commands that wait for the owner of an execution, however long the database is busy.

        Nothing could be stored meanwhile, and no deadline may pass over a decision that is there.
        """
        while True:
            try:
                async with reading() as session:
                    return await commands.waiting_for(session, execution_id)
            except TROUBLES:
                log.warning(
                    "Orders could not be read; trying again", extra={"action": "orders_not_read"}, exc_info=True
                )
                await asyncio.sleep(_PAUSE_SECONDS)
