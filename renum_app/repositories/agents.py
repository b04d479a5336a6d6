"""All SQL about agents; every read takes the owner."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import and_, col, or_, select
from sqlmodel.sql.expression import SelectOfScalar

from renum_app.errors import NotFound
from renum_app.models.agent import Agent, AgentSnapshot, Backend
from renum_app.models.price import ModelPrice, PriceSnapshot


async def add(session: AsyncSession, agent: Agent) -> Agent:
    session.add(agent)
    await session.flush()
    return agent


async def put(session: AsyncSession, agent: Agent) -> Agent:
    """Store an agent that another transaction has read."""
    return await session.merge(agent)


async def require(session: AsyncSession, *, owner: UUID, agent_id: str, lock: bool = False) -> Agent:
    """The owner's agent.

    Args:
        lock: Hold off changes of it, and teams that would name it, until the transaction ends.

    Raises:
        NotFound: There is none, it is somebody else's, or it was deleted.
    """
    statement = _of(owner).where(col(Agent.agent_id) == agent_id)
    if agent := await session.scalar(statement.with_for_update() if lock else statement):
        return agent
    raise NotFound


async def by_ids(
    session: AsyncSession, *, owner: UUID, agent_ids: Collection[str], lock: bool = False
) -> dict[str, Agent]:
    """Those of the owner's agents that there are, by id.

    Args:
        lock: Hold off their deletion until the transaction ends.
    """
    statement = _of(owner).where(col(Agent.agent_id).in_(set(agent_ids)))
    rows = await session.scalars(statement.with_for_update(read=True) if lock else statement)
    return {agent.agent_id: agent for agent in rows}


async def snapshots(session: AsyncSession, *, owner: UUID, agent_ids: Collection[str]) -> dict[str, AgentSnapshot]:
    """What an execution pins of those of the owner's agents that there are, with the owner's price of their model."""
    own_price = and_(
        col(ModelPrice.user_id) == col(Agent.user_id), col(ModelPrice.model) == func.trim(col(Agent.model))
    )
    statement = _of(owner).where(col(Agent.agent_id).in_(set(agent_ids))).outerjoin(ModelPrice, own_price)
    rows = await session.execute(statement.add_columns(ModelPrice))
    found = ((AgentSnapshot.model_validate(agent), price) for agent, price in rows)
    return {
        agent.agent_id: agent.model_copy(update={"price": PriceSnapshot.model_validate(price)}) if price else agent
        for agent, price in found
    }


async def missing_ids(session: AsyncSession, *, owner: UUID) -> set[str]:
    """Those of the owner's agents that their backend has no more."""
    statement = select(Agent.agent_id).where(col(Agent.user_id) == owner, col(Agent.is_missing).is_(True))
    return set(await session.scalars(statement))


async def copies(session: AsyncSession, *, owner: UUID, backend: Backend) -> dict[str, Agent]:
    """The owner's copies of agents that live at a backend, deleted ones included, by their names there."""
    statement = select(Agent).where(col(Agent.user_id) == owner, col(Agent.backend) == backend.value)
    return {agent.remote_id: agent for agent in await session.scalars(statement)}


async def of_backend(session: AsyncSession, *, owner: UUID, backend: Backend) -> list[Agent]:
    """The owner's agents that run there, oldest first."""
    statement = _of(owner).where(col(Agent.backend) == backend.value)
    return list(await session.scalars(statement.order_by(col(Agent.created_at))))


async def page(
    session: AsyncSession, *, owner: UUID, offset: int, limit: int, search: str = "", backend: Backend | None = None
) -> tuple[list[Agent], int]:
    """One page of the owner's agents, newest first, and how many there are in all."""
    statement = _of(owner)
    if search:
        named = [col(text).icontains(search, autoescape=True) for text in (Agent.name, Agent.description)]
        statement = statement.where(or_(*named))
    if backend:
        statement = statement.where(col(Agent.backend) == backend.value)
    total = await session.scalar(select(func.count()).select_from(statement.subquery()))
    newest_first = statement.order_by(col(Agent.created_at).desc(), col(Agent.agent_id))
    return list(await session.scalars(newest_first.offset(offset).limit(limit))), total or 0


def _of(owner: UUID) -> SelectOfScalar[Agent]:
    return select(Agent).where(col(Agent.user_id) == owner, col(Agent.is_active).is_(True))
