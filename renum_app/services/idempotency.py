"""A call that must not happen twice: the first does it, repeats get its answer.

What was done and what the caller is told of it are stored in one transaction, by the use case itself. So a call that
was cut off has either an answer or has done nothing, and whoever repeats it may do it in its place.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from renum_app.database import AsyncSession, reading, transaction
from renum_app.errors import Conflict
from renum_app.models.idempotency import IdempotencyKey
from renum_app.models.user import CurrentUser
from renum_app.models.values import Read, utc_now
from renum_app.repositories import idempotency

_CUT_OFF = timedelta(seconds=5)
"""A first call without an answer for so long is not waited for, unless this process is working on it."""
_WAIT_SECONDS, _LOOK_SECONDS = 30.0, 0.05


@dataclass(frozen=True)
class Answer:
    """What the first call was told."""

    status: int
    body: str
    location: str | None = None


@dataclass
class Claim:
    """The right to be the first call with a key."""

    user: CurrentUser
    key: str
    since: datetime
    """When it was taken; another who takes it over takes it anew."""
    answered: Callable[[Read], Answer]
    answer: Answer | None = None
    """Once it is stored."""


_claim: ContextVar[Claim | None] = ContextVar("claim", default=None)
_under_way: set[tuple[UUID, str]] = set()
"""Keys whose first call this process is working on."""


async def claim(user: CurrentUser, key: str, *, fingerprint: str, answered: Callable[[Read], Answer]) -> Claim | Answer:
    """The answer of an earlier call with this key; a claim when this is the first, to be `release`d if nothing comes.

    Args:
        fingerprint: Of what is asked for.
        answered: How the caller is told what was made.

    Raises:
        Conflict: The key was used for something else, or the first call does not come to an end.
    """
    deadline = time.monotonic() + _WAIT_SECONDS
    row = IdempotencyKey(user_id=user.user_id, key=key, fingerprint=fingerprint)
    while time.monotonic() < deadline:
        async with reading() as session:
            first = await idempotency.find(session, owner=user.user_id, key=key)
        if first and first.fingerprint != fingerprint:
            raise Conflict("idempotency_key_reused")
        if first and first.status is not None:
            return Answer(status=first.status, body=first.body or "", location=first.location)
        if first is None or _is_cut_off(first):
            row.created_at = utc_now()
            async with transaction() as session:
                if await idempotency.claim(session, row, instead_of=first):
                    return Claim(user, key, row.created_at, answered)
        await asyncio.sleep(_LOOK_SECONDS)
    raise Conflict("idempotency_unfinished")


@contextmanager
def under(ours: Claim) -> Iterator[None]:
    """What is made inside is made for this claim."""
    token, name = _claim.set(ours), (ours.user.user_id, ours.key)
    _under_way.add(name)
    try:
        yield
    finally:
        _under_way.discard(name)
        _claim.reset(token)


async def made(session: AsyncSession, read: Read) -> None:
    """Keep the answer of a call with a key, in the transaction that makes what it tells of.

    Raises:
        Conflict: The call took so long that a repeat has taken its place; nothing is made.
    """
    ours = _claim.get()
    if ours is None or ours.answer:
        return
    answer = ours.answered(read)
    values = {"status": answer.status, "body": answer.body, "location": answer.location}
    if not await idempotency.answer(session, owner=ours.user.user_id, key=ours.key, since=ours.since, **values):
        raise Conflict("idempotency_unfinished")
    ours.answer = answer


async def release(ours: Claim) -> None:
    """Nothing was made: the key may be tried again."""
    async with transaction() as session:
        await idempotency.release(session, owner=ours.user.user_id, key=ours.key, since=ours.since)


def _is_cut_off(first: IdempotencyKey) -> bool:
    is_ours = (first.user_id, first.key) in _under_way
    return not is_ours and first.created_at < utc_now() - _CUT_OFF
