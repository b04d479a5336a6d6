"""Whether this installation shows its style guide."""

from __future__ import annotations

import reflex as rx

from renum_app import runtime
from renum_app.settings import Environment
from renum_app.state.session import signed_in


class Styleguide(rx.State):
    is_shown: bool = False

    @rx.event
    async def load(self) -> None:
        """In development only; elsewhere there is no such page."""
        await signed_in(self)
        self.is_shown = runtime.current().settings.environment is Environment.DEVELOPMENT
