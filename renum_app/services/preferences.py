"""How a person likes to see the pages, in every browser they sign in from."""

from __future__ import annotations

from renum_app.database import reading, transaction
from renum_app.models.preference import Preference
from renum_app.models.user import CurrentUser
from renum_app.repositories import users


async def of(user: CurrentUser) -> Preference:
    """What the person has chosen; nothing for the demo, whose account belongs to everybody."""
    if user.is_demo:
        return Preference()
    async with reading() as session:
        row = await users.by_id(session, user.user_id)
    return Preference.model_validate(row.preferences) if row else Preference()


async def keep(user: CurrentUser, chosen: Preference) -> None:
    """From now on; the demo forgets."""
    if user.is_demo:
        return
    async with transaction() as session:
        if row := await users.by_id(session, user.user_id):
            row.preferences = chosen.model_dump(exclude_none=True)
            session.add(row)
