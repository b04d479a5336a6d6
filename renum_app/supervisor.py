"""The supervisor of the web worker, a process of its own: `python -m renum_app.supervisor HOST PORT GRACE_SECONDS`.

It is granian's, but for three things. A worker that dies of its work is started again until the engine has found out
which execution is to blame; a worker hears that it will be stopped, and closes its sockets in good order, where granian
just drops them; and a second signal to stop ends everything at once.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

FAREWELL = signal.SIGUSR1
"""Tells a worker that SIGTERM comes in a moment."""
_FAREWELL_SECONDS = 0.5
_MOST_DEATHS, _WITHIN_SECONDS = 12, 120.0
"""So many deaths in so short a time are nobody's single fault."""
_PATIENCE_SECONDS = 10
"""Beyond the engine's own time to end, before the worker is killed."""


class Supervisor(MPServer):
    """Keeps one worker alive."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._deaths: deque[float] = deque(maxlen=_MOST_DEATHS)

    def signal_handler_interrupt(self, *_: object) -> None:
        """Stop; asked twice, at once."""
        if self.interrupt_signal:
            for worker in self.wrks:
                worker.kill()
            os._exit(1)
        super().signal_handler_interrupt()

    def _respawn_workers(
        self, workers: list[int], spawn_target: Callable[..., Any], target_loader: Callable[..., Any], delay: float = 0
    ) -> None:
        # One that ended by itself could not start, and granian gives it up after its second try.
        was_killed = all((self.wrks[place].inner.exitcode or 0) < 0 for place in workers)
        super()._respawn_workers(workers, spawn_target, target_loader, delay)
        self._deaths.append(time.monotonic())
        if was_killed and not self._are_too_many():
            self.respawned_wrks.clear()

    def _stop_workers(self) -> None:
        for worker in self.wrks:
            if worker.is_alive():
                os.kill(worker.inner.pid, FAREWELL)
        time.sleep(_FAREWELL_SECONDS)
        super()._stop_workers()

    def _are_too_many(self) -> bool:
        return len(self._deaths) == _MOST_DEATHS and self._deaths[-1] - self._deaths[0] < _WITHIN_SECONDS


def main(host: str, port: int, grace_seconds: float) -> None:
    """Serve until a signal comes; what the worker needs to know is in the environment."""
    signal.signal(FAREWELL, signal.SIG_IGN)  # a worker that is still starting inherits that
    Supervisor(
        "renum_app.renum_app:app",
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=1,
        workers_kill_timeout=round(grace_seconds) + _PATIENCE_SECONDS,
        respawn_failed_workers=True,
        http=HTTPModes.http1,
        log_level=LogLevels.warning,
        factory=True,
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
