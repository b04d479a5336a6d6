"""Where a person is signed in, in one tab: listed, and ended."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import reflex as rx

from renum_app.errors import NotFound, RenumError
from renum_app.models.account import SessionRead
from renum_app.models.user import CurrentUser
from renum_app.models.values import iso
from renum_app.services import sessions
from renum_app.state.address import id_in
from renum_app.state.notices import tell
from renum_app.state.sentence import Sentence, failure_of
from renum_app.state.session import signed_in


@dataclass(frozen=True)
class SignIn:
    session_id: str
    kind: str
    device: str
    ip: str
    last_seen: str
    is_current: bool


class SignIns(rx.State):
    rows: list[SignIn] = []
    is_loaded: bool = False
    failure: Sentence = Sentence()
    others: int = 0
    """Sessions beside this one."""

    @rx.event
    async def load(self) -> None:
        user = await signed_in(self)
        self.failure = Sentence()
        try:
            await self._list(user)
        except RenumError as error:
            self.failure = failure_of(error)
        self.is_loaded = True

    @rx.event
    async def end(self, session_id: str) -> None:
        """End one of the person's sessions; one that has ended by itself is as good."""
        user, known = await signed_in(self), id_in(str(session_id))
        if known is None:
            return
        with suppress(NotFound):
            await sessions.end(user, known)
            await tell(self, "account.session_ended")
        await self._list(user)

    @rx.event
    async def end_others(self) -> None:
        """End every session but this tab's."""
        user = await signed_in(self)
        ended = await sessions.end_others(user)
        await tell(self, "account.sessions_ended", n=ended)
        await self._list(user)

    async def _list(self, user: CurrentUser) -> None:
        found = await sessions.list_sessions(user)
        self.rows = sorted((_row(each) for each in found), key=lambda row: not row.is_current)
        self.others = sum(not row.is_current for row in self.rows)


def _row(session: SessionRead) -> SignIn:
    return SignIn(
        session_id=str(session.session_id),
        kind=session.kind,
        device=session.device,
        ip=session.ip,
        last_seen=iso(session.last_seen),
        is_current=session.is_current,
    )
