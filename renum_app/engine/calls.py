"""The calls of one execution that are under way on this event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from renum_app.agents.backend import RunTimeout
from renum_app.engine import attempt as attempts
from renum_app.engine.attempt import ATTEMPT_TIMEOUT, Answer, Attempt
from renum_app.engine.recorder import Journal

_PATIENCE_SECONDS = 2.0


@dataclass(frozen=True)
class Call:
    attempt: Attempt
    task: asyncio.Task[Answer]

    @property
    def step_id(self) -> str:
        return self.attempt.step.step_id

    @property
    def was_given_up(self) -> bool:
        """Its time was over here, while the backend may still be at it."""
        error = self.task.exception() if self.task.done() and not self.task.cancelled() else None
        return isinstance(error, RunTimeout) and error.message == ATTEMPT_TIMEOUT


class Calls:
    """At most one for each step."""

    def __init__(self, journal: Journal, on_end: Callable[[], None]) -> None:
        self._journal = journal
        self._on_end = on_end
        self._under_way: dict[str, Call] = {}

    def launch(self, launching: Iterable[Attempt]) -> None:
        """Call agents whose attempts are stored."""
        for attempt in launching:
            task = asyncio.create_task(attempts.run(attempt, self._journal))
            task.add_done_callback(lambda _: self._on_end())
            self._under_way[attempt.step.step_id] = Call(attempt, task)

    def ended(self) -> list[Call]:
        """Those that have ended since the last time."""
        ended = [call for call in self._under_way.values() if call.task.done()]
        for call in ended:
            del self._under_way[call.step_id]
        return ended

    def attempt_of(self, step_id: str) -> Attempt | None:
        call = self._under_way.get(step_id)
        return call.attempt if call else None

    def cut(self, step_id: str) -> Call | None:
        """Cancel one without waiting for its end."""
        if call := self._under_way.pop(step_id, None):
            call.task.cancel()
        return call

    async def cut_all(self) -> list[Call]:
        """Cancel every one; an agent that will not let go within a moment is left behind."""
        calls = [call for step_id in list(self._under_way) if (call := self.cut(step_id))]
        if calls:
            await asyncio.wait([call.task for call in calls], timeout=_PATIENCE_SECONDS)
        return calls
