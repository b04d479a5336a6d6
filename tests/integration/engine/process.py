"""An engine in a process of its own, to be killed: `python -m tests.integration.engine.process URL FOLDER SHARED`.

FOLDER is its data folder; SHARED may be several engines'. Each call of an agent leaves a line in `SHARED/calls`,
written before the agent says anything; `SHARED/poison` makes the process end in the first call, and an agent
called Poison in each of its own.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

from renum_app import database, runtime
from renum_app.agents.backend import RunEnded, RunRequest, RunUpdate, TextDelta, Usage
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.models.agent import Backend
from renum_app.settings import Environment, Settings
from tests.fakes import ScriptedBackend

NAMES = ("A1", "A2", "A3", "A4", "A5")
POISON = "Poison"


def counted(shared: Path):
    async def script(request: RunRequest) -> AsyncIterator[RunUpdate]:
        with (shared / "calls").open("a") as file:
            file.write(f"{request.execution_id} {request.step_id}\n")
            os.fsync(file.fileno())
        if (shared / "poison").exists():
            os._exit(9)
        words = f"Passo {request.step_id} feito."
        pause = random.uniform(0.1, 0.5) / len(words)
        for word in words:
            await asyncio.sleep(pause)
            yield TextDelta(word)
            if request.step_id == POISON:
                os._exit(9)
        yield RunEnded(text=words, usage=Usage(10, 5))

    return script


def main(url: str, folder: Path, shared: Path) -> None:
    database.configure(url)
    settings = Settings(environment=Environment.TEST, renum_data_dir=folder)
    backend = ScriptedBackend(scripts={name: counted(shared) for name in (*NAMES, POISON)})
    runtime.start(runtime.Runtime(settings=settings, backends={Backend.LOCAL: backend}))
    InProcessDispatcher().start()
    (folder / "ready").touch()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
