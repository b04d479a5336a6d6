"""The live objects of this process, built once and closed once; the dispatcher joins later."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from renum_app.agents.backend import AgentBackend, AgentCatalogue, AgentError
from renum_app.auth.rates import Rates
from renum_app.auth.remembered import RememberedSessions
from renum_app.auth.supabase import SupabaseAuth
from renum_app.auth.throttle import Throttle
from renum_app.auth.tickets import Tickets
from renum_app.events.bus import Bus, MemoryBus
from renum_app.models.agent import Backend
from renum_app.settings import Settings


@dataclass
class Runtime:
    settings: Settings
    bus: Bus = field(default_factory=MemoryBus)
    backends: Mapping[Backend, AgentBackend] = field(default_factory=dict)
    catalogues: Mapping[Backend, AgentCatalogue] = field(default_factory=dict)
    """Of the backends where agents live; they belong to the web loop."""
    catalogue_reads: dict[tuple[UUID, Backend], float] = field(default_factory=dict)
    """When a person's agents were last read there, on the monotonic clock."""
    catalogue_troubles: dict[tuple[UUID, Backend], AgentError] = field(default_factory=dict)
    """Why that reading failed, where it did; what people see then is the copy."""
    supabase: SupabaseAuth | None = None
    """Who signs people in where a Supabase project does; None: Renum's own accounts."""
    rates: Rates = field(default_factory=Rates)
    sign_ins: Throttle = field(default_factory=Throttle)
    resets: Throttle = field(default_factory=Throttle)
    """Of requests for a new password, by network."""
    sessions: RememberedSessions = field(default_factory=RememberedSessions)
    tickets: Tickets = field(default_factory=Tickets)
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    """The web server is about to end; belongs to the web loop."""
    _started_at: float = field(default_factory=time.monotonic)

    @property
    def uptime_seconds(self) -> float:
        return time.monotonic() - self._started_at


_COLLECTOR = (50_000, 20, 50)
"""With Python's own thresholds, a fifth of the time of a thousand executions at once goes into looking for garbage
among what they still need."""

_runtime: Runtime | None = None


def start(runtime: Runtime) -> Runtime:
    """Make it the runtime of this process."""
    global _runtime
    gc.set_threshold(*_COLLECTOR)
    _runtime = runtime
    return runtime


def current() -> Runtime:
    if _runtime is None:
        raise RuntimeError("runtime.start() has not been called")
    return _runtime
