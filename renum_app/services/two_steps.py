"""The second step of the sign-in: an authenticator turned on and off, and its codes taken."""

from __future__ import annotations

from uuid import UUID

from renum_app import crypto, runtime
from renum_app.auth import one_time_codes, tokens
from renum_app.database import reading, transaction
from renum_app.errors import Conflict, Invalid, Unauthenticated
from renum_app.errors import FieldProblem as Problem
from renum_app.models.account import Authenticator, RecoveryCodes, TwoStepRead, TwoStepSecret
from renum_app.models.audit import AuditAction
from renum_app.models.user import CurrentUser, User
from renum_app.repositories import second_steps, sessions, users
from renum_app.services import audit, passwords


async def read(user: CurrentUser) -> TwoStepRead:
    async with reading() as session:
        row = await users.by_id(session, user.user_id)
        left = await second_steps.count_codes(session, user.user_id)
    if row is None:
        raise Unauthenticated
    needed = runtime.current().settings.require_admin_two_steps and row.role == "admin"
    return TwoStepRead(is_on=row.has_two_steps, recovery_codes=left, is_required=needed)


async def begin(user: CurrentUser, password: str, *, ip: str) -> TwoStepSecret:
    """A secret for the person's authenticator; nothing changes until `confirm`.

    Raises:
        Invalid: The password is wrong.
        Conflict: There is an authenticator already; turn it off first.
    """
    await passwords.prove(user, password, ip=ip)
    secret = one_time_codes.new_secret()
    row = Authenticator(user_id=user.user_id, sealed_secret=crypto.seal(secret, context=sealing_context(user.user_id)))
    async with transaction() as session:
        if not await second_steps.begin(session, row):
            raise Conflict("two_steps_are_on")
    uri = one_time_codes.uri_of(secret, email=user.email, issuer=runtime.current().settings.app_name)
    return TwoStepSecret(secret=secret, uri=uri, picture=one_time_codes.picture_of(uri))


async def confirm(user: CurrentUser, code: str, *, ip: str) -> RecoveryCodes:
    """Turn the second step on with a first code; everybody else signed in to the account has to sign in again.

    Raises:
        Invalid: It is not the code of now.
        Conflict: Nothing waits for a code.
    """
    guesses, name = runtime.current().sign_ins, _guesses_of(user.user_id)
    async with reading() as session:
        row = await second_steps.of(session, user.user_id)
    if row is None or row.confirmed_at:
        raise Conflict("two_steps_not_begun")
    guesses.begin(name, ip)
    period = one_time_codes.period_of(code, _opened(row))
    if period is None:
        raise Invalid([Problem("code", "wrong_code")])
    guesses.succeeded(name, ip)
    codes = one_time_codes.new_recovery_codes()
    async with transaction() as session:
        if not await second_steps.take_period(session, user.user_id, period):
            raise Conflict("two_steps_not_begun")
        await second_steps.turn_on(session, user.user_id, [tokens.token_hash(each) for each in codes])
        await sessions.end_all(session, owner=user.user_id, but=user.session_id)
        await audit.note(session, AuditAction.TWO_STEPS_ON, actor_id=user.user_id, about=f"user:{user.user_id}")
    runtime.current().sessions.forget(user.user_id)
    return RecoveryCodes(recovery_codes=codes)


async def turn_off(user: CurrentUser, password: str, *, ip: str) -> None:
    """Ask for the password alone again; the secret and the recovery codes are deleted.

    Raises:
        Invalid: The password is wrong.
    """
    await passwords.prove(user, password, ip=ip)
    async with transaction() as session:
        await second_steps.turn_off(session, user.user_id)
        await audit.note(session, AuditAction.TWO_STEPS_OFF, actor_id=user.user_id, about=f"user:{user.user_id}")
    runtime.current().sessions.forget(user.user_id)


async def renew_codes(user: CurrentUser, password: str, *, ip: str) -> RecoveryCodes:
    """New recovery codes in the place of those that are left.

    Raises:
        Invalid: The password is wrong.
        Conflict: There is no second step that could need them.
    """
    await passwords.prove(user, password, ip=ip)
    codes = one_time_codes.new_recovery_codes()
    async with transaction() as session:
        row = await second_steps.of(session, user.user_id)
        if row is None or row.confirmed_at is None:
            raise Conflict("two_steps_are_off")
        await second_steps.replace_codes(session, user.user_id, [tokens.token_hash(each) for each in codes])
    return RecoveryCodes(recovery_codes=codes)


async def check(user: User, code: str, *, ip: str) -> None:
    """Take a code of the authenticator, or a recovery code; each works once.

    Raises:
        Unauthenticated: It is neither, or was taken before.
        TooMany: Too many wrong codes.
    """
    guesses, name = runtime.current().sign_ins, _guesses_of(user.user_id)
    guesses.begin(name, ip)
    async with transaction() as session:
        row = await second_steps.of(session, user.user_id)
        period = one_time_codes.period_of(code, _opened(row)) if row and row.confirmed_at else None
        is_taken = period is not None and await second_steps.take_period(session, user.user_id, period)
        recovery = tokens.token_hash(one_time_codes.plain(code))
        if not is_taken and not await second_steps.use_code(session, user.user_id, recovery):
            raise Unauthenticated("wrong_code")
    guesses.succeeded(name, ip)


def _opened(row: Authenticator) -> str:
    return crypto.open_sealed(row.sealed_secret, context=sealing_context(row.user_id))


def sealing_context(user_id: UUID) -> str:
    """Binds the sealed secret to its owner."""
    return f"renum-authenticator\0{user_id}"


def _guesses_of(user_id: UUID) -> str:
    """What wrong codes are counted under, apart from wrong passwords."""
    return f"codes of {user_id}"
