"""What executions have used, over REST."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query

from renum_app.api import documented
from renum_app.api.dependencies import ReadsExecutions
from renum_app.models.usage import UsageGroup, UsageRead
from renum_app.services import usage

router = APIRouter(prefix="/usage", tags=["usage"])

From = Annotated[datetime | None, Query(alias="from", description="By default thirty days before `to`.")]
To = Annotated[datetime | None, Query(alias="to", description="By default now; at most 366 days after `from`.")]


@router.get("", responses=documented.errors(401))
async def get_usage(
    user: ReadsExecutions, since: From = None, until: To = None, group_by: UsageGroup = UsageGroup.TEAM
) -> UsageRead:
    """Executions, steps, tokens and cost of the steps begun in a time, by team, agent, model or day."""
    return await usage.read(user, group_by=group_by, since=since, until=until)
