"""Group commit: many executions' events and rows in one transaction, each behind the fence of its owner."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError, StatementError

from renum_app import database
from renum_app.repositories import approvals, commit_postgresql, commit_sqlite, notifications
from renum_app.repositories.entry import Entry, Standing

_NEVER_TAKEN = (IntegrityError, DataError, ArithmeticError, ValueError, TypeError)
"""What a value raises that no column holds; a driver's own refusals, such as of huge integers, come unwrapped."""


class NotStored(Exception):
    """The database could not take it now; the same batch may be tried again."""


class Refused(Exception):
    """The database will never take it."""


async def commit(entries: Sequence[Entry]) -> set[UUID]:
    """Store all of them in one transaction; the executions whose owner still was the owner.

    What is there already is not stored twice: a commit whose answer got lost may be tried again.

    Raises:
        NotStored: Nothing was stored; try again.
        Refused: Nothing was stored, and one of them is to blame.
    """
    try:
        return await _commit(entries)
    except _NEVER_TAKEN as error:
        raise Refused(type(error).__name__) from error
    except SQLAlchemyError as error:
        if isinstance(error, StatementError) and not isinstance(error, DBAPIError):
            raise Refused(type(error).__name__) from error
        raise NotStored(type(error).__name__) from error


async def _commit(entries: Sequence[Entry]) -> set[UUID]:
    if database.is_sqlite():
        return await database.at_once(lambda own: _finished(own, entries, commit_sqlite.store(own, entries)))
    owned: set[UUID] = set()
    for part in commit_postgresql.parts(entries):
        owned |= await database.at_once(
            lambda own, part=part: _finished(own, part.entries, part.store(own)),
            is_one_statement=not any(entry.approvals or entry.notifications for entry in part.entries),
        )
    return owned


def _finished(connection: Connection, entries: Sequence[Entry], standing: Standing) -> set[UUID]:
    """What is too rare to hurry, stored as well; those that are stored now, or were before."""
    passed = [entry for entry in entries if entry.passes(standing)]
    approvals.project(connection, [row for entry in passed for row in entry.approvals])
    notifications.project(connection, [row for entry in passed for row in entry.notifications])
    return {entry.execution_id for entry in entries if entry.passes(standing) or entry.is_there(standing)}
