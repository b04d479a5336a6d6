"""What this installation offers at the door; it says nothing about anybody."""

from __future__ import annotations

import reflex as rx

from renum_app import runtime
from renum_app.services import setup


class Gate(rx.State):
    is_known: bool = False
    can_set_up: bool = True
    """There is no administrator yet."""
    can_register: bool = True
    has_demo: bool = True
    has_mail: bool = False
    is_local: bool = True
    """Accounts are Renum's own, so their passwords are too."""

    @rx.event
    async def load(self) -> None:
        settings = runtime.current().settings
        self.can_set_up = await setup.is_open(settings)
        self.can_register, self.has_demo = settings.signup_is_open, not settings.is_production
        self.has_mail, self.is_local = settings.has_mail, not settings.supabase_url
        self.is_known = True
