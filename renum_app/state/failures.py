"""What becomes of an error that a handler let through: the sign-in page, or a sentence in a corner."""

from __future__ import annotations

import logging
from typing import cast

import reflex as rx
from reflex.event import EventSpec

from renum_app.errors import RenumError, Unauthenticated
from renum_app.state.notices import tell_error
from renum_app.state.session import login_path

log = logging.getLogger(__name__)


class Failures(rx.State):
    """The way back into a tab for errors; it says only what an error code says."""

    @rx.event
    async def show(self, code: str) -> None:
        """Tell about the error of this code."""
        await tell_error(self, RenumError(code if isinstance(code, str) and code.isidentifier() else None))


def recover(exception: Exception) -> EventSpec:
    """The answer to any exception of a handler."""
    if isinstance(exception, Unauthenticated):
        return rx.redirect(login_path(exception.details.get("next", "/")), replace=True)
    if isinstance(exception, RenumError):
        return _shown(exception.code)
    log.error("Page handler failed", exc_info=exception, extra={"action": "page_handler_failed"})
    return _shown("internal_error")


def _shown(code: str) -> EventSpec:
    # Reflex accepts a handler of exceptions only with this very return type, which its own stubs do not give.
    return cast(EventSpec, Failures.show(code))
