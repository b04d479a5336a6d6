"""Names of models a person could write, from the keys they have."""

from __future__ import annotations

from typing import get_args

from pydantic_ai.models import KnownModelName

from renum_app.models.credential import CredentialRead
from renum_app.models.user import CurrentUser
from renum_app.services import credentials

_WITHOUT_KEYS = ("openai", "anthropic", "google")
"""Whose models are suggested to somebody who has no key yet."""


async def suggestions(user: CurrentUser) -> list[str]:
    """`service:model` for every known model of the services the person has keys for."""
    keys = [key for key in await credentials.list_credentials(user) if key.is_active]
    if not keys:
        return [name for provider in _WITHOUT_KEYS for name in _known(provider, service=provider)]
    return [name for key in keys for name in _of(key)]


def _of(key: CredentialRead) -> list[str]:
    """A server of one's own is known by its prefix only."""
    return [f"{key.service_name}:"] if key.base_url else _known(key.provider, service=key.service_name)


def _known(provider: str, *, service: str) -> list[str]:
    names: tuple[str, ...] = get_args(getattr(KnownModelName, "__value__", KnownModelName))
    prefix = f"{provider}:"
    return [f"{service}:{name.removeprefix(prefix)}" for name in names if name.startswith(prefix)]
