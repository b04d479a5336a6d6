"""A person's password: proved again, changed, and chosen anew by a link."""

from __future__ import annotations

from renum_app import runtime
from renum_app.auth import passwords
from renum_app.database import reading, transaction
from renum_app.errors import Conflict, FieldProblem, Forbidden, Invalid, Unauthenticated
from renum_app.models.audit import AuditAction
from renum_app.models.user import CurrentUser, SignInProvider, User
from renum_app.repositories import sessions, users
from renum_app.services import audit


async def prove(user: CurrentUser, password: str, *, ip: str, field: str = "password") -> User:
    """The person's row, if this is their password; wrong ones are counted, and slow down further ones only here.

    Raises:
        Invalid: It is not; the session goes on.
        Forbidden: The account has none here: the demo's, or one of another provider.
        TooMany: Too many wrong ones.
    """
    if user.is_demo:
        raise Forbidden("not_for_the_demo")
    guesses, name = runtime.current().sign_ins, f"password of {user.user_id}"
    async with reading() as session:
        row = await users.by_id(session, user.user_id)
    if row is None:
        raise Unauthenticated
    if row.provider != SignInProvider.LOCAL:
        raise Forbidden("account_is_elsewhere")
    guesses.begin(name, ip)
    is_right, _ = await passwords.verified(password, row.password_hash)
    if not is_right:
        raise Invalid([FieldProblem(field, "wrong_password")])
    guesses.succeeded(name, ip)
    return row


async def change(user: CurrentUser, current_password: str, new_password: str, *, ip: str) -> None:
    """Set a new password; every other session of the person ends, whatever opened it.

    Raises:
        Invalid: The present password is wrong, or the new one is the same or too easy to guess.
        Conflict: Somebody has changed it a moment ago.
    """
    row = await prove(user, current_password, ip=ip, field="current_password")
    if current_password == new_password:
        raise Invalid([FieldProblem("new_password", "same_password")])
    host = runtime.current().settings.base_url
    new_hash = await hashed(new_password, email=user.email, host=host, field="new_password")
    async with transaction() as session:
        if not await users.change_password(session, row, new_hash):
            raise Conflict("password_just_changed")
        await sessions.end_all(session, owner=user.user_id, but=user.session_id)
        await audit.note(session, AuditAction.PASSWORD_CHANGED, actor_id=user.user_id, about=f"user:{user.user_id}")
    runtime.current().sessions.forget(user.user_id)


async def hashed(password: str, *, email: str, host: str, field: str = "password") -> str:
    """The hash of a password that may be used.

    Raises:
        Invalid: It is too easy to guess.
    """
    if problems := passwords.problems(password, email=email, host=host, name=field):
        raise Invalid(problems)
    return await passwords.hashed(password)
