"""What administrators can do: become one, and stop everything.

Where a user is left out, whoever calls has the server's own shell.
"""

from __future__ import annotations

from renum_app.auth import passwords
from renum_app.database import transaction
from renum_app.engine import dispatch
from renum_app.errors import Invalid, NotFound
from renum_app.models.admin import StopAllRead
from renum_app.models.command import StopOrder
from renum_app.models.user import CurrentUser, User, UserRead, UserRole
from renum_app.repositories import commands, users


async def create(email: str, password: str, name: str = "") -> UserRead:
    """Open an administrator's account, also where registration is closed.

    Raises:
        Invalid: The password is too easy to guess.
        Conflict: The address has an account.
    """
    email = email.lower()
    if problems := passwords.problems(password, email=email):
        raise Invalid(problems)
    password_hash = await passwords.hashed(password)
    name = name.strip() or email.partition("@")[0]
    user = User(email=email, name=name, password_hash=password_hash, role=UserRole.ADMIN.value)
    async with transaction() as session:
        return UserRead.model_validate(await users.add(session, user))


async def grant(email: str) -> UserRead:
    """Make somebody an administrator; sessions they are signed in with know it within seconds.

    Raises:
        NotFound: Nobody has this address.
    """
    async with transaction() as session:
        user = await users.by_email(session, email)
        if user is None:
            raise NotFound("no_such_account", email=email)
        await users.change(session, user.user_id, role=UserRole.ADMIN.value)
        return UserRead.model_validate(user).model_copy(update={"role": UserRole.ADMIN.value})


async def stop_all(user: CurrentUser | None = None, *, reason: str = "") -> StopAllRead:
    """Order everything to stop that has not ended, whoever's it is: what runs, waits and is parked.

    What is started afterwards runs as usual; to order it again changes nothing.

    Raises:
        NotFound: The person is no administrator.
    """
    if user and user.role is not UserRole.ADMIN:
        raise NotFound
    async with transaction() as session:
        ordered = await commands.stop_everything(session, StopOrder(ordered_by="admin", reason=reason))
    for execution_id in ordered:
        await dispatch.wake(execution_id)
    return StopAllRead(ordered=len(ordered))
