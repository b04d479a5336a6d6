"""A person's data as a download."""

from __future__ import annotations

from fastapi.responses import StreamingResponse

from renum_app.models.user import CurrentUser
from renum_app.models.values import utc_now
from renum_app.services import own_data


def archive(user: CurrentUser) -> StreamingResponse:
    """Sent while it is made, under a name that says when."""
    name = f"renum-{utc_now():%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingResponse(own_data.export(user), media_type="application/zip", headers=headers)
