"""Stopping runs upstream: told at once, told again until the backend confirms or time is up."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping

from renum_app.agents.backend import AgentError
from renum_app.engine.attempt import Answer, Attempt

log = logging.getLogger(__name__)

_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 1.0


class Stopper:
    """The stops of one execution that are not confirmed yet."""

    def __init__(self, *, on_end: Callable[[], None], patience_seconds: float = _PATIENCE_SECONDS) -> None:
        self._on_end = on_end
        self._patience_seconds = patience_seconds
        self._stops: dict[asyncio.Task[bool], str] = {}

    def begin(
        self, attempt: Attempt, identifiers: Mapping[str, str], *, after: asyncio.Task[Answer] | None = None
    ) -> None:
        """Tell the backend, once the call here has ended."""
        task = asyncio.create_task(self._stop(attempt, identifiers, after))
        task.add_done_callback(lambda _: self._on_end())
        self._stops[task] = attempt.step.step_id

    @property
    def is_idle(self) -> bool:
        """Whether nothing is being told to a backend."""
        return all(task.done() for task in self._stops)

    async def finish(self) -> list[str]:
        """Wait for every confirmation; the steps whose backend gave none."""
        stops, self._stops = self._stops, {}
        if not stops:
            return []
        await asyncio.wait(stops)
        return [step_id for task, step_id in stops.items() if not _is_confirmed(task)]

    async def _stop(self, attempt: Attempt, identifiers: Mapping[str, str], after: asyncio.Task[Answer] | None) -> bool:
        if after:
            await asyncio.wait([after], timeout=2)
        now = asyncio.get_running_loop().time
        deadline = now() + self._patience_seconds
        while attempt.backend and now() < deadline:
            try:
                async with asyncio.timeout_at(deadline):
                    if await attempt.backend.stop(attempt.request, identifiers):
                        return True
            except (AgentError, TimeoutError):
                log.warning("A stop was not confirmed; trying again", extra={"action": "stop_unconfirmed"})
            await asyncio.sleep(_PAUSE_SECONDS)
        return False


def _is_confirmed(task: asyncio.Task[bool]) -> bool:
    if task.cancelled():
        return False
    if error := task.exception():
        log.error("A backend broke while stopping", exc_info=error, extra={"action": "backend_broke"})
        return False
    return task.result()
