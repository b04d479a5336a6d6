"""All SQL about the audit log: add, read, check. The database itself refuses to change or remove a row."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from renum_app.models.audit import AuditAction, AuditHead, AuditResult, AuditRow
from renum_app.models.user import User
from renum_app.models.values import iso

_LOCK = 7_236_846_902  # any number that only the audit log uses
_AT_ONCE = 1_000
_HEAD = 1


async def add(
    session: AsyncSession,
    action: AuditAction,
    *,
    at: datetime,
    actor_id: UUID | None,
    about: str,
    result: AuditResult,
    ip: str,
    reason: str,
) -> None:
    """Add a row to the end of the chain; others wait until this transaction is over."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    last = (await session.execute(_newest().limit(1))).scalar_one_or_none()
    row = AuditRow(
        number=last.number + 1 if last else 1,
        at=at.replace(microsecond=at.microsecond // 1_000 * 1_000),
        actor_id=actor_id,
        action=action.value,
        object=about,
        result=result.value,
        ip=ip,
        reason=reason,
        previous_hash=last.row_hash if last else "",
        row_hash="",
    )
    row.row_hash = hash_of(row)
    session.add(row)
    await session.merge(AuditHead(place=_HEAD, number=row.number, row_hash=row.row_hash))
    await session.flush()


async def page(
    session: AsyncSession, *, action: AuditAction | None, search: str, offset: int, limit: int
) -> tuple[list[tuple[AuditRow, str | None]], int]:
    """One page of rows with their actor's address, newest first, and how many there are."""
    where: list[Any] = [col(AuditRow.action) == action.value] if action else []
    if search:
        columns = (col(User.email), col(AuditRow.object), col(AuditRow.ip), col(AuditRow.reason))
        where.append(or_(*(column.icontains(search, autoescape=True) for column in columns)))
    joined = select(AuditRow, col(User.email)).outerjoin(User, col(User.user_id) == col(AuditRow.actor_id))
    total = select(func.count()).select_from(joined.where(*where).subquery())
    newest = joined.where(*where).order_by(col(AuditRow.number).desc()).offset(offset).limit(limit)
    rows: list[tuple[AuditRow, str | None]] = [(row[0], row[1]) for row in await session.execute(newest)]
    return rows, (await session.execute(total)).scalar_one()


async def first_broken(session: AsyncSession) -> tuple[int, int | None]:
    """How many rows there are, and the first number at which the chain is not whole."""
    number, before = 0, ""
    while rows := list(await session.scalars(_from(number))):
        for row in rows:
            if row.number != number + 1 or row.previous_hash != before or row.row_hash != hash_of(row):
                return number, number + 1
            number, before = row.number, row.row_hash
        session.expunge_all()
    head = await session.get(AuditHead, _HEAD)
    is_whole = (head.number, head.row_hash) == (number, before) if head else number == 0
    return number, None if is_whole else number + 1


def hash_of(row: AuditRow) -> str:
    """SHA-256 over what the row says and the hash of the row before."""
    actor = str(row.actor_id) if row.actor_id else ""
    told = [row.number, iso(row.at), actor, row.action, row.object, row.result, row.ip, row.reason, row.previous_hash]
    return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


def _newest() -> Any:
    return select(AuditRow).order_by(col(AuditRow.number).desc())


def _from(number: int) -> Any:
    return select(AuditRow).where(col(AuditRow.number) > number).order_by(col(AuditRow.number)).limit(_AT_ONCE)
