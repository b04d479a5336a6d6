"""What administrators ask of the whole server."""

from __future__ import annotations

from pydantic import Field

from renum_app.models.values import Read, Shape, Text


class StopAllRequest(Shape):
    """Body of `POST /admin/stop-all`."""

    reason: Text = Field(default="", max_length=500, description="For the people whose executions are stopped.")


class StopAllRead(Read):
    ordered: int = Field(description="Executions that were told to stop by this call.")
