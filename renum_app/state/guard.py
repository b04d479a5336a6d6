"""Stands before every event: who is there, and is this their tab? What a page remembers decides nothing.

A browser may send any event, and whoever learns a tab's token (it is in the address of its socket) gets the memory that
the tab left behind. So the memory belongs to one session: it is emptied before anybody else's event, and before the
first event after the session has ended.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import reflex as rx
from reflex.event import EventHandler
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, StateUpdate
from reflex_base.event import Event
from reflex_base.utils.format import format_event_handler

from renum_app.errors import Unauthenticated
from renum_app.state.failures import Failures
from renum_app.state.gate import Gate
from renum_app.state.session import Session, signed_in

if TYPE_CHECKING:
    from reflex.app import App

OPEN: tuple[EventHandler, ...] = (Session.enter, Failures.show, Gate.load)  # pyright: ignore[reportAssignmentType]
"""What also somebody who is not signed in may send: they lead to the sign-in page, say
an error's sentence, or what there is at the door."""


class Guard(Middleware):
    """Added before Reflex's own middleware, which would send the memory to whoever asks."""

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Let the event through.

        Raises:
            Unauthenticated: Nobody is signed in, and the event is not for everybody.
        """
        root = state._get_root_state()  # noqa: SLF001 (the tree; Reflex has no public name for it)
        session = await root.get_state(Session)
        holder, refusal = "", None
        try:
            holder = str((await signed_in(session)).session_id)
        except Unauthenticated as error:
            refusal = error
        if holder != session._holder:  # noqa: SLF001 (underscored so that browsers cannot set it)
            root.reset()
            session._holder = holder  # noqa: SLF001
        if refusal and event.name not in _open_names():
            raise refusal
        return None


@lru_cache(maxsize=1)
def _open_names() -> set[str]:
    """Full names of events; Reflex's own load pages, and do nothing else."""
    own = {format_event_handler(handler) for handler in OPEN}
    return own | {
        format_event_handler(handler)
        for state in (rx.State, *rx.State.get_substates())
        if state.__module__.startswith("reflex.")
        for handler in state.event_handlers.values()
    }
