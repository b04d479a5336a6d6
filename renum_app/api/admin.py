"""What administrators can do over REST; for everybody else these routes are not there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query

from renum_app.api import documented, monitor
from renum_app.api.dependencies import Administrator, ExecutionId, Limit, PageNumber, PersonId, Search
from renum_app.models.admin import (
    ForeignExecution,
    OpenRequest,
    PersonRead,
    PersonWrite,
    ServerHealth,
    SessionsRevoked,
    StopAllRead,
    StopAllRequest,
)
from renum_app.models.audit import AuditAction, AuditPage
from renum_app.models.execution import ExecutionStatus
from renum_app.models.execution_read import ExecutionRead
from renum_app.models.values import Page, Text
from renum_app.services import admin, audit, oversight, people

router = APIRouter(prefix="/admin", tags=["admin"])

StopAllBody = Annotated[StopAllRequest, Body(openapi_examples=documented.examples(maintenance=documented.STOP_ALL))]
OpenBody = Annotated[OpenRequest, Body(openapi_examples=documented.examples(support=documented.OPEN))]
PersonBody = Annotated[PersonWrite, Body(openapi_examples=documented.examples(suspend=documented.SUSPEND))]
OwnerSearch = Annotated[Text, Query(alias="search", max_length=200, description="Part of an address or a team's name.")]


@router.post("/stop-all", responses=documented.with_body(401, 404))
async def stop_all(user: Administrator, body: StopAllBody) -> StopAllRead:
    """Stop everybody's executions that have not ended; what is started afterwards runs as usual."""
    return await admin.stop_all(user, reason=body.reason)


@router.get("/health", responses=documented.errors(401, 404))
async def server_health(user: Administrator) -> ServerHealth:
    """How the server does: what it stands on, what waits, and whether the audit log is whole."""
    return await oversight.server_health(user, sockets=monitor.open_sockets())


@router.get("/users", responses=documented.errors(401, 404))
async def list_users(
    user: Administrator, page: PageNumber = 1, limit: Limit = 10, search: Search = ""
) -> Page[PersonRead]:
    """Accounts, newest first, with what they run and have spent this month."""
    return await people.list_people(user, page=page, limit=limit, search=search)


@router.patch("/users/{user_id}", responses=documented.with_body(401, 404, 409))
async def change_user(user: Administrator, user_id: PersonId, body: PersonBody) -> PersonRead:
    """Give somebody another role, suspend them or let them in again; 409 `not_yourself`."""
    return await people.change(user, user_id, body)


@router.delete("/users/{user_id}/sessions", responses=documented.errors(401, 404, 409))
async def revoke_sessions(user: Administrator, user_id: PersonId) -> SessionsRevoked:
    """End everything somebody is signed in with; 409 `not_yourself`."""
    return await people.revoke_sessions(user, user_id)


@router.get("/executions", responses=documented.errors(401, 404))
async def list_all_executions(
    user: Administrator,
    page: PageNumber = 1,
    limit: Limit = 10,
    status: ExecutionStatus | None = None,
    search: OwnerSearch = "",
) -> Page[ForeignExecution]:
    """Everybody's executions, newest first, without what is in them."""
    return await oversight.list_executions(user, page=page, limit=limit, status=status, search=search)


@router.post("/executions/{execution_id}/open", responses=documented.with_body(401, 404))
async def open_execution(user: Administrator, execution_id: ExecutionId, body: OpenBody) -> ExecutionRead:
    """Look into somebody's execution; who did, and why, is written into the audit log."""
    return await oversight.open_execution(user, execution_id, body)


@router.get("/audit", responses=documented.errors(401, 404))
async def list_audit(
    user: Administrator,
    page: PageNumber = 1,
    limit: Limit = 10,
    action: AuditAction | None = None,
    search: Search = "",
) -> AuditPage:
    """Who did what to what, from where, and with what outcome; newest first."""
    return await audit.list_rows(user, page=page, limit=limit, action=action, search=search)
