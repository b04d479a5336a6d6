"""What a Suna agent is sent: its own instructions live at Suna, so only what Renum adds to them goes along."""

from __future__ import annotations

from renum_app.agents.backend import RunRequest


def message_of(request: RunRequest) -> str:
    """The one user message of a run."""
    notes = request.instructions.removeprefix(request.agent.instructions).strip()
    return f"{notes}\n\n{request.input}" if notes else request.input
