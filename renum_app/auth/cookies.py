"""The browser's session cookie: its name, and nothing that scripts could read."""

from __future__ import annotations

from typing import Any

COOKIE_NAME = "renum_session"
STEP_NAME = "renum_first_step"
"""Says that the password was right, for the few minutes until the code; it opens nothing."""


def attributes(*, secure: bool) -> dict[str, Any]:
    """How the cookie is set and, identically, deleted.

    Args:
        secure: Sent over https only; false on plain http, where a browser would drop the cookie.
    """
    return {"key": COOKIE_NAME, "httponly": True, "samesite": "lax", "path": "/", "secure": secure}
