"""The API as one application: REST, the monitor WebSocket, form posts and health, each under its own path.

They are mounted, not added: where Reflex's pages are mounted beside them, only a mounted application answers its
own unknown paths and wrong methods.
"""

from __future__ import annotations

import re
from typing import Any

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Mount, WebSocketRoute
from starlette.types import ASGIApp

from renum_app.api import (
    account,
    admin,
    agents,
    api_tokens,
    approvals,
    auth,
    credentials,
    docs,
    documented,
    executions,
    metrics,
    notifications,
    prices,
    redo,
    teams,
    tickets,
    usage,
)
from renum_app.api.browser import create_browser
from renum_app.api.edge import Edge
from renum_app.api.health import create_health
from renum_app.api.monitor import monitor
from renum_app.api.problems import handle_errors
from renum_app.settings import Settings

_ROUTERS = tuple(
    area.router
    for area in (
        auth,
        account,
        api_tokens,
        agents,
        teams,
        credentials,
        prices,
        executions,
        redo,
        approvals,
        notifications,
        tickets,
        usage,
        admin,
    )
)


_CORS: dict[str, Any] = {
    "allow_methods": ["GET", "POST", "PUT", "PATCH", "DELETE"],
    "allow_headers": ["Authorization", "Idempotency-Key", "If-Match", "Last-Event-ID", "X-Request-ID"],
    "expose_headers": [
        "ETag",
        "Location",
        "RateLimit-Limit",
        "RateLimit-Remaining",
        "RateLimit-Reset",
        "Retry-After",
        "X-Request-ID",
    ],
    "max_age": 600,
}
"""What pages of the origins in the settings may do; the API takes no cookie, so no credentials."""


def create_api(settings: Settings) -> FastAPI:
    """Everything that is not a page."""
    root = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    _mount(root, "/api/v1", Edge(_rest(settings), max_body_bytes=settings.max_body_bytes, counts=True))
    _mount(root, "/ws", Edge(_sockets(), max_body_bytes=settings.max_body_bytes))
    _mount(root, "/auth", create_browser())
    _mount(root, "/health", create_health(settings))
    root.get("/metrics", include_in_schema=False)(metrics.metrics)
    return root


def _mount(root: FastAPI, path: str, app: ASGIApp) -> None:
    """Give a part everything below its path, also what has a line end in it: Starlette's pattern stops there."""
    mounted = Mount(path, app=app)
    mounted.path_regex = re.compile(mounted.path_regex.pattern, re.DOTALL)
    root.router.routes.append(mounted)


def _rest(settings: Settings) -> FastAPI:
    app = FastAPI(
        title=settings.app_name,
        version=settings.app_version,
        description=documented.DESCRIPTION,
        docs_url=None,
        redoc_url=None,
    )
    handle_errors(app)
    app.add_middleware(CORSMiddleware, allow_origins=settings.origins, **_CORS)
    for router in _ROUTERS:
        app.include_router(router)
    docs.add_to(app)
    return app


def _sockets() -> FastAPI:
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    handle_errors(app)
    app.router.routes.append(WebSocketRoute("/executions/{execution_id}/monitor", monitor))
    return app
