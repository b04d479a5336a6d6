"""An engine with scripted agents, and ways to run a team to its end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
import pytest_asyncio

from renum_app import runtime
from renum_app.engine import dispatch
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.models.agent import Agent, Backend
from renum_app.models.execution import ExecuteRequest
from renum_app.models.execution_read import ExecutionRead
from renum_app.models.user import CurrentUser
from renum_app.services import executions
from renum_app.settings import Settings
from tests import factories
from tests.fakes import ScriptedBackend
from tests.fixtures.events.documented import undocumented
from tests.integration.processes import until


@pytest.fixture
def backend() -> ScriptedBackend:
    return ScriptedBackend()


@dataclass
class Stage:
    """A person with an engine."""

    user: CurrentUser
    backend: ScriptedBackend
    model: str = ""
    """Of its agents."""

    async def agents(self, *names: str) -> list[Agent]:
        of_all = {"backend": Backend.LOCAL.value, "rehearsal": None, "model": self.model}
        return [await factories.agent(self.user, name=name, **of_all) for name in names]

    async def team(
        self, *names: str, kind: str = "sequential", config: Any = None, **of_members: dict[str, Any]
    ) -> UUID:
        """A team whose members have their agent's name as step id; `of_members` changes them by name."""
        agents = await self.agents(*names)
        members = [
            {
                "agent_id": agent.agent_id,
                "step_id": agent.name,
                "execution_order": place,
                **of_members.get(agent.name, {}),
            }
            for place, agent in enumerate(agents, start=1)
        ]
        definition = {"type": kind, "agents": members}
        team = await factories.team(self.user, *agents, workflow_definition=definition, team_config=config or {})
        return team.team_id

    async def start(self, team_id: UUID, prompt: str = "Analise.", **request: Any) -> UUID:
        body = ExecuteRequest(initial_prompt=prompt, **request)
        return (await executions.start(self.user, team_id, body)).execution_id

    async def finished(self, execution_id: UUID) -> ExecutionRead:
        async for _ in executions.follow(self.user, execution_id):
            pass
        return await executions.get(self.user, execution_id)

    async def run(self, team_id: UUID, prompt: str = "Analise.", **request: Any) -> ExecutionRead:
        return await self.finished(await self.start(team_id, prompt, **request))

    async def ended(self, execution_id: UUID, *, seconds: float = 30) -> ExecutionRead:
        """The same where another process has the engine, and no message comes from it."""

        await until(lambda: self.is_over(execution_id), seconds=seconds, what="the end")
        return await executions.get(self.user, execution_id)

    async def is_over(self, execution_id: UUID) -> bool:
        return (await executions.status(self.user, execution_id)).status.is_final

    async def events(self, execution_id: UUID) -> list[dict[str, Any]]:
        items = (await executions.events(self.user, execution_id, limit=100_000)).items
        untold = undocumented((item["kind"], item["data"]) for item in items)
        assert untold == [], "docs/events.md names every field"
        return items


@pytest_asyncio.fixture
async def stage(db: str, settings: Settings, backend: ScriptedBackend) -> AsyncIterator[Stage]:
    """A person and a running engine, on both databases."""
    async with RunningEngine(settings, backend):
        yield Stage(user=await factories.user(), backend=backend)


@pytest_asyncio.fixture
async def idle(db: str, settings: Settings) -> Stage:
    """A person without an engine: what is started waits in the database."""
    dispatch.join(None)
    backend = ScriptedBackend()
    runtime.start(runtime.Runtime(settings=settings, backends={Backend.LOCAL: backend}))
    return Stage(user=await factories.user(), backend=backend)


class RunningEngine:
    """The dispatcher while the block lasts."""

    def __init__(self, settings: Settings, backend: ScriptedBackend) -> None:
        runtime.start(runtime.Runtime(settings=settings, backends={Backend.LOCAL: backend}))
        self._dispatcher = InProcessDispatcher()

    async def __aenter__(self) -> None:
        dispatch.join(self._dispatcher)
        self._dispatcher.start()

    async def __aexit__(self, *_: object) -> None:
        dispatch.join(None)
        self._dispatcher.close(grace_seconds=0)
