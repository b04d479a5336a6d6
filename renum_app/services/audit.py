"""The audit log: written by the use cases, in the transaction of what they do; read by administrators."""

from __future__ import annotations

from uuid import UUID

from renum_app import caller
from renum_app.database import AsyncSession, reading, transaction
from renum_app.models.audit import AuditAction, AuditPage, AuditRead, AuditResult, ChainRead
from renum_app.models.user import CurrentUser
from renum_app.models.values import page_of, storable, utc_now
from renum_app.repositories import audit
from renum_app.services.administrators import require_administrator

_LONGEST = 500


async def note(
    session: AsyncSession,
    action: AuditAction,
    *,
    actor_id: UUID | None,
    about: str = "",
    result: AuditResult = AuditResult.DONE,
    reason: str = "",
) -> None:
    """Write down what this transaction does; it is last in it, as others wait for the end of the log.

    Args:
        about: A kind and what names it, `key:openai`; never a secret, nor what a person wrote.
        reason: As an administrator gave it.
    """
    await audit.add(
        session,
        action,
        at=utc_now(),
        actor_id=actor_id,
        about=storable(about)[:_LONGEST],
        result=result,
        ip=caller.address()[:100],
        reason=storable(reason)[:_LONGEST],
    )


async def note_alone(
    action: AuditAction, *, actor_id: UUID | None, about: str = "", result: AuditResult = AuditResult.DONE
) -> None:
    """Write down what has no transaction of its own."""
    async with transaction() as session:
        await note(session, action, actor_id=actor_id, about=about, result=result)


async def list_rows(
    user: CurrentUser, *, action: AuditAction | None = None, search: str = "", page: int = 1, limit: int = 10
) -> AuditPage:
    """One page of the log, newest first.

    Raises:
        NotFound: The person is no administrator.
    """
    require_administrator(user)
    async with reading() as session:
        rows, total = await audit.page(session, action=action, search=search, offset=(page - 1) * limit, limit=limit)
    items = [AuditRead(**row.model_dump(), actor=actor) for row, actor in rows]
    return page_of(items, total=total, page=page, limit=limit)


async def chain(user: CurrentUser) -> ChainRead:
    """Whether every row is there as it was written.

    Raises:
        NotFound: The person is no administrator.
    """
    require_administrator(user)
    async with reading() as session:
        rows, broken_at = await audit.first_broken(session)
    return ChainRead(ok=broken_at is None, rows=rows, broken_at=broken_at)
