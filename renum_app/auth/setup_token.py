"""The token of the set-up link: a file that only whoever runs the server can read, good for an hour."""

from __future__ import annotations

import hmac
import os
import time
from pathlib import Path

from renum_app.auth.tokens import new_token

SECONDS = 3_600
_NAME = "setup-token"


def make(folder: Path) -> str:
    """A new token; an older one is worth nothing from now on."""
    token, path = new_token(), folder / _NAME
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(token)
    return token


def is_right(folder: Path, token: str) -> bool:
    """Whether this is the token, and its hour has not passed."""
    try:
        kept, made_at = (folder / _NAME).read_text(), (folder / _NAME).stat().st_mtime
    except FileNotFoundError:
        return False
    return time.time() - made_at < SECONDS and hmac.compare_digest(kept.encode(), token.encode("utf-8", "replace"))


def forget(folder: Path) -> None:
    """It has done its work."""
    (folder / _NAME).unlink(missing_ok=True)
