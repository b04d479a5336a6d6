"""What a person can do about their account: open it, sign in to it, read it."""

from __future__ import annotations

from dataclasses import dataclass, field

from renum_app import runtime
from renum_app.auth import tokens
from renum_app.auth.identity import Identity
from renum_app.database import reading, transaction
from renum_app.errors import Forbidden, NotFound, Unauthenticated
from renum_app.models.audit import AuditAction, AuditResult
from renum_app.models.user import CurrentUser, MeRead, MeWrite, SessionKind, TokenRead, User, UserRead
from renum_app.repositories import users
from renum_app.services import audit, budgets, demo, identities, provider_sessions, sessions, two_steps


async def register(email: str, password: str, name: str = "", *, ip: str = "") -> UserRead | None:
    """Open an account; None: it is there once the person has followed the link in an e-mail.

    Raises:
        Forbidden: Registration is closed on this server.
        Invalid: The password is too easy to guess.
        Conflict: The address has an account.
    """
    identity = await _signed_up(email, password, name=name, ip=ip)
    if identity is None:
        return None
    user = await identities.person(identity)
    await provider_sessions.end(identity.tokens)
    return UserRead.model_validate(user)


async def register_browser(email: str, password: str, name: str = "", *, user_agent: str, ip: str) -> str | None:
    """Open an account, as `register` does; the token of a browser session that is signed in to it."""
    identity = await _signed_up(email, password, name=name, ip=ip)
    if identity is None:
        return None
    return await _begun(await _admitted(identity), identity, SessionKind.BROWSER, user_agent=user_agent, ip=ip)


@dataclass(frozen=True)
class Entrance:
    """How far a person has come: into a session, or to the second step."""

    session_token: str = field(default="", repr=False)
    first_step: str = field(default="", repr=False)


async def sign_in_browser(email: str, password: str, *, user_agent: str, ip: str) -> Entrance:
    """The token of a new browser session, for its cookie; or of the first step, where a code comes next.

    Raises:
        Unauthenticated: Wrong address or password; it is not said which.
        Forbidden: The address is not confirmed, or the account is suspended.
        TooMany: Too many failures of this account or network.
        Unavailable: The provider of identities is down.
    """
    identity = await _proven(email, password, ip=ip)
    user = await _admitted(identity)
    if user.has_two_steps:
        mark, settings = tokens.token_hash(user.password_hash), runtime.current().settings
        return Entrance(first_step=tokens.sign_first_step(user_id=user.user_id, password_mark=mark, settings=settings))
    return Entrance(await _begun(user, identity, SessionKind.BROWSER, user_agent=user_agent, ip=ip))


async def sign_in_second_step(first_step: str, code: str, *, user_agent: str, ip: str) -> str:
    """The token of a new browser session, for a code after the password.

    Raises:
        Unauthenticated: The first step is too old or of another password, or the code is wrong or was used.
        TooMany: Too many wrong codes.
    """
    user_id, mark = tokens.read_first_step(first_step, runtime.current().settings)
    async with reading() as session:
        user = await users.by_id(session, user_id)
    if user is None or user.suspended_at or tokens.token_hash(user.password_hash) != mark:
        raise Unauthenticated("first_step_is_old")
    await two_steps.check(user, code, ip=ip)
    return await sessions.begin(user, SessionKind.BROWSER, user_agent=user_agent, ip=ip)


async def sign_in_api(email: str, password: str, *, code: str = "", user_agent: str, ip: str) -> TokenRead:
    """Tokens of a new REST session; raises like `sign_in_browser`.

    Raises:
        Unauthenticated: Also `second_step_required`, where the code is missing, and `wrong_code`.
    """
    identity = await _proven(email, password, ip=ip)
    user = await _admitted(identity)
    if user.has_two_steps:
        if not code:
            raise Unauthenticated("second_step_required")
        await two_steps.check(user, code, ip=ip)
    return await sessions.tokens_for(await _begun(user, identity, SessionKind.API, user_agent=user_agent, ip=ip))


async def confirm_again(email: str, *, ip: str) -> None:
    """Have the e-mail that confirms a new account's address sent again; it is not said whether there is one.

    Raises:
        NotFound: Addresses are not confirmed here.
        TooMany: One was sent a moment ago.
        Unavailable: The provider of identities is down.
    """
    if (supabase := runtime.current().supabase) is None:
        raise NotFound
    runtime.current().sign_ins.begin(f"confirm {email}", ip)
    await supabase.confirm_again(email.lower(), ip=ip)


async def sign_in_demo(*, user_agent: str, ip: str) -> str:
    """The token of a browser session of the demo account, which is made on first use.

    Raises:
        NotFound: There is no demo in production.
    """
    if runtime.current().settings.is_production:
        raise NotFound
    return await sessions.begin(await demo.account(), SessionKind.BROWSER, user_agent=user_agent, ip=ip)


async def me(user: CurrentUser) -> MeRead:
    """The person's account, with what this month has cost.

    Raises:
        Unauthenticated: It is gone.
    """
    async with reading() as session:
        row = await users.by_id(session, user.user_id)
    if row is None:
        raise Unauthenticated
    return MeRead(
        **UserRead.model_validate(row).model_dump(),
        monthly_budget_usd=row.monthly_budget_usd,
        month=await budgets.month_of(row),
    )


async def change(user: CurrentUser, body: MeWrite) -> MeRead:
    """Set what the body names; a month budget counts from the next step on, also of what runs under one already."""
    if given := body.model_dump(exclude_unset=True):
        async with transaction() as session:
            await users.change(session, user.user_id, **given)
        if user.session_id:
            runtime.current().sessions.forget(user.session_id)
    return await me(user)


async def _signed_up(email: str, password: str, *, name: str, ip: str) -> Identity | None:
    if not runtime.current().settings.signup_is_open:
        raise Forbidden("signup_closed")
    identity = await identities.provider().sign_up(email.lower(), password, name=name, ip=ip)
    if identity:
        await audit.note_alone(AuditAction.REGISTERED, actor_id=identity.user_id, about=f"user:{identity.user_id}")
    return identity


async def _proven(email: str, password: str, *, ip: str) -> Identity:
    """Whose address and password these are."""
    runtime.current().sign_ins.begin(email, ip)
    try:
        identity = await identities.provider().sign_in(email, password, ip=ip)
    except Unauthenticated:
        await _note_failure(email)
        raise
    runtime.current().sign_ins.succeeded(email, ip)
    return identity


async def _note_failure(email: str) -> None:
    """Write down whose account was tried; an address that has none may be a password in the wrong field."""
    async with transaction() as session:
        user = await users.by_email(session, email)
        about = f"user:{user.user_id}" if user else ""
        refused = AuditResult.REFUSED
        await audit.note(session, AuditAction.SIGN_IN_FAILED, actor_id=None, about=about, result=refused)


async def _admitted(identity: Identity) -> User:
    """The row of somebody who has proved who they are, unless nobody is let in with it."""
    user = await identities.person(identity)
    if user.suspended_at:
        await provider_sessions.end(identity.tokens)
        raise Forbidden("account_suspended")
    return user


async def _begun(user: User, identity: Identity, kind: SessionKind, *, user_agent: str, ip: str) -> str:
    """The token of a session of somebody who has proved who they are."""
    return await sessions.begin(user, kind, user_agent=user_agent, ip=ip, tokens_elsewhere=identity.tokens)
