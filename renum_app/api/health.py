"""Health for whoever runs Renum: `/health/live` and `/health/ready`."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI

from renum_app.api import documented
from renum_app.api.edge import Edge
from renum_app.api.problems import handle_errors
from renum_app.services import health
from renum_app.settings import Settings

app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
handle_errors(app)


def create_health(settings: Settings) -> Edge:
    """What is mounted at `/health`."""
    return Edge(app, max_body_bytes=settings.max_body_bytes)


@app.get("/live")
async def live() -> dict[str, str]:
    """The process answers."""
    return {"status": "alive"}


@app.get("/ready", responses=documented.errors())
async def ready() -> dict[str, Any]:
    """The database and the engine are there; each dependency with its latency."""
    return await health.ready()
