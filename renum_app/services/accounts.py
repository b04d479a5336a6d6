"""What a person can do about their account: register, sign in and out, and prove who they are."""

from __future__ import annotations

from datetime import timedelta

from renum_app import runtime
from renum_app.auth import passwords, tokens
from renum_app.database import reading, transaction
from renum_app.errors import Forbidden, Invalid, NotFound, Unauthenticated
from renum_app.models.user import CurrentUser, Session, SessionKind, TokenRead, User, UserRead, UserRole
from renum_app.models.values import utc_now
from renum_app.repositories import sessions, users
from renum_app.services import demo

IDLE = {SessionKind.BROWSER: timedelta(hours=12), SessionKind.API: timedelta(days=30)}
"""Unused for this long, a session ends."""
ABSOLUTE = timedelta(days=30)
"""However much it is used, a session ends after this."""
_TOUCH_EVERY = timedelta(minutes=1)


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
    return await _open_session(user, SessionKind.BROWSER, user_agent=user_agent, ip=ip)


async def sign_in_api(email: str, password: str, *, user_agent: str, ip: str) -> TokenRead:
    """Tokens of a new REST session; raises like `sign_in_browser`."""
    user = await _proven(email, password, ip=ip)
    refresh_token = await _open_session(user, SessionKind.API, user_agent=user_agent, ip=ip)
    return await _tokens(refresh_token)


async def sign_in_demo(*, user_agent: str, ip: str) -> str:
    """The token of a browser session of the demo account, which is made on first use.

    Raises:
        NotFound: There is no demo in production.
    """
    if runtime.current().settings.is_production:
        raise NotFound
    return await _open_session(await demo.account(), SessionKind.BROWSER, user_agent=user_agent, ip=ip)


async def refresh(refresh_token: str) -> TokenRead:
    """New tokens for a refresh token, which is used up by that.

    Raises:
        Unauthenticated: It is unknown, has ended, or was used before: then the session ends.
    """
    old_hash, new_token = tokens.token_hash(refresh_token), tokens.new_token()
    async with transaction() as session:
        found = await sessions.live_by_token(session, old_hash, SessionKind.API)
        rotated = found is not None and await sessions.rotate(session, old_hash, tokens.token_hash(new_token))
        ended = None if rotated else await sessions.revoke_reused(session, old_hash)
    if ended:
        runtime.current().sessions.forget(ended)
    if not rotated:
        raise Unauthenticated("invalid_refresh_token")
    return await _tokens(new_token)


async def sign_out(user: CurrentUser) -> None:
    """End the session the person is asking with."""
    if user.session_id is None:
        return
    async with transaction() as session:
        await sessions.revoke(session, user.session_id)
    runtime.current().sessions.forget(user.session_id)


async def me(user: CurrentUser) -> UserRead:
    async with reading() as session:
        if row := await users.by_id(session, user.user_id):
            return UserRead.model_validate(row)
    raise Unauthenticated


async def user_of_cookie(token: str) -> CurrentUser:
    """Who a browser session belongs to.

    Raises:
        Unauthenticated: The session is unknown, has ended, or was signed out.
    """
    key = tokens.token_hash(token)
    if user := runtime.current().sessions.get(key):
        return user
    async with reading() as session:
        found = await sessions.live_by_token(session, key, SessionKind.BROWSER)
    if found is None:
        raise Unauthenticated
    await _note_use(found[0])
    return runtime.current().sessions.put(key, _current(*found))


async def user_of_bearer(token: str) -> CurrentUser:
    """Who an access token belongs to; the session behind it must still live.

    Raises:
        Unauthenticated: The token is not valid, or its session has ended.
    """
    claims = tokens.read(token, runtime.current().settings)
    key = str(claims.session_id)
    if user := runtime.current().sessions.get(key):
        return user
    async with reading() as session:
        found = await sessions.live_by_id(session, claims.session_id, SessionKind.API)
    if found is None or found[1].user_id != claims.user_id:
        raise Unauthenticated("invalid_token")
    await _note_use(found[0])
    return runtime.current().sessions.put(key, _current(*found))


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


async def _open_session(user: User, kind: SessionKind, *, user_agent: str, ip: str) -> str:
    token, now = tokens.new_token(), utc_now()
    row = Session(
        user_id=user.user_id,
        kind=kind.value,
        token_hash=tokens.token_hash(token),
        user_agent=user_agent[:300],
        ip=ip[:100],
        idle_expires=now + IDLE[kind],
        absolute_expires=now + ABSOLUTE,
    )
    async with transaction() as session:
        await sessions.add(session, row)
    return token


async def _tokens(refresh_token: str) -> TokenRead:
    """What a REST client gets for a refresh token that was just made."""
    settings = runtime.current().settings
    async with reading() as session:
        found = await sessions.live_by_token(session, tokens.token_hash(refresh_token), SessionKind.API)
    if found is None:
        raise Unauthenticated("invalid_refresh_token")
    row, user = found
    signed = tokens.sign(user_id=user.user_id, session_id=row.session_id, role=user.role, settings=settings)
    return TokenRead(
        access_token=signed,
        refresh_token=refresh_token,
        expires_in=settings.jwt_seconds,
        user=UserRead.model_validate(user),
    )


async def _note_use(row: Session) -> None:
    """Push the idle end away, at most once a minute."""
    if utc_now() - row.last_seen < _TOUCH_EVERY:
        return
    async with transaction() as session:
        await sessions.touch(session, row.session_id, idle_expires=utc_now() + IDLE[SessionKind(row.kind)])


def _current(row: Session, user: User) -> CurrentUser:
    return CurrentUser(
        user_id=user.user_id,
        email=user.email,
        name=user.name,
        role=UserRole(user.role),
        session_id=row.session_id,
        is_demo=user.is_demo,
    )
