"""Who vouches for people here, and the person's own row behind what is said about them."""

from __future__ import annotations

from renum_app import runtime
from renum_app.auth.identity import Identity, IdentityProvider
from renum_app.database import reading, transaction
from renum_app.errors import Conflict, Unauthenticated
from renum_app.models.user import NO_PASSWORD, SignInProvider, User
from renum_app.models.values import storable
from renum_app.repositories import users
from renum_app.services.local_accounts import LocalAccounts

_NAME_CHARS = 200
_local = LocalAccounts()


def provider() -> IdentityProvider:
    """The one provider of this installation."""
    return runtime.current().supabase or _local


async def person(identity: Identity) -> User:
    """The row of who has proved to be this, made at their first sign-in and given the address they have now.

    Raises:
        Unauthenticated: It was a local account, and is gone.
        Conflict: The address belongs to a local account, whose owner nobody has checked.
    """
    async with reading() as session:
        user = await users.by_id(session, identity.user_id)
    if identity.provider is SignInProvider.LOCAL:
        if user is None:
            raise Unauthenticated
        return user
    if user is not None and user.email == _address(identity):
        return user
    try:
        return await _kept(identity)
    except Conflict:
        async with reading() as session:  # the same person may have signed in twice at once
            user = await users.by_id(session, identity.user_id)
        if user is None:
            raise
        return user


async def _kept(identity: Identity) -> User:
    address = _address(identity)
    async with transaction() as session:
        holder = await users.by_email(session, address)
        if holder is not None and holder.user_id != identity.user_id:
            if holder.provider == SignInProvider.LOCAL:
                raise Conflict("email_is_local")
            # The provider gave the address to somebody else; its former owner has another one there by now.
            await users.change(session, holder.user_id, email=f"{holder.user_id}@moved.invalid")
        if (user := await users.by_id(session, identity.user_id)) is None:
            return await users.add(session, _row(identity))
        await users.change(session, user.user_id, email=address)
        return user


def _row(identity: Identity) -> User:
    address = _address(identity)
    return User(
        user_id=identity.user_id,
        email=address,
        name=storable(identity.name).strip()[:_NAME_CHARS] or address.partition("@")[0],
        password_hash=NO_PASSWORD,
        provider=identity.provider.value,
    )


def _address(identity: Identity) -> str:
    """The person's address; one who signed up without any still needs a distinct one here."""
    return identity.email.lower() or f"{identity.user_id}@no-address.invalid"
