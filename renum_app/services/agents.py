"""What a person can do with agents."""

from __future__ import annotations

from collections.abc import Collection

from renum_app import runtime
from renum_app.database import reading, transaction
from renum_app.errors import Conflict, FieldProblem, Invalid
from renum_app.models.agent import Agent, AgentRead, AgentWrite, Backend
from renum_app.models.user import CurrentUser
from renum_app.models.values import Page, page_of, utc_now
from renum_app.repositories import agents, teams
from renum_app.services import idempotency, remote_agents


async def list_agents(
    user: CurrentUser, *, page: int = 1, limit: int = 10, search: str = "", backend: Backend | None = None
) -> Page[AgentRead]:
    """One page of the person's agents, newest first; those of a backend that is away as they were last seen."""
    await remote_agents.refresh(user)
    async with reading() as session:
        rows, total = await agents.page(
            session, owner=user.user_id, offset=(page - 1) * limit, limit=limit, search=search, backend=backend
        )
    return page_of([AgentRead.model_validate(row) for row in rows], total=total, page=page, limit=limit)


async def get(user: CurrentUser, agent_id: str) -> AgentRead:
    """One of the person's agents.

    Raises:
        NotFound: The person has no such agent.
    """
    async with reading() as session:
        row = await agents.require(session, owner=user.user_id, agent_id=agent_id)
    return AgentRead.model_validate(await remote_agents.refresh_one(user, row))


async def create(user: CurrentUser, body: AgentWrite) -> AgentRead:
    """Add an agent.

    Raises:
        Invalid: Its backend is not set up here, or the script is not for a rehearsal.
        BackendFailed: It lives at its backend, which refused or is away.
    """
    _check(body)
    if body.backend in runtime.current().catalogues:
        return AgentRead.model_validate(await remote_agents.create(user, body))
    row = Agent(user_id=user.user_id, **body.model_dump(mode="json"))
    async with transaction() as session:
        read = AgentRead.model_validate(await agents.add(session, row))
        await idempotency.made(session, read)
        return read


async def update(user: CurrentUser, agent_id: str, body: AgentWrite) -> AgentRead:
    """Replace an agent; running executions keep the one they pinned. Raises like `get` and `create`."""
    _check(body)
    async with reading() as session:
        known = await agents.require(session, owner=user.user_id, agent_id=agent_id)
    if (body.backend.value != known.backend) and {body.backend, Backend(known.backend)} & set(_catalogues()):
        raise Invalid([FieldProblem("backend", "agent_lives_elsewhere")])
    if body.backend in _catalogues():
        return AgentRead.model_validate(await remote_agents.update(user, known, body))
    async with transaction() as session:
        row = await agents.require(session, owner=user.user_id, agent_id=agent_id)
        row.sqlmodel_update({**body.model_dump(mode="json"), "updated_at": utc_now()})
        return AgentRead.model_validate(await agents.add(session, row))


async def delete(user: CurrentUser, agent_id: str) -> None:
    """Remove an agent.

    Raises:
        NotFound: The person has no such agent.
        Conflict: It sits in teams, which are named.
        BackendFailed: It lives at its backend, which refused or is away; then nothing has changed.
    """
    async with transaction() as session:
        row = await agents.require(session, owner=user.user_id, agent_id=agent_id, lock=True)
        if names := await teams.names_using(session, owner=user.user_id, agent_id=agent_id):
            raise Conflict("agent_in_use", details={"teams": names}, agent=row.name, teams=", ".join(names))
        row.is_active = False
        await agents.add(session, row)
    if row.backend in _catalogues() and not row.is_missing:
        await remote_agents.delete(user, row)


def available_backends() -> Collection[Backend]:
    """What can run agents here."""
    return runtime.current().backends.keys()


def _catalogues() -> Collection[Backend]:
    """The backends where agents live."""
    return runtime.current().catalogues.keys()


def _check(body: AgentWrite) -> None:
    if body.backend not in runtime.current().backends:
        raise Invalid([FieldProblem("backend", "backend_not_available", {"backend": body.backend.value})])
    if body.rehearsal is not None and body.backend is not Backend.REHEARSAL:
        raise Invalid([FieldProblem("rehearsal", "only_for_rehearsal")])
