"""What administrators can do over REST; for everybody else these routes are not there."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Body

from renum_app.api import documented
from renum_app.api.dependencies import Administrator
from renum_app.models.admin import StopAllRead, StopAllRequest
from renum_app.services import admin

router = APIRouter(prefix="/admin", tags=["admin"])

_Body = Annotated[StopAllRequest, Body(openapi_examples=documented.examples(maintenance=documented.STOP_ALL))]


@router.post("/stop-all", responses=documented.with_body(401, 404))
async def stop_all(user: Administrator, body: _Body) -> StopAllRead:
    """Stop everybody's executions that have not ended; what is started afterwards runs as usual."""
    return await admin.stop_all(user, reason=body.reason)
