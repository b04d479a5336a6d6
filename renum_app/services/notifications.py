"""What a person can do with notifications: see what happened meanwhile, and say that they have."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from renum_app.database import reading, transaction
from renum_app.i18n import text
from renum_app.models.notification import NotificationRead
from renum_app.models.user import CurrentUser
from renum_app.models.values import Page, page_of, utc_now
from renum_app.repositories import notifications


async def list_notifications(
    user: CurrentUser, *, page: int = 1, limit: int = 10, unread_only: bool = False
) -> Page[NotificationRead]:
    """One page of the person's notifications, newest first."""
    async with reading() as session:
        rows, total = await notifications.page(
            session, user.user_id, unread_only=unread_only, offset=(page - 1) * limit, limit=limit
        )
    return page_of([_read(row) for row in rows], total=total, page=page, limit=limit)


async def count_unread(user: CurrentUser) -> int:
    async with reading() as session:
        return await notifications.count_unread(session, user.user_id)


async def mark_read(user: CurrentUser, notification_id: UUID) -> NotificationRead:
    """Remember that the person has seen it; again changes nothing.

    Raises:
        NotFound: The person has no such notification.
    """
    async with transaction() as session:
        await notifications.mark_read(session, user.user_id, at=utc_now(), notification_id=notification_id)
        return _read(await notifications.require(session, owner=user.user_id, notification_id=notification_id))


async def mark_all_read(user: CurrentUser) -> None:
    """Remember that the person has seen all there is."""
    async with transaction() as session:
        await notifications.mark_read(session, user.user_id, at=utc_now())


def _read(row: Any) -> NotificationRead:
    told = {"team": row.team_name, **row.params}
    message = text(f"notifications.{row.kind}", "en", **told)
    return NotificationRead.model_validate({**row._mapping, "message": message})  # noqa: SLF001 (a Row's public name)
