"""Everything of one person, in every table: counted, read table by table, and deleted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, delete, func, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from renum_app import migrations
from renum_app.database import reading
from renum_app.models.account import OwnDataRead
from renum_app.models.agent import Agent
from renum_app.models.api_token import ApiToken
from renum_app.models.credential import Credential
from renum_app.models.execution import FINAL_STATUSES, Execution
from renum_app.models.team import Team
from renum_app.models.user import Session, User

SECRET_COLUMNS = {
    "password_hash",
    "token_hash",
    "previous_hash",
    "provider_tokens",
    "encrypted_key",
}
"""What even its owner does not get back."""
LEFT_OUT = {
    "renum_authenticators": "secrets of the sign-in",
    "renum_recovery_codes": "secrets of the sign-in",
    "renum_reset_links": "secrets of the sign-in",
    "renum_idempotency_keys": "answers kept for a day, about what the other files have",
    "renum_audit": "the installation's own log, which nobody can change",
    "renum_audit_head": "the installation's own log, which nobody can change",
    "renum_key_checks": "the installation's own, about no person",
    "renum_first_administrator": "says only that the account was the first administrator's",
}
_AT_ONCE = 500


def tables() -> list[Table]:
    """Every table whose rows a person may take along, by name."""
    every = migrations.metadata().tables
    return [every[name] for name in sorted(every) if name not in LEFT_OUT]


async def rows_of(table: Table, owner: UUID) -> AsyncIterator[list[dict[str, Any]]]:
    """A person's rows of one table without their secrets, a few hundred at a time.

    No transaction stays open between them: whoever reads them may be slow.
    """
    shown = [column for column in table.columns if column.name not in SECRET_COLUMNS]
    place, after = list(table.primary_key.columns), None
    while True:
        statement = select(*shown).where(_is_of(table, owner)).order_by(*place).limit(_AT_ONCE)
        if after is not None:
            last = [literal(after[column.name], column.type) for column in place]
            statement = statement.where(tuple_(*place) > tuple_(*last))
        async with reading() as session:
            rows = [dict(row) for row in (await session.execute(statement)).mappings()]
        if not rows:
            return
        yield rows
        after = rows[-1]


async def count(session: AsyncSession, owner: UUID) -> OwnDataRead:
    """How much there is of a person."""

    async def of(column: Any, *conditions: ColumnElement[bool]) -> int:
        return await session.scalar(select(func.count()).where(col(column) == owner, *conditions)) or 0

    unfinished = col(Execution.status).not_in([status.value for status in FINAL_STATUSES])
    return OwnDataRead(
        agents=await of(Agent.user_id),
        teams=await of(Team.user_id),
        executions=await of(Execution.user_id),
        running=await of(Execution.user_id, unfinished),
        credentials=await of(Credential.user_id),
        api_tokens=await of(ApiToken.user_id),
        sessions=await of(Session.user_id, col(Session.revoked_at).is_(None)),
    )


async def delete_all(session: AsyncSession, owner: UUID) -> None:
    """Delete a person with everything of theirs; what belongs to an execution or a team goes with it."""
    for model in (Execution, Team, User):
        await session.execute(delete(model).where(col(model.user_id) == owner))


def _is_of(table: Table, owner: UUID) -> ColumnElement[bool]:
    """Whose row it is: by its own column, or by that of the execution or team it belongs to."""
    if "user_id" in table.columns:
        return table.columns["user_id"] == owner
    column, model = ("execution_id", Execution) if "execution_id" in table.columns else ("team_id", Team)
    return table.columns[column].in_(select(getattr(model, column)).where(col(model.user_id) == owner))
