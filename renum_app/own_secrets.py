"""The installation's own secrets: strong ones from the environment, or made once and kept."""

from __future__ import annotations

import os
import re
import secrets
from pathlib import Path

_PLACEHOLDERS = ("your-", "your_", "changeme", "change-me", "change_me", "example", "placeholder", "super-secret")
_NAMED = re.compile(r"k[0-9]{1,6}=(.*)")


class SettingsError(Exception):
    """The environment cannot be run with; the message is one line that says what to change."""


def secret(name: str, given: str, *, folder: Path, is_required: bool) -> str:
    """What was given, if it is strong; otherwise the one that this installation keeps for itself.

    Raises:
        SettingsError: It is weak, or none was given where one is required.
    """
    if given:
        return checked_secret(name, given)
    if is_required:
        raise SettingsError(
            f'{name.upper()} is not set. Make one with: python3 -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    return _kept_secret(folder / name)


def checked_secret(name: str, value: str) -> str:
    """The secret itself, if nobody could guess it.

    Raises:
        SettingsError: It, or one of its list, is short, monotonous or an example.
    """
    for part in parts(value):
        if len(part) < 32 or len(set(part)) < 8 or any(word in part.lower() for word in _PLACEHOLDERS):
            raise SettingsError(f"{name.upper()} is weak: use at least 32 random characters.")
    return value


def parts(value: str) -> list[str]:
    """The secrets of a list `k2=…,k1=…`, or the only one."""
    named = [_NAMED.fullmatch(part.strip()) for part in value.split(",")]
    return [match[1] for match in named if match] if all(named) else [value]


def _kept_secret(path: Path) -> str:
    """The secret in `path`, created on first use so that restarts can read old data."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(value := secrets.token_urlsafe(48))
    return value
