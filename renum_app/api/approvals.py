"""Approvals over REST: what waits for a person, and their decision."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body, Query

from renum_app.api import documented
from renum_app.api.dependencies import ApprovalId, Limit, PageNumber, ReadsExecutions, RunsExecutions
from renum_app.api.once import OnceRoute
from renum_app.models.approval import ApprovalRead, ApprovalStatus, Decision
from renum_app.models.values import Page
from renum_app.services import approvals

router = APIRouter(prefix="/approvals", tags=["approvals"], route_class=OnceRoute)

DecisionBody = Annotated[
    Decision,
    Body(
        openapi_examples=documented.examples(approve=documented.APPROVE, edit=documented.EDIT, reject=documented.REJECT)
    ),
]
Status = Annotated[ApprovalStatus, Query(description="`void` are those that nobody needed any more.")]


@router.get("", responses=documented.errors(401))
async def list_approvals(
    user: ReadsExecutions, page: PageNumber = 1, limit: Limit = 10, status: Status = ApprovalStatus.OPEN
) -> Page[ApprovalRead]:
    """Steps of your executions that wait for you, newest first; or those decided before."""
    return await approvals.list_approvals(user, page=page, limit=limit, status=status)


@router.get("/{approval_id}", responses=documented.errors(401, 404))
async def get_approval(user: ReadsExecutions, approval_id: ApprovalId) -> ApprovalRead:
    """What a step would be sent, or has answered, and what became of it."""
    return await approvals.get(user, approval_id)


@router.post("/{approval_id}", responses=documented.with_body(401, 404, 409))
async def decide(user: RunsExecutions, approval_id: ApprovalId, body: DecisionBody) -> ApprovalRead:
    """Approve, approve with another text, or reject; 409 `already_decided` when somebody or something was faster."""
    return await approvals.decide(user, approval_id, body)
