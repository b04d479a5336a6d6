"""What the header's trays show: the executions that run now, and the last notifications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.event import EventSpec

from renum_app import i18n
from renum_app.errors import NotFound
from renum_app.i18n import Locale
from renum_app.models.execution import ExecutionStatus
from renum_app.models.notification import NotificationRead
from renum_app.models.values import iso, utc_now
from renum_app.services import executions, notifications
from renum_app.state.address import id_in
from renum_app.state.executions import ExecutionRow, row_of
from renum_app.state.sentence import Sentence
from renum_app.state.session import count_again, language, signed_in

_MOST_RUNNING = 6
_MOST_NOTES = 12


@dataclass(frozen=True)
class Note:
    """One notification."""

    notification_id: str
    execution_id: str
    kind: str
    sentence: Sentence
    moment: str
    is_new: bool


class Tray(rx.State):
    is_loaded: bool = False
    running: list[ExecutionRow] = []
    notes: list[Note] = []

    @rx.event
    async def load(self) -> None:
        """Both trays, as they are now."""
        user = await signed_in(self)
        now = utc_now()
        found = await executions.list_executions(user, limit=_MOST_RUNNING, status=ExecutionStatus.RUNNING)
        self.running = [row_of(summary, now) for summary in found.items]
        told = await notifications.list_notifications(user, limit=_MOST_NOTES)
        self.notes = [_note(each, language(self)) for each in told.items]
        self.is_loaded = True
        await count_again(self, user)

    @rx.event
    async def open_note(self, notification_id: str) -> EventSpec | None:
        """To what it is about; it has been read."""
        user = await signed_in(self)
        wanted = id_in(str(notification_id))
        if wanted is None:
            return None
        try:
            note = await notifications.mark_read(user, wanted)
        except NotFound:
            return None
        await self._reload()
        return rx.redirect(f"/executions/{note.execution_id}")

    @rx.event
    async def read_all(self) -> None:
        await notifications.mark_all_read(await signed_in(self))
        await self._reload()

    async def _reload(self) -> None:
        user = await signed_in(self)
        told = await notifications.list_notifications(user, limit=_MOST_NOTES)
        self.notes = [_note(each, language(self)) for each in told.items]
        await count_again(self, user)


def _note(told: NotificationRead, locale: Locale) -> Note:
    return Note(
        notification_id=str(told.notification_id),
        execution_id=str(told.execution_id),
        kind=told.kind.value,
        sentence=Sentence(f"notifications.{told.kind}", {"team": told.team_name, **_flat(told.params, locale)}, ""),
        moment=iso(told.created_at),
        is_new=told.read_at is None,
    )


def _flat(params: dict[str, Any], locale: Locale) -> dict[str, str | int | float]:
    """A reason in the person's words, where a catalogue has them; otherwise as the engine said it."""
    plain = {name: value for name, value in params.items() if isinstance(value, str | int | float)}
    key = params.get("why_key")
    if key in i18n.catalogue(locale):
        plain["why"] = i18n.text(key, locale, **params["why_params"])
    return plain
