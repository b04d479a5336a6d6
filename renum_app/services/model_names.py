"""Names of models a person could write, from the keys they have."""

from __future__ import annotations

import asyncio
from functools import cache
from typing import get_args

from renum_app.models.credential import CredentialRead
from renum_app.models.user import CurrentUser
from renum_app.services import credentials

_WITHOUT_KEYS = ("openai", "anthropic", "google")
"""Whose models are suggested to somebody who has no key yet."""


async def suggestions(user: CurrentUser) -> list[str]:
    """`service:model` for every known model of the services the person has keys for."""
    await asyncio.to_thread(_all_known)
    keys = [key for key in await credentials.list_credentials(user) if key.is_active]
    if not keys:
        return [name for provider in _WITHOUT_KEYS for name in _known(provider, service=provider)]
    return [name for key in keys for name in _of(key)]


def _of(key: CredentialRead) -> list[str]:
    """A server of one's own is known by its prefix only."""
    return [f"{key.service_name}:"] if key.base_url else _known(key.provider, service=key.service_name)


def _known(provider: str, *, service: str) -> list[str]:
    prefix = f"{provider}:"
    return [f"{service}:{name.removeprefix(prefix)}" for name in _all_known() if name.startswith(prefix)]


@cache
def _all_known() -> tuple[str, ...]:
    # Importing pydantic-ai takes more than a second: not at start, and not on the loop.
    from pydantic_ai.models import KnownModelName

    return get_args(getattr(KnownModelName, "__value__", KnownModelName))
