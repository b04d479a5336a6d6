"""What every list in a tab has: the slice it shows is named in the address, and loading shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import reflex as rx
from reflex.event import EventSpec

from renum_app.errors import RenumError
from renum_app.models.user import CurrentUser
from renum_app.state.address import go, page_number, search_words
from renum_app.state.sentence import Sentence, failure_of
from renum_app.state.session import signed_in


class Listing(rx.State, mixin=True):
    """A list says where it is, what narrows it besides words, and how a slice is fetched."""

    is_loaded: bool = False
    failure: Sentence = Sentence()
    total: int = 0
    page: int = 1
    pages: int = 1
    search: str = ""
    searches: int = 0
    """Raised when the address brings words that nobody typed here: the search field then begins anew."""
    is_filtered: bool = False
    _typed: list[str] = []
    """Words on their way to the address, which lags behind quick typing; the oldest first."""
    _PATH: ClassVar[str]

    @rx.event
    async def load(self) -> None:
        """Show the slice the address names."""
        asked = self.router.url.query_parameters
        self.page = page_number(asked)
        self._take_words(search_words(asked))
        self._narrow(asked)
        self.is_filtered = bool(self.search or any(self._narrowed().values()))
        self.failure = Sentence()
        try:
            await self._show(await signed_in(self))
        except RenumError as error:
            self.failure = failure_of(error)
        self.is_loaded = True

    @rx.event
    def find(self, words: str) -> EventSpec:
        typed = search_words({"q": str(words)})
        self._typed = [*self._typed, typed]
        return self._go(q=typed)

    @rx.event
    def turn_to(self, page: int) -> EventSpec:
        return self._go(page=page if isinstance(page, int) else 1)

    @rx.event
    def clear(self) -> EventSpec:
        return go(self._PATH)

    def _go(self, **changes: str | int) -> EventSpec:
        """Another address, whose loading shows the slice; every filter begins at its first page."""
        return go(self._PATH, **{"q": self.search, **self._narrowed(), **changes})

    def _take_words(self, words: str) -> None:
        if words in self._typed:
            self._typed = self._typed[self._typed.index(words) + 1 :]
        elif words != self.search:
            self._typed, self.searches = [], self.searches + 1
        self.search = words

    def _narrow(self, asked: Mapping[str, str]) -> None:
        """Take the filters over from the address, strictly."""
        raise NotImplementedError

    def _narrowed(self) -> dict[str, str]:
        """The filters as the address names them; empty is none."""
        raise NotImplementedError

    async def _show(self, user: CurrentUser) -> None:
        """Fetch the slice."""
        raise NotImplementedError
