"""An engine with a person, teams and executions on one database."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

from renum_app import database, runtime
from renum_app.agents.backend import AgentBackend
from renum_app.engine.execution import ExecutionEngine
from renum_app.engine.means import Means
from renum_app.engine.recorder import Recorder
from renum_app.models.agent import Agent, Backend
from renum_app.models.execution import ExecuteRequest, ExecutionStatus
from renum_app.models.team import Team
from renum_app.models.user import CurrentUser, User
from renum_app.services import executions
from renum_app.settings import Environment, Settings


@dataclass
class Stage:
    engine: ExecutionEngine
    user: CurrentUser

    async def team(self, *, kind: str, steps: int, agent: str) -> UUID:
        """A team whose members are all the same agent, one after the other where the kind has an order."""
        row = Agent(user_id=self.user.user_id, name=agent, backend=Backend.LOCAL.value)
        members = [
            {"agent_id": row.agent_id, "step_id": f"s{place}", "execution_order": place} for place in range(steps)
        ]
        definition = {"type": kind, "agents": members}
        team = Team(user_id=self.user.user_id, name="bench", agent_ids=[row.agent_id], workflow_definition=definition)
        async with database.transaction() as session:
            session.add_all([row, team])
        return team.team_id

    async def accepted(self, team_id: UUID, count: int) -> list[UUID]:
        """Executions that are stored and wait for the engine."""
        request = ExecuteRequest(initial_prompt="Compare the three offers and say which one you would take, and why.")
        return [(await executions.start(self.user, team_id, request)).execution_id for _ in range(count)]

    async def advance(self, execution_ids: Iterable[UUID]) -> None:
        await asyncio.gather(*(self.engine.advance(execution_id) for execution_id in execution_ids))

    async def completed(self) -> int:
        """How many executions have their good end stored."""
        page = await executions.list_executions(self.user, limit=1, status=ExecutionStatus.COMPLETED)
        return page.total


@asynccontextmanager
async def stage(url: str, backend: AgentBackend) -> AsyncIterator[Stage]:
    """The engine on the running loop while the block lasts."""
    database.configure(url)
    with tempfile.TemporaryDirectory(prefix="renum-bench-") as folder:
        settings = Settings(environment=Environment.TEST, renum_data_dir=Path(folder), max_waiting_executions=1_000_000)
        live = runtime.start(runtime.Runtime(settings=settings, backends={Backend.LOCAL: backend}))
        recorder = Recorder(live.bus)
        recording = asyncio.create_task(recorder.run())
        try:
            yield Stage(ExecutionEngine(Means(recorder, live.backends, settings)), await _person())
        finally:
            recording.cancel()
            await database.dispose()


async def _person() -> CurrentUser:
    user = User(email=f"{uuid4().hex}@example.com", password_hash="!")
    async with database.transaction() as session:
        session.add(user)
    return CurrentUser(user_id=user.user_id, email=user.email, name="")
