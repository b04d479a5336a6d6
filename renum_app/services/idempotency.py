"""A call that must not happen twice: the first does it, repeats get its answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from renum_app.database import reading, transaction
from renum_app.errors import Conflict
from renum_app.models.idempotency import IdempotencyKey
from renum_app.models.user import CurrentUser
from renum_app.repositories import idempotency

_WAIT_SECONDS, _LOOK_SECONDS = 10.0, 0.05


@dataclass(frozen=True)
class Answer:
    """What the first call was told."""

    status: int
    body: str
    location: str | None = None


async def earlier(user: CurrentUser, key: str, fingerprint: str) -> Answer | None:
    """The answer of an earlier call with this key; None when this is the first, which then has to `keep` or `release`.

    Raises:
        Conflict: The key was used for something else, or the first call has no answer yet.
    """
    async with transaction() as session:
        row = IdempotencyKey(user_id=user.user_id, key=key, fingerprint=fingerprint)
        if await idempotency.claim(session, row):
            return None
    for _ in range(round(_WAIT_SECONDS / _LOOK_SECONDS)):
        async with reading() as session:
            first = await idempotency.find(session, owner=user.user_id, key=key)
        if first is None:  # the first call failed and did nothing
            return await earlier(user, key, fingerprint)
        if first.fingerprint != fingerprint:
            raise Conflict("idempotency_key_reused")
        if first.status is not None:
            return Answer(status=first.status, body=first.body or "", location=first.location)
        await asyncio.sleep(_LOOK_SECONDS)
    raise Conflict("idempotency_unfinished")


async def keep(user: CurrentUser, key: str, answer: Answer) -> None:
    """Give repeats this answer for a day."""
    async with transaction() as session:
        await idempotency.answer(
            session,
            owner=user.user_id,
            key=key,
            status=answer.status,
            body=answer.body,
            location=answer.location,
        )


async def release(user: CurrentUser, key: str) -> None:
    """The call was refused: the key may be tried again."""
    async with transaction() as session:
        await idempotency.release(session, owner=user.user_id, key=key)
