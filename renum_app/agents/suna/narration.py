"""What an agent says while it works, as the updates of a run; told anew where the pieces were not the whole."""

from __future__ import annotations

from renum_app.agents.backend import TextDelta, TextReplaced
from renum_app.agents.suna.answer import said_in, without_calls
from renum_app.agents.suna.events import Chunk
from renum_app.agents.suna.wire import MessageRow

_MARK = "<function_calls>"
_BETWEEN = "\n\n"
TextUpdate = TextDelta | TextReplaced


class Narration:
    """The text of one run so far; every piece counts once, however often a stream repeats it."""

    def __init__(self, *, was_told_before: bool = False) -> None:
        self._is_anew = was_told_before
        self._told: list[str] = []
        self._closed: list[str] = []
        """Of messages that are whole."""
        self._step = ""
        self._open: list[str] = []
        self._has_calls = False
        self._last: dict[str, int] = {}
        """The last piece that counted, by model call."""
        self._seen: set[str] = set()
        """Messages and model calls that are whole."""

    def add(self, chunk: Chunk) -> list[TextUpdate]:
        if chunk.step in self._seen:
            return []
        if chunk.sequence is not None:
            if chunk.sequence <= self._last.get(chunk.step, -1):
                return []
            self._last[chunk.step] = chunk.sequence
        if chunk.step != self._step:
            self._close("".join(self._open))
            self._step = chunk.step
        self._open.append(chunk.text)
        self._has_calls = self._has_calls or "<" in chunk.text
        if self._has_calls or self._is_anew:
            return self._say(self._whole())
        begins = len(self._open) == 1 and bool(self._closed)
        return self._go_on((_BETWEEN if begins else "") + chunk.text)

    def add_message(self, row: MessageRow) -> list[TextUpdate]:
        """A whole message replaces the pieces of its model call."""
        names = {name for name in (row.message_id, row.step) if name}
        if row.type != "assistant" or names & self._seen:
            return []
        self._seen |= names
        if row.step != self._step:
            self._close("".join(self._open))
        self._close(said_in(row))
        return self._say(self._whole())

    def end(self, text: str) -> list[TextUpdate]:
        """Make what was told equal to the answer."""
        return self._say(text)

    def _close(self, text: str) -> None:
        self._step, self._open, self._has_calls = "", [], False
        if (text := without_calls(text).strip()) and text not in self._closed[-1:]:
            self._closed.append(text)

    def _whole(self) -> str:
        return _BETWEEN.join([*self._closed, *filter(None, [_shown("".join(self._open))])])

    def _go_on(self, text: str) -> list[TextUpdate]:
        self._told.append(text)
        return [TextDelta(text)]

    def _say(self, text: str) -> list[TextUpdate]:
        told = "".join(self._told)
        if self._is_anew:
            if not text:
                return []
            self._is_anew, self._told = False, [text]
            return [TextReplaced(text)]
        if text == told:
            return []
        if text.startswith(told):
            return self._go_on(text[len(told) :])
        self._told = [text]
        return [TextReplaced(text)]


def _shown(text: str) -> str:
    """The text without calls of tools, and without what may become the beginning of one."""
    if _MARK in text:
        return text[: text.index(_MARK)].rstrip()
    start = text.rfind("<")
    return text[:start].rstrip() if start >= 0 and _MARK.startswith(text[start:]) else text
