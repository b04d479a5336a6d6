"""One attempt's text on its way: shown at once, stored in pieces."""

from __future__ import annotations

import asyncio

from renum_app.agents.backend import AgentFailed
from renum_app.engine import facts
from renum_app.engine.plan import PlannedStep
from renum_app.engine.recorder import Journal, OwnershipLost
from renum_app.engine.reducer import Fact
from renum_app.models.event import LiveDelta
from renum_app.models.step import StepStatus
from renum_app.models.values import storable

_PIECE_SECONDS = 0.25
_PIECE_BYTES = 2_048
_SHOW_SECONDS = 0.01
"""Text that comes faster than this is shown together: a follower reads no faster, and every message costs."""


class Transcript:
    """What an agent has said so far; all of it is stored before its end is."""

    def __init__(self, journal: Journal, step: PlannedStep, *, attempt: int, max_bytes: int, offset: int = 0) -> None:
        self._journal = journal
        self._step = step
        self._attempt = attempt
        self._max_bytes = max_bytes
        self._parts: list[str] = []
        self._size_bytes = 0
        self._unstored: list[str] = []
        self._unstored_bytes = 0
        self._stored_chars = offset
        self._shown_chars = offset
        self._timer: asyncio.TimerHandle | None = None
        self._unshown: list[str] = []
        self._shown_at = float("-inf")
        self._show_timer: asyncio.TimerHandle | None = None

    @property
    def text(self) -> str:
        return "".join(self._parts)

    @property
    def is_open(self) -> bool:
        """The attempt is under way; a call that was cut may go on for a moment, but has nothing more to say."""
        own = self._journal.progress.of(self._step)
        return own.status is StepStatus.RUNNING and own.attempt == self._attempt

    def add(self, delta: str) -> None:
        """Show a piece now and store it soon.

        Raises:
            AgentFailed: The answer is larger than one attempt may be.
        """
        delta = storable(delta)
        if not delta:
            return
        self._measure(delta)
        self._parts.append(delta)
        self._show_soon(delta)
        self._unstored.append(delta)
        if self._unstored_bytes >= _PIECE_BYTES:
            self._store()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_PIECE_SECONDS, self._store)

    def replace(self, text: str) -> None:
        """The agent tells its answer anew."""
        text = storable(text)
        self.drop_timer()
        self._parts, self._unstored, self._unstored_bytes, self._size_bytes = [text], [], 0, 0
        self._unshown = []
        self._measure(text)
        self._unstored_bytes = 0
        self._stored_chars = self._shown_chars = len(text)
        self._journal.record([facts.text_replaced(self._step, self._attempt, text=text)])

    def agree_on(self, text: str, *, is_attached: bool) -> None:
        """Make what was shown equal to the whole answer; an attached run may have been shown in part before."""
        text = storable(text)
        if not self._parts and not is_attached:
            self.add(text)
        elif not is_attached and text != self.text:
            self.replace(text)

    def rest(self) -> list[Fact]:
        """What is not stored yet, to be stored with whatever ends the attempt."""
        self.drop_timer()
        if not self._unstored or not self.is_open:
            return []
        self._show()
        delta, self._unstored, self._unstored_bytes = "".join(self._unstored), [], 0
        offset, self._stored_chars = self._stored_chars, self._stored_chars + len(delta)
        return [facts.text_streamed(self._step, self._attempt, offset=offset, delta=delta)]

    def drop_timer(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        if self._show_timer:
            self._show_timer.cancel()
            self._show_timer = None

    def _measure(self, delta: str) -> None:
        size = len(delta.encode())
        self._size_bytes += size
        self._unstored_bytes += size
        if self._size_bytes > self._max_bytes:
            raise AgentFailed("output_too_large", limit=self._max_bytes)

    def _show_soon(self, delta: str) -> None:
        """At once, unless something was shown a moment ago."""
        self._unshown.append(delta)
        if self._show_timer:
            return
        loop = asyncio.get_running_loop()
        if loop.time() >= (due := self._shown_at + _SHOW_SECONDS):
            self._show()
        else:
            self._show_timer = loop.call_at(due, self._show)

    def _show(self) -> None:
        self._show_timer = None
        if not self._unshown or not self.is_open:
            return
        self._shown_at = asyncio.get_running_loop().time()
        delta, self._unshown = "".join(self._unshown), []
        message = LiveDelta(
            execution_id=self._journal.execution_id,
            agent_id=self._step.agent.agent_id,
            step_id=self._step.step_id,
            attempt=self._attempt,
            offset=self._shown_chars,
            delta=delta,
        )
        self._shown_chars += len(delta)
        self._journal.recorder.bus.publish(self._journal.execution_id, [message])

    def _store(self) -> None:
        try:
            self._journal.record(self.rest())
        except OwnershipLost:
            return  # the orchestrator learns it from its own next record
