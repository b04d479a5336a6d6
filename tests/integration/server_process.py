"""Renum without its pages in a process of its own, to be killed and measured; settings come from the environment."""

from __future__ import annotations

import asyncio

from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

from renum_app import crypto, database, runtime
from renum_app.agents.rehearsal import RehearsalBackend
from renum_app.api.app import create_api
from renum_app.engine import dispatch
from renum_app.engine.dispatch.in_process import InProcessDispatcher
from renum_app.models.agent import Backend
from renum_app.settings import get_settings


async def main() -> None:
    settings = get_settings()
    database.configure(settings.database)
    crypto.configure(settings.encryption_key)
    runtime.start(runtime.Runtime(settings=settings, backends={Backend.REHEARSAL: RehearsalBackend()}))
    dispatcher = InProcessDispatcher()
    dispatch.join(dispatcher)
    dispatcher.start()
    api = create_api(settings)
    await Server(api, port=settings.port, interface=Interfaces.ASGI, log_enabled=False, http=HTTPModes.http1).serve()


if __name__ == "__main__":
    asyncio.run(main())
