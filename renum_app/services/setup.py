"""The first administrator: whoever holds the link that the server printed where none exists yet."""

from __future__ import annotations

from renum_app import runtime
from renum_app.auth import setup_token
from renum_app.database import reading, transaction
from renum_app.errors import Conflict, NotFound
from renum_app.models.audit import AuditAction
from renum_app.models.user import User, UserRead, UserRole
from renum_app.repositories import users
from renum_app.services import audit, passwords
from renum_app.settings import Settings


async def is_open(settings: Settings) -> bool:
    """Whether there is no administrator yet, and accounts are Renum's own."""
    if settings.supabase_url:
        return False
    async with reading() as session:
        return not await users.has_administrator(session)


async def link(settings: Settings) -> str | None:
    """A new link to become the first administrator; None where there is one.

    The token stands behind the `#`, which no browser sends and no server logs.
    """
    if not await is_open(settings):
        setup_token.forget(settings.renum_data_dir)
        return None
    return f"{settings.base_url}/setup#{setup_token.make(settings.renum_data_dir)}"


async def create(token: str, email: str, password: str, name: str = "") -> UserRead:
    """Open the first administrator's account; of many who try at once, one.

    Raises:
        NotFound: There is an administrator, so there is nothing to set up.
        Conflict: The link is not the present one, or the address has an account.
        Invalid: The password is too easy to guess.
    """
    settings = runtime.current().settings
    if not await is_open(settings):
        raise NotFound
    if not setup_token.is_right(settings.renum_data_dir, token):
        raise Conflict("invalid_setup_link")
    email = email.lower()
    hashed = await passwords.hashed(password, email=email, host=settings.base_url)
    user = User(email=email, name=name.strip() or email.partition("@")[0], password_hash=hashed, role=UserRole.ADMIN)
    async with transaction() as session:
        if await users.has_administrator(session):
            raise NotFound
        await users.add_first_administrator(session, user)
        await audit.note(session, AuditAction.ROLE_CHANGED, actor_id=user.user_id, about=f"user:{user.user_id}")
    setup_token.forget(settings.renum_data_dir)
    return UserRead.model_validate(user)
