"""An engine with Suna for a process of its own, to be killed."""

from __future__ import annotations

import threading
from pathlib import Path
from uuid import UUID

from renum_app import database, runtime
from renum_app.agents.backend import OpenCredential
from renum_app.agents.suna import SunaBackend
from renum_app.agents.suna.timing import Timing
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.models.agent import Backend
from renum_app.settings import Environment, Settings
from tests.integration.suna import QUICK


def run_engine(url: str, folder: Path, suna_url: str, key: str) -> None:
    async def credentials(user_id: UUID, service_name: str) -> OpenCredential:
        return OpenCredential(service_name=service_name, provider="suna", api_key=key)

    database.configure(url)
    settings = Settings(environment=Environment.TEST, renum_data_dir=folder)
    backend = SunaBackend(credentials, suna_url, timing=Timing(**QUICK))
    runtime.start(runtime.Runtime(settings=settings, backends={Backend.SUNA: backend}))
    InProcessDispatcher().start()
    threading.Event().wait()
