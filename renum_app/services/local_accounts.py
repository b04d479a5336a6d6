"""Renum's own accounts as an identity provider: an address and the hash of a password in Renum's database."""

from __future__ import annotations

from renum_app import runtime
from renum_app.auth import passwords
from renum_app.auth.identity import Identity
from renum_app.database import reading, transaction
from renum_app.errors import Unauthenticated
from renum_app.models.user import SignInProvider, User
from renum_app.repositories import users
from renum_app.services import passwords as own_passwords


class LocalAccounts:
    """The identity provider where no other is configured."""

    name = SignInProvider.LOCAL

    async def sign_up(self, email: str, password: str, *, name: str, ip: str) -> Identity:
        password_hash = await own_passwords.hashed(password, email=email, host=runtime.current().settings.base_url)
        user = User(email=email, name=name.strip() or email.partition("@")[0], password_hash=password_hash)
        async with transaction() as session:
            return _identity(await users.add(session, user))

    async def sign_in(self, email: str, password: str, *, ip: str) -> Identity:
        async with reading() as session:
            user = await users.by_email(session, email)
        is_right, new_hash = await passwords.verified(password, user.password_hash if user else None)
        if user is None or not is_right:
            raise Unauthenticated("invalid_credentials")
        if new_hash:
            async with transaction() as session:
                await users.change_password(session, user, new_hash)
        return _identity(user)


def _identity(user: User) -> Identity:
    return Identity(provider=SignInProvider.LOCAL, user_id=user.user_id, email=user.email, name=user.name)
