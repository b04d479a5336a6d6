"""What the page tells about the person's own last actions."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Literal

import reflex as rx

from renum_app.errors import RenumError
from renum_app.state.sentence import Sentence

Tone = Literal["success", "info", "warning", "error"]
_KEPT = 3
_FRESH_SECONDS = 4.0


@dataclass(frozen=True)
class Notice:
    """One of them, numbered so that the page can tell two equal ones apart."""

    number: int
    tone: str
    sentence: Sentence
    told_at: float
    """Seconds of the process's clock."""


class Notices(rx.State):
    """The last few notices of one tab; each fades by itself."""

    shown: list[Notice] = []
    _number: int = 0

    def _add(self, tone: Tone, sentence: Sentence) -> None:
        self._number += 1
        self.shown = [*self.shown, Notice(self._number, tone, sentence, time.monotonic())][-_KEPT:]

    def _forget_old(self) -> None:
        limit = time.monotonic() - _FRESH_SECONDS
        self.shown = [notice for notice in self.shown if notice.told_at > limit]


async def forget_old(state: rx.State) -> None:
    """Drop what has faded, so that the next page does not show it again."""
    notices = await state.get_state(Notices)
    if notices.shown:
        notices._forget_old()  # noqa: SLF001


async def tell(state: rx.State, key: str, tone: Tone = "success", **params: str | float) -> None:
    """Show a sentence in the tab of `state`."""
    await _tell(state, tone, Sentence(key, dict(params)))


async def tell_error(state: rx.State, error: RenumError) -> None:
    """Show what went wrong in the tab of `state`."""
    await _tell(state, "error", Sentence.of(error))


async def _tell(state: rx.State, tone: Tone, sentence: Sentence) -> None:
    notices = await state.get_state(Notices)
    notices._add(tone, sentence)  # noqa: SLF001 (underscored so that browsers cannot call it)
