"""What needs the person: decisions that wait, a budget that runs out, and what failed lately."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from renum_app.models.execution import ExecutionStatus
from renum_app.models.execution_read import ExecutionSummary
from renum_app.models.user import CurrentUser
from renum_app.models.values import iso
from renum_app.services import accounts, executions
from renum_app.state.approvals import ApprovalRow, open_rows

_ASKS = 5
_TROUBLES = 3
_TIGHT = 0.8
_TROUBLE_AGE = timedelta(days=1)


@dataclass(frozen=True)
class Trouble:
    """An execution that failed."""

    execution_id: str
    team_name: str
    code: str
    why: str
    """An English sentence, for codes that no catalogue has."""
    moment: str


@dataclass(frozen=True)
class TightBudget:
    """A month's budget that is nearly used up; `is_tight` is False for any other."""

    is_tight: bool = False
    share: float = 0.0
    """Of the budget, from 0 to 1."""
    spent_usd: float = 0.0
    budget_usd: float = 0.0


async def budget_of(user: CurrentUser) -> TightBudget:
    month = (await accounts.me(user)).month
    if not month.budget_usd or month.spent_usd < _TIGHT * month.budget_usd:
        return TightBudget()
    return TightBudget(
        is_tight=True,
        share=month.spent_usd / month.budget_usd,
        spent_usd=month.spent_usd,
        budget_usd=month.budget_usd,
    )


async def asks_of(user: CurrentUser) -> list[ApprovalRow]:
    """The most pressing decisions, without the texts in question."""
    return [replace(row, text="") for row in (await open_rows(user))[:_ASKS]]


async def troubles_of(user: CurrentUser, now: datetime) -> list[Trouble]:
    """What failed within a day."""
    found = await executions.list_executions(
        user, limit=_TROUBLES, status=ExecutionStatus.FAILED, since=now - _TROUBLE_AGE
    )
    return [_trouble(each) for each in found.items]


def _trouble(failed: ExecutionSummary) -> Trouble:
    return Trouble(
        execution_id=str(failed.execution_id),
        team_name=failed.team_name,
        code=failed.error_code or "",
        why=failed.error_message or "",
        moment=iso(failed.completed_at or failed.created_at),
    )
