"""Whether this process can serve: each thing it depends on, and how long that took to answer."""

from __future__ import annotations

import time
from typing import Any

from renum_app import database, runtime
from renum_app.database import reading
from renum_app.engine import dispatch
from renum_app.errors import Unavailable
from renum_app.repositories import liveness
from renum_app.services import backends


async def ready() -> dict[str, Any]:
    """What is up.

    Raises:
        Unavailable: The database or the engine is not; `details` has the same as the good answer.
    """
    found = {"database": await _database(), "engine": {"ok": dispatch.is_alive(), "latency_ms": 0.0}}
    settings = runtime.current().settings
    elsewhere = await backends.at_a_glance()  # listed, and no reason to take this process out of service
    dependencies = {**found, **elsewhere}
    body = {"name": settings.app_name, "version": settings.app_version, "dependencies": dependencies}
    if not all(dependency["ok"] for dependency in found.values()):
        raise Unavailable("not_ready", details={"status": "unavailable", **body})
    return {"status": "ready", **body}


async def _database() -> dict[str, Any]:
    started = time.perf_counter()
    try:
        async with reading() as session:
            await liveness.ask(session)
    except database.TROUBLES:
        return {"ok": False, "latency_ms": None}
    return {"ok": True, "latency_ms": round((time.perf_counter() - started) * 1_000, 1)}
