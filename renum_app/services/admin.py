"""What administrators can do: become one, and stop everything.

Where a user is left out, whoever calls has the server's own shell.
"""

from __future__ import annotations

from renum_app.database import AsyncSession, transaction
from renum_app.engine import dispatch
from renum_app.errors import NotFound
from renum_app.models.admin import StopAllRead
from renum_app.models.audit import AuditAction
from renum_app.models.command import StopOrder
from renum_app.models.user import CurrentUser, User, UserRead, UserRole
from renum_app.models.values import utc_now
from renum_app.repositories import commands, second_steps, sessions, users
from renum_app.services import audit, passwords
from renum_app.services.administrators import require_administrator


async def create(email: str, password: str, name: str = "", *, host: str) -> UserRead:
    """Open an administrator's account, also where registration is closed.

    Args:
        host: The server's address, which makes no good password.

    Raises:
        Invalid: The password is too easy to guess.
        Conflict: The address has an account.
    """
    email = email.lower()
    password_hash = await passwords.hashed(password, email=email, host=host)
    name = name.strip() or email.partition("@")[0]
    user = User(email=email, name=name, password_hash=password_hash, role=UserRole.ADMIN.value)
    async with transaction() as session:
        made = UserRead.model_validate(await users.add(session, user))
        await audit.note(session, AuditAction.ROLE_CHANGED, actor_id=None, about=f"user:{made.user_id}")
    return made


async def grant(email: str) -> UserRead:
    """Make somebody an administrator; where they are signed in they have to sign in again.

    Raises:
        NotFound: Nobody has this address.
    """
    async with transaction() as session:
        user = await _known(session, email)
        await users.change(session, user.user_id, role=UserRole.ADMIN.value)
        await sessions.end_all(session, owner=user.user_id)
        await audit.note(session, AuditAction.ROLE_CHANGED, actor_id=None, about=f"user:{user.user_id}")
        return UserRead.model_validate(user).model_copy(update={"role": UserRole.ADMIN.value})


async def suspend(email: str, *, suspended: bool = True) -> UserRead:
    """Let nobody in with an account, or let them in again; what it runs goes on, and nothing of it is lost.

    Raises:
        NotFound: Nobody has this address.
    """
    async with transaction() as session:
        user = await _known(session, email)
        await users.change(session, user.user_id, suspended_at=utc_now() if suspended else None)
        await sessions.end_all(session, owner=user.user_id)
        action = AuditAction.SUSPENDED if suspended else AuditAction.UNSUSPENDED
        await audit.note(session, action, actor_id=None, about=f"user:{user.user_id}")
    return UserRead.model_validate(user)


async def turn_two_steps_off(email: str) -> UserRead:
    """Let somebody in without a code, who has lost every way to have one; they have to sign in again.

    Raises:
        NotFound: Nobody has this address.
    """
    async with transaction() as session:
        user = await _known(session, email)
        await second_steps.turn_off(session, user.user_id)
        await sessions.end_all(session, owner=user.user_id)
        await audit.note(session, AuditAction.TWO_STEPS_OFF, actor_id=None, about=f"user:{user.user_id}")
    return UserRead.model_validate(user)


async def stop_all(user: CurrentUser | None = None, *, reason: str = "") -> StopAllRead:
    """Order everything to stop that has not ended, whoever's it is: what runs, waits and is parked.

    What is started afterwards runs as usual; to order it again changes nothing.

    Raises:
        NotFound: The person is no administrator.
    """
    if user:
        require_administrator(user)
    async with transaction() as session:
        ordered = await commands.stop_everything(session, StopOrder(ordered_by="admin", reason=reason))
        actor_id, about = user.user_id if user else None, f"executions:{len(ordered)}"
        await audit.note(session, AuditAction.STOPPED_ALL, actor_id=actor_id, about=about, reason=reason)
    for execution_id in ordered:
        await dispatch.wake(execution_id)
    return StopAllRead(ordered=len(ordered))


async def _known(session: AsyncSession, email: str) -> User:
    user = await users.by_email(session, email)
    if user is None:
        raise NotFound("no_such_account", email=email)
    return user
