"""The one protocol of everything that can say who a person is; what it says is the same shape whoever says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from renum_app.models.user import SignInProvider


@dataclass(frozen=True, slots=True)
class ProviderTokens:
    """What a provider elsewhere gave for one session; kept sealed on that session's row and nowhere else."""

    access_token: str = field(repr=False)
    refresh_token: str = field(repr=False)
    expires_at: datetime
    """When the access token ends."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who somebody has proved to be. What they may do is in Renum's own table, never in what a provider says."""

    provider: SignInProvider
    user_id: UUID
    email: str
    name: str = ""
    tokens: ProviderTokens | None = None
    """None where the session is Renum's alone."""


class IdentityProvider(Protocol):
    """Local accounts, or a service elsewhere; there is one at a time."""

    name: SignInProvider

    async def sign_up(self, email: str, password: str, *, name: str, ip: str) -> Identity | None:
        """Open an account; None: the person must first follow the link in an e-mail.

        Raises:
            Invalid: The address or the password will not do.
            Conflict: The address has an account.
            Forbidden: The provider takes nobody new.
        """
        ...

    async def sign_in(self, email: str, password: str, *, ip: str) -> Identity:
        """Who has this address and password.

        Raises:
            Unauthenticated: Nobody; it is not said what was wrong.
            Forbidden: Somebody who may not sign in, or not yet.
        """
        ...
