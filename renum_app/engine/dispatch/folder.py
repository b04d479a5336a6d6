"""The data folder belongs to one process: two engines on one embedded database would fight over every execution."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from renum_app.settings import SettingsError


class FolderLock:
    """Held until released, or until the process ends in whatever way."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "renum.lock"
        self._descriptor: int | None = None

    def hold(self) -> None:
        """Take the folder.

        Raises:
            SettingsError: Another process has it.
        """
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(descriptor)
            raise SettingsError(
                f"Another Renum is already running on {self._path.parent}: stop it, or set RENUM_DATA_DIR elsewhere."
            ) from None
        self._descriptor = descriptor

    def release(self) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
