"""An engine in a process of its own, to be killed: `python -m tests.integration.engine.process URL FOLDER`.

Each call of an agent leaves a line in `FOLDER/calls`, written before the agent says anything.
"""

from __future__ import annotations

import asyncio
import os
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


def counted(folder: Path):
    async def script(request: RunRequest) -> AsyncIterator[RunUpdate]:
        with (folder / "calls").open("a") as file:
            file.write(f"{request.step_id}\n")
            os.fsync(file.fileno())
        if (folder / "poison").exists():
            os._exit(9)
        words = f"Passo {request.step_id} feito."
        for word in words:
            await asyncio.sleep(0.3 / len(words))
            yield TextDelta(word)
        yield RunEnded(text=words, usage=Usage(10, 5))

    return script


def main(url: str, folder: Path) -> None:
    database.configure(url)
    settings = Settings(environment=Environment.TEST, renum_data_dir=folder)
    backend = ScriptedBackend(scripts={name: counted(folder) for name in ("A1", "A2", "A3", "A4", "A5")})
    runtime.start(runtime.Runtime(settings=settings, backends={Backend.LOCAL: backend}))
    InProcessDispatcher().start()
    (folder / "ready").touch()
    threading.Event().wait()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
