"""How a person likes to see the pages: read from their account once, kept when they change it."""

from __future__ import annotations

from dataclasses import dataclass

import reflex as rx
from pydantic import ValidationError

from renum_app.models.preference import Preference
from renum_app.services import preferences
from renum_app.state.session import signed_in


@dataclass(frozen=True)
class Kept:
    """What the account says; empty words leave the browser as it is."""

    is_known: bool = False
    language: str = ""
    theme: str = ""
    density: str = ""


class Preferences(rx.State):
    kept: Kept = Kept()

    @rx.event
    async def load(self) -> None:
        found = await preferences.of(await signed_in(self))
        self.kept = Kept(True, found.language or "", found.theme or "", found.density or "")

    @rx.event
    async def keep(self, language: str, theme: str, density: str) -> None:
        """As they are in this browser now; words nobody knows are left out."""
        user = await signed_in(self)
        try:
            chosen = Preference.model_validate({"language": language, "theme": theme, "density": density})
        except ValidationError:
            return
        await preferences.keep(user, chosen)
