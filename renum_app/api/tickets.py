"""Tickets for the WebSocket, over REST."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter

from renum_app import runtime
from renum_app.api import documented
from renum_app.api.dependencies import ReadsExecutions, Token
from renum_app.auth import tickets
from renum_app.models.values import Read, Shape
from renum_app.services import executions

router = APIRouter(prefix="/ws-tickets", tags=["executions"])


class TicketRequest(Shape):
    execution_id: UUID


class TicketRead(Read):
    ticket: str
    expires_in: int


@router.post("", status_code=201, responses=documented.with_body(401, 404))
async def create_ticket(user: ReadsExecutions, token: Token, body: TicketRequest) -> TicketRead:
    """A ticket for one WebSocket of one execution: it goes where `token` goes, works once and for 30 seconds."""
    await executions.status(user, body.execution_id)
    ticket = runtime.current().tickets.issue(token, body.execution_id)
    return TicketRead(ticket=ticket, expires_in=tickets.SECONDS)
