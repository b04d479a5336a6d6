"""The keys that seal secrets: checked at every start, and changed without a moment in which a secret is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from renum_app import crypto
from renum_app.database import reading, transaction
from renum_app.models.account import Authenticator
from renum_app.models.credential import Credential
from renum_app.models.sealed import Rotation, SealedColumn, SealedSecret
from renum_app.models.user import Session
from renum_app.repositories import sealed
from renum_app.services import credentials, provider_sessions, two_steps
from renum_app.settings import SettingsError

_KNOWN, _CONTEXT = "renum", "renum-key-check"
_BATCH = 100
_SAMPLE = 20

PLACES: tuple[tuple[SealedColumn, Callable[..., str]], ...] = (
    (
        SealedColumn(Credential, "key_id", "encrypted_key", ("user_id", "service_name")),
        credentials.sealing_context,
    ),
    (SealedColumn(Session, "session_id", "provider_tokens", ("session_id",)), provider_sessions.sealing_context),
    (SealedColumn(Authenticator, "user_id", "sealed_secret", ("user_id",)), two_steps.sealing_context),
)
"""Every column with sealed secrets, and what each is bound to."""


async def check() -> None:
    """Make sure that ENCRYPTION_KEY opens what this database has sealed.

    Raises:
        SettingsError: It is another key than the one of that name was, or one is missing.
    """
    async with reading() as session:
        stored = await sealed.checks(session)
    for kid in crypto.kids():
        if not await _is_right(kid, stored.get(kid)):
            raise SettingsError(
                f"ENCRYPTION_KEY: its key {kid} is not the one that sealed the secrets in this database. "
                "Put the right one back; without it people have to enter their API keys again."
            )
    for kid, used in (await _sealed_with_no_key()).items():
        raise SettingsError(
            f"ENCRYPTION_KEY has no key {kid}, with which {used} secrets are sealed. "
            "Add it again after the new one (k2=…,k1=…), run `renum keys rotate`, and leave it out then."
        )
    await _remember(stored)


async def rotate(*, on_batch: Callable[[int], None] = lambda done: None) -> Rotation:
    """Seal everything with the first key. Safe to cut off and to repeat; people and runs go on meanwhile."""
    kid, resealed, left = crypto.kids()[0], 0, Counter[str]()
    for place, context in PLACES:
        after: Any = None
        while batch := await _batch(place, kid, after):
            done, unread = await _resealed(place, context, batch)
            resealed, after = resealed + done, batch[-1].key
            left.update(crypto.kid_of(secret.sealed) for secret in unread)
            on_batch(resealed)
    return Rotation(kid=kid, resealed=resealed, left=dict(left))


async def _batch(place: SealedColumn, kid: str, after: Any) -> list[SealedSecret]:
    async with reading() as session:
        return await sealed.some(session, place, kid=kid, is_sealed_with=False, after=after, limit=_BATCH)


async def _resealed(
    place: SealedColumn, context: Callable[..., str], batch: list[SealedSecret]
) -> tuple[int, list[SealedSecret]]:
    """How many of a batch were sealed anew, in one transaction, and which did not open."""
    done, unread = 0, []
    async with transaction() as session:
        for secret in batch:
            bound_to = context(*secret.owners)
            try:
                plain = crypto.open_sealed(secret.sealed, context=bound_to)
            except crypto.CannotOpen:
                unread.append(secret)
                continue
            done += await sealed.replace(session, place, secret, sealed=crypto.seal(plain, context=bound_to))
    return done, unread


async def _is_right(kid: str, known: str | None) -> bool:
    """Whether the key of this name is the one the database knows, by its known text or else by what it sealed."""
    if known is not None:
        return _opens(known, _CONTEXT)
    tried = False
    for place, context in PLACES:
        async with reading() as session:
            some = await sealed.some(session, place, kid=kid, is_sealed_with=True, after=None, limit=_SAMPLE)
        if any(_opens(secret.sealed, context(*secret.owners)) for secret in some):
            return True
        tried = tried or bool(some)
    return not tried


async def _sealed_with_no_key() -> Counter[str]:
    """How many secrets are sealed with keys that are not in ENCRYPTION_KEY, by the first kid that is met."""
    found = Counter[str]()
    async with reading() as session:
        for place, _ in PLACES:
            if (used := await sealed.others(session, place, kids=crypto.kids())) is not None:
                found[crypto.kid_of(used.example)] += used.count
    return found


async def _remember(stored: dict[str, str]) -> None:
    """Know every key by what it seals, and forget those that are out of use, so that a name can be used again."""
    async with transaction() as session:
        for kid in stored.keys() - set(crypto.kids()):
            await sealed.remove_check(session, kid)
        for kid in set(crypto.kids()) - stored.keys():
            await sealed.add_check(session, kid, crypto.seal(_KNOWN, context=_CONTEXT, kid=kid))


def _opens(text: str, context: str) -> bool:
    try:
        crypto.open_sealed(text, context=context)
    except crypto.CannotOpen:
        return False
    return True
