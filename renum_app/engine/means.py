"""What every execution of this process works with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from renum_app.agents.backend import AgentBackend
from renum_app.database import reading
from renum_app.engine.quarantine import Quarantine
from renum_app.engine.recorder import Recorder
from renum_app.models.agent import Backend
from renum_app.models.command import Order
from renum_app.models.values import utc_now
from renum_app.repositories import commands
from renum_app.settings import Settings


@dataclass(frozen=True)
class Means:
    recorder: Recorder
    backends: Mapping[Backend, AgentBackend]
    settings: Settings
    quarantine: Quarantine = field(default_factory=Quarantine)
    clock: Callable[[], datetime] = utc_now

    async def orders(self, execution_id: UUID) -> list[Order]:
        """Commands that wait for the owner of an execution."""
        async with reading() as session:
            return await commands.waiting_for(session, execution_id)
