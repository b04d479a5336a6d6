"""Notifications over REST: what happened to a person's executions, and that they have seen it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, status

from renum_app.api import documented
from renum_app.api.dependencies import Limit, NotificationId, PageNumber, ReadsExecutions, RunsExecutions
from renum_app.models.notification import NotificationRead
from renum_app.models.values import Page
from renum_app.services import notifications

router = APIRouter(prefix="/notifications", tags=["notifications"])

Unread = Annotated[bool, Query(description="Only those that have not been read.")]


@router.get("", responses=documented.errors(401))
async def list_notifications(
    user: ReadsExecutions, page: PageNumber = 1, limit: Limit = 10, *, unread: Unread = False
) -> Page[NotificationRead]:
    """What happened to your executions, newest first; each is told once."""
    return await notifications.list_notifications(user, page=page, limit=limit, unread_only=unread)


@router.post("/read", status_code=status.HTTP_204_NO_CONTENT, responses=documented.errors(401))
async def mark_all_read(user: RunsExecutions) -> None:
    """All of them have been read."""
    await notifications.mark_all_read(user)


@router.post("/{notification_id}/read", responses=documented.errors(401, 404))
async def mark_read(user: RunsExecutions, notification_id: NotificationId) -> NotificationRead:
    """It has been read; a second time changes nothing."""
    return await notifications.mark_read(user, notification_id)
