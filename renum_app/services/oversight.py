"""What administrators see of everybody: accounts, executions without their content, and how the server does.

To look into somebody's execution takes a reason, and is written down.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from renum_app import database, runtime
from renum_app.database import reading, transaction
from renum_app.engine import dispatch
from renum_app.errors import NotFound, Unavailable
from renum_app.models.admin import ForeignExecution, OpenRequest, QueueRead, ServerHealth
from renum_app.models.audit import AuditAction
from renum_app.models.execution import ExecutionStatus
from renum_app.models.execution_read import ExecutionRead
from renum_app.models.user import CurrentUser
from renum_app.models.values import Page, page_of
from renum_app.repositories import oversight
from renum_app.services import audit, executions, health
from renum_app.services.administrators import require_administrator


@dataclass(frozen=True)
class Gauges:
    """What monitoring reads, without anybody's name."""

    database_up: bool
    engine_up: bool
    unfinished: dict[str, int]
    """Executions by status."""
    parked: int


async def gauges() -> Gauges:
    """How many executions have not ended; none are told while the database cannot say."""
    try:
        async with reading() as session:
            counts = await oversight.unfinished(session)
    except database.TROUBLES:
        return Gauges(database_up=False, engine_up=dispatch.is_alive(), unfinished={}, parked=0)
    unfinished = {name: counts.get(name, 0) for name in ("pending", "running")}
    return Gauges(database_up=True, engine_up=dispatch.is_alive(), unfinished=unfinished, parked=counts["parked"])


async def list_executions(
    user: CurrentUser, *, status: ExecutionStatus | None = None, search: str = "", page: int = 1, limit: int = 10
) -> Page[ForeignExecution]:
    """One page of everybody's executions, newest first.

    Raises:
        NotFound: The person is no administrator.
    """
    require_administrator(user)
    async with reading() as session:
        rows, total = await oversight.executions(
            session, status=status, search=search, offset=(page - 1) * limit, limit=limit
        )
    return page_of([_foreign(row) for row in rows], total=total, page=page, limit=limit)


async def open_execution(user: CurrentUser, execution_id: UUID, body: OpenRequest) -> ExecutionRead:
    """Everything about somebody's execution; who looked, at what and why is written down first.

    Raises:
        NotFound: The person is no administrator, or there is no such execution.
    """
    require_administrator(user)
    async with transaction() as session:
        owner_id = await oversight.owner_of(session, execution_id)
        if owner_id is None:
            raise NotFound
        about, reason = f"execution:{execution_id}", body.reason
        await audit.note(session, AuditAction.EXECUTION_OPENED, actor_id=user.user_id, about=about, reason=reason)
    return await executions.get(dataclasses.replace(user, user_id=owner_id), execution_id)


async def unfinished(user: CurrentUser) -> QueueRead:
    """What `stop_all` would stop.

    Raises:
        NotFound: The person is no administrator.
    """
    require_administrator(user)
    async with reading() as session:
        counts = await oversight.unfinished(session)
    return QueueRead(**{name: counts.get(name, 0) for name in QueueRead.model_fields})


async def server_health(user: CurrentUser, *, sockets: int) -> ServerHealth:
    """How the server does.

    Args:
        sockets: Open monitor WebSockets, which only the front door knows.

    Raises:
        NotFound: The person is no administrator.
    """
    require_administrator(user)
    live = runtime.current()
    async with reading() as session:
        people = await oversight.count_people(session)
    return ServerHealth(
        version=live.settings.app_version,
        environment=live.settings.environment.value,
        database="sqlite" if database.is_sqlite() else "postgresql",
        uptime_seconds=round(live.uptime_seconds, 1),
        dependencies=await _dependencies(),
        queue=await unfinished(user),
        sockets=sockets,
        users=people,
        audit=await audit.chain(user),
    )


async def _dependencies() -> dict[str, Any]:
    """Also while one that cannot be done without is down."""
    try:
        return (await health.ready())["dependencies"]
    except Unavailable as error:
        return error.details["dependencies"]


def _foreign(row: Any) -> ForeignExecution:
    named = {name: getattr(row, name) for name in ForeignExecution.model_fields if hasattr(row, name)}
    cost, tokens = row.cost_metrics.get("total_cost_usd"), row.usage_metrics.get("total_tokens", 0)
    return ForeignExecution(**named, cost_usd=cost, total_tokens=tokens)
