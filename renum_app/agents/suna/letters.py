"""What a Suna agent is sent: its own instructions live at Suna, so only what Renum adds to them goes along."""

from __future__ import annotations

from renum_app.agents.backend import RunRequest


def message_of(request: RunRequest) -> str:
    """The one user message of a run: what the agent is to do, or the answer to what it asked."""
    if request.reply_to is not None:
        return request.input
    notes = request.instructions.removeprefix(request.agent.instructions).strip()
    return f"{notes}\n\n{request.input}" if notes else request.input
