"""A server that lives in virtual time: the product's own dispatcher and engine, and the end of everything it knew."""

from __future__ import annotations

import asyncio
from uuid import UUID

from renum_app import database, runtime
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.engine.execution import ExecutionEngine
from renum_app.events.bus import Bus
from renum_app.models.agent import Backend
from renum_app.settings import Settings
from tests.simulation.agents import PuppetBackend
from tests.simulation.loop import VirtualLoop


class SimulatedServer:
    """What one process has in its memory."""

    def __init__(self, loop: VirtualLoop, settings: Settings, bus: Bus, backends: dict[Backend, PuppetBackend]) -> None:
        self.loop = loop
        self.backends = backends
        runtime.start(runtime.Runtime(settings=settings, bus=bus, backends=backends))
        self.dispatcher = InProcessDispatcher(clock=loop.clock.now)
        self._serving = loop.create_task(self.dispatcher._serve())

    @property
    def engine(self) -> ExecutionEngine:
        return self.dispatcher._engine

    @property
    def has_started(self) -> bool:
        return self.dispatcher._started.done()

    def lets_wait(self, execution_id: UUID) -> bool:
        """There is no place for it yet."""
        return execution_id in self.dispatcher._queue

    def holds(self, execution_id: UUID) -> bool:
        """It takes a place here."""
        return execution_id in self.dispatcher._running

    def check(self) -> None:
        """Nothing of it has broken."""
        if self._serving.done():
            raise AssertionError(f"the dispatcher has ended: {self._serving.exception()!r}")

    def power_off(self) -> None:
        """Everything in memory is gone at once; what still unwinds reaches neither the database nor the agents."""
        self.loop.is_cut_off = True
        for backend in self.backends.values():
            backend.is_cut_off = True
        while left := asyncio.all_tasks(self.loop):
            for task in left:
                task.cancel()
            self.loop.run_until_quiet()
        self.loop.run(self.loop.shutdown_asyncgens())
        self.loop.run(database.dispose())
        self.loop.close()
