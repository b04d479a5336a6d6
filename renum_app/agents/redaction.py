"""Taking a person's own keys out of text, also where a key arrives in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SHORTEST = 8
"""A shorter key, `none` of a server at home for instance, is a word that answers may well contain."""
_MASK = "*"


class Redactor:
    """One text on its way: keys become asterisks, as many as they have characters, so that offsets stay true."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = sorted({key for key in keys if len(key) >= _SHORTEST}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, self._keys))) if self._keys else None
        self._held = ""
        """The end of what came, while it may be the beginning of a key."""

    def add(self, piece: str) -> str:
        """What may be shown now that this came too."""
        if self._pattern is None:
            return piece
        text, done, place = self._held + piece, [], 0
        while True:
            held_from = self._held_from(text, place)
            found = self._pattern.search(text, place)
            if found is None or found.start() >= held_from:
                self._held = text[held_from:]
                return "".join([*done, text[place:held_from]])
            done += [text[place : found.start()], _masked(found[0])]
            place = found.end()

    def rest(self) -> str:
        """What was held back, at the end of the text."""
        held, self._held = self._held, ""
        if self._pattern is None or not held:
            return held
        if len(held) >= _SHORTEST and not self._pattern.match(held):
            return _masked(held)  # a good part of a key is as bad as the whole
        return self._pattern.sub(lambda found: _masked(found[0]), held)

    def whole(self, text: str) -> str:
        """A text that comes at once."""
        return self.add(text) + self.rest()

    def _held_from(self, text: str, place: int) -> int:
        """Where the end begins that could go on to be a key."""
        starts = [len(text)]
        for key in self._keys:
            start = max(place, len(text) - len(key) + 1)
            while (start := text.find(key[0], start)) >= 0:
                if key.startswith(text[start:]):
                    starts.append(start)
                    break
                start += 1
        return min(starts)


def _masked(text: str) -> str:
    return _MASK * len(text)
