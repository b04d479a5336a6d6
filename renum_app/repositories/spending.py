"""All SQL about what a month's steps have spent: the steps are the ledger, and there is no other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, select, union_all, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from renum_app.database import at_once
from renum_app.models.agent import Backend
from renum_app.models.execution import Execution
from renum_app.models.month import Month
from renum_app.models.step import Step, StepStatus
from renum_app.models.team import Team
from renum_app.models.user import User
from renum_app.repositories.commits import NotStored

_SPENT = func.coalesce(col(Step.cost_usd), 0.0) + col(Step.held_usd)
_RAN = [StepStatus.COMPLETED.value, StepStatus.CANCELLED.value]
"""Steps that may have been called and cost something; a failed one is held where it may have."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a step asks of its month before it starts."""

    execution_id: UUID
    epoch: int
    step_id: str
    cost_usd: float
    started_at: datetime
    month: Month


@dataclass(frozen=True, slots=True)
class Ledger:
    """Both caps as they stand now, and what all other executions have spent, held and reserved against them."""

    person_cap_usd: float | None
    team_cap_usd: float | None
    person_usd: Decimal
    team_usd: Decimal


@dataclass(frozen=True, slots=True)
class Spent:
    spent_usd: float
    reserved_usd: float
    unknown_steps: int


async def reserve(wanted: Wanted, *, fits: Callable[[Ledger], bool]) -> Ledger | None:
    """Put a worst case on the step's row if it fits; None when the execution has another owner by now.

    Whoever else asks for the same person's month, in whatever process, waits until this is stored.

    Raises:
        NotStored: The database could not be asked now.
    """
    try:
        return await at_once(lambda connection: _reserve(connection, wanted, fits))
    except SQLAlchemyError as error:
        raise NotStored(type(error).__name__) from error


async def spent_in(session: AsyncSession, user_id: UUID, month: Month) -> Spent:
    """What a person's executions have spent in a month so far."""
    mine, in_month = _of_month(month, user_id)
    is_unknown = and_(
        col(Step.status).in_(_RAN),
        col(Step.backend) != Backend.REHEARSAL.value,
        col(Step.cost_usd).is_(None),
        col(Step.held_usd) == 0,
    )
    sums = select(func.sum(_SPENT), func.sum(col(Step.reserved_usd)), func.sum(case((is_unknown, 1), else_=0)))
    row: Any = (await session.execute(sums.select_from(mine).join(Step, in_month))).one()
    spent, reserved, unknowns = row
    return Spent(spent_usd=spent or 0.0, reserved_usd=reserved or 0.0, unknown_steps=unknowns or 0)


def _reserve(connection: Connection, wanted: Wanted, fits: Callable[[Ledger], bool]) -> Ledger | None:
    row = connection.execute(_locked(wanted)).one_or_none()
    if row is None:
        return None
    ledger = _ledger(connection, wanted, row)
    if fits(ledger):
        connection.execute(
            update(Step)
            .where(col(Step.execution_id) == wanted.execution_id, col(Step.step_id) == wanted.step_id)
            .values(reserved_usd=wanted.cost_usd, started_at=wanted.started_at)
        )
    return ledger


def _locked(wanted: Wanted) -> Select[Any, Any, Any, Any]:
    """The caps, with the person's row locked, and the execution's while it is still the asker's.

    On SQLite the one writer is lock enough. The lock is the weaker one, which lets new executions of the person in.
    """
    return (
        select(col(User.user_id), col(User.monthly_budget_usd), col(Team.team_id), col(Team.team_config))
        .join(Execution, col(Execution.user_id) == col(User.user_id))
        .join(Team, col(Team.team_id) == col(Execution.team_id))
        .where(col(Execution.execution_id) == wanted.execution_id, col(Execution.epoch) == wanted.epoch)
        .with_for_update(of=(User, Execution), key_share=True)
    )


def _ledger(connection: Connection, wanted: Wanted, row: Any) -> Ledger:
    user_id, person_cap, team_id, team_config = row
    mine, in_month = _of_month(wanted.month, user_id)
    cost = _SPENT + col(Step.reserved_usd)
    sums = select(func.sum(cost), func.sum(case((mine.c.team_id == team_id, cost), else_=0.0)))
    others = sums.select_from(mine).join(Step, in_month).where(mine.c.execution_id != wanted.execution_id)
    row = connection.execute(others).one()
    person, team = row
    return Ledger(
        person_cap_usd=person_cap,
        team_cap_usd=team_config.get("monthly_budget_usd"),
        person_usd=_exact(person),
        team_usd=_exact(team),
    )


def _of_month(month: Month, user_id: UUID) -> tuple[Subquery, ColumnElement[bool]]:
    """The person's executions that had not ended before the month, and which of their steps belong to it.

    Two halves, because a database finds each by the index and neither of them by an OR.
    """
    of_user = select(col(Execution.execution_id), col(Execution.team_id)).where(col(Execution.user_id) == user_id)
    halves = (
        of_user.where(col(Execution.completed_at).is_(None)),
        of_user.where(col(Execution.completed_at) >= month.since),
    )
    mine = union_all(*halves).subquery("mine")
    in_month = and_(
        col(Step.execution_id) == mine.c.execution_id,
        col(Step.started_at) >= month.since,
        col(Step.started_at) < month.until,
    )
    return mine, in_month


def _exact(dollars: float | None) -> Decimal:
    """Sums of binary fractions, without the dust they leave."""
    return round(Decimal(dollars or 0), 9)
