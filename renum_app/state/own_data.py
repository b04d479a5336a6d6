"""How much there is of a person, for the page that hands it over or deletes it."""

from __future__ import annotations

import reflex as rx

from renum_app import runtime
from renum_app.errors import RenumError
from renum_app.services import own_data
from renum_app.state.sentence import Sentence, failure_of
from renum_app.state.session import signed_in


class OwnData(rx.State):
    counts: dict[str, int] = {}
    """By kind of thing; those of which there is none are left out."""
    is_loaded: bool = False
    failure: Sentence = Sentence()
    has_password: bool = True
    """It is Renum that knows it, and so asks for it."""

    @rx.event
    async def load(self) -> None:
        user = await signed_in(self)
        self.failure, self.has_password = Sentence(), not runtime.current().settings.supabase_url
        try:
            found = (await own_data.read(user)).model_dump()
            self.counts = {kind: count for kind, count in found.items() if count and kind != "sessions"}
        except RenumError as error:
            self.failure = failure_of(error)
        self.is_loaded = True
