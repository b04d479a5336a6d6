"""What a person can do about their account: open it, sign in to it, read it."""

from __future__ import annotations

from renum_app import runtime
from renum_app.auth import passwords
from renum_app.database import reading, transaction
from renum_app.errors import Forbidden, Invalid, NotFound, Unauthenticated
from renum_app.models.user import CurrentUser, MeRead, MeWrite, SessionKind, TokenRead, User, UserRead
from renum_app.repositories import users
from renum_app.services import budgets, demo, sessions


async def register(email: str, password: str, name: str = "") -> UserRead:
    """Open an account.

    Raises:
        Forbidden: Registration is closed on this server.
        Invalid: The password is too easy to guess.
        Conflict: The address has an account.
    """
    if not runtime.current().settings.signup_is_open:
        raise Forbidden("signup_closed")
    email = email.lower()
    if problems := passwords.problems(password, email=email):
        raise Invalid(problems)
    user = User(
        email=email, name=name.strip() or email.partition("@")[0], password_hash=await passwords.hashed(password)
    )
    async with transaction() as session:
        return UserRead.model_validate(await users.add(session, user))


async def sign_in_browser(email: str, password: str, *, user_agent: str, ip: str) -> str:
    """The token of a new browser session, for its cookie.

    Raises:
        Unauthenticated: Wrong address or password; it is not said which.
        TooMany: Too many failures of this account or network.
    """
    user = await _proven(email, password, ip=ip)
    return await sessions.begin(user, SessionKind.BROWSER, user_agent=user_agent, ip=ip)


async def sign_in_api(email: str, password: str, *, user_agent: str, ip: str) -> TokenRead:
    """Tokens of a new REST session; raises like `sign_in_browser`."""
    user = await _proven(email, password, ip=ip)
    refresh_token = await sessions.begin(user, SessionKind.API, user_agent=user_agent, ip=ip)
    return await sessions.tokens_for(refresh_token)


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


async def _proven(email: str, password: str, *, ip: str) -> User:
    """The person whose address and password these are."""
    runtime.current().sign_ins.begin(email, ip)
    async with reading() as session:
        user = await users.by_email(session, email)
    is_right, new_hash = await passwords.verified(password, user.password_hash if user else None)
    if user is None or not is_right:
        raise Unauthenticated("invalid_credentials")
    runtime.current().sign_ins.succeeded(email, ip)
    if new_hash:
        async with transaction() as session:
            await users.set_password_hash(session, user.user_id, new_hash)
    return user
