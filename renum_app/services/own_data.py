"""A person's data: how much there is, all of it in a file, and the end of the account."""

from __future__ import annotations

import asyncio
import io
import time
import zipfile
from collections.abc import AsyncIterator
from uuid import UUID

from pydantic_core import to_json

from renum_app import __version__, runtime
from renum_app.database import reading, transaction
from renum_app.engine import dispatch
from renum_app.errors import Conflict, FieldProblem, Forbidden, Invalid, Unauthenticated
from renum_app.models.account import OwnDataRead
from renum_app.models.audit import AuditAction
from renum_app.models.command import StopOrder
from renum_app.models.user import CurrentUser, SignInProvider, User, UserRole
from renum_app.models.values import iso, utc_now
from renum_app.repositories import commands, executions, own_data, sessions, users
from renum_app.services import audit, passwords

STOP_SECONDS = 20.0
"""How long the end of an account waits for what runs to stop."""
_LOOK_EVERY_SECONDS = 0.1


async def read(user: CurrentUser) -> OwnDataRead:
    async with reading() as session:
        return await own_data.count(session, user.user_id)


async def export(user: CurrentUser) -> AsyncIterator[bytes]:
    """Everything of a person as a ZIP archive, a JSON object per line and a file per table, without secrets."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        about = {"email": user.email, "made_at": iso(utc_now()), "renum": __version__, "left_out": own_data.LEFT_OUT}
        archive.writestr("about.json", to_json(about, indent=2))
        for table in own_data.tables():
            with archive.open(f"{table.name.removeprefix('renum_')}.jsonl", "w") as file:
                async for rows in own_data.rows_of(table, user.user_id):
                    file.write(b"".join(to_json(row) + b"\n" for row in rows))
                    yield pipe.taken()
    yield pipe.taken()


async def delete(user: CurrentUser, *, email: str, password: str, ip: str, seconds: float = STOP_SECONDS) -> None:
    """Stop what runs, then delete the account with everything of it, for good.

    Raises:
        Invalid: The address or the password is not the account's.
        Forbidden: It is the demo, which is everybody's.
        Conflict: They are the only administrator among others; or something would not stop in time, and all stays.
    """
    row = await _proven(user, password, ip=ip)
    if email.strip().lower() != row.email:
        raise Invalid([FieldProblem("email", "other_email")])
    async with transaction() as session:
        if row.role == UserRole.ADMIN and await users.is_last_administrator(session, row.user_id):
            raise Conflict("last_administrator")
        # From here on nobody starts anything with the account.
        await users.change(session, row.user_id, suspended_at=utc_now())
        ordered = await commands.stop_everything(session, StopOrder(), owner=row.user_id)
    runtime.current().sessions.forget(row.user_id)
    for execution_id in ordered:
        await dispatch.wake(execution_id)
    left = await _unfinished_after(row.user_id, seconds)
    async with transaction() as session:
        if left:
            await users.change(session, row.user_id, suspended_at=None)
        else:
            await sessions.end_all(session, owner=row.user_id)
            await own_data.delete_all(session, row.user_id)
            await audit.note(session, AuditAction.ACCOUNT_DELETED, actor_id=row.user_id, about=f"user:{row.user_id}")
    runtime.current().sessions.forget(row.user_id)
    if left:
        raise Conflict("still_stopping", n=left)


async def _proven(user: CurrentUser, password: str, *, ip: str) -> User:
    """The person's row; a password that another provider has cannot be asked for here."""
    if user.is_demo:
        raise Forbidden("not_for_the_demo")
    async with reading() as session:
        row = await users.by_id(session, user.user_id)
    if row is None:
        raise Unauthenticated
    return await passwords.prove(user, password, ip=ip) if row.provider == SignInProvider.LOCAL else row


async def _unfinished_after(user_id: UUID, seconds: float) -> int:
    """How many executions have not ended when the time is over, or sooner none."""
    deadline = time.monotonic() + seconds
    while True:
        async with reading() as session:
            left = sum((await executions.count_unfinished(session, user_id)).values())
        if not left or time.monotonic() >= deadline:
            return left
        await asyncio.sleep(_LOOK_EVERY_SECONDS)


class _Pipe(io.RawIOBase):
    """What an archive writes into and a download takes out of; nothing is ever whole in memory."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: bytes, /) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        self._parts.append(bytes(data))
        return len(data)

    def taken(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._parts)
        self._parts.clear()
        return taken
