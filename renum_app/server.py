"""Build the pages when their sources changed, then serve pages, API and WebSocket on one port."""

from __future__ import annotations

import asyncio
import ctypes
import hashlib
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from renum_app.settings import Settings
from renum_app.supervisor import FAREWELL

ROOT = Path(__file__).resolve().parent.parent
_WEB = ROOT / ".web"
PAGES = _WEB / "build" / "client"
"""Where a build puts what browsers are sent."""
_STAMP = _WEB / "renum-build"
_SOURCES = ("renum_app", "assets", "rxconfig.py", "requirements.txt")
_LOCK = ("reflex.lock",)
"""Script packages; the build itself rewrites it when a component asks for another one."""
_IGNORED_PARTS = {"__pycache__", "external"}
# What Reflex reads to serve a prebuilt app; the names with two underscores are its own internals,
# so the journey tests start the app this way too.
_SERVE_PREBUILT = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_SKIP_COMPILE": "1",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "1",
}


class BuildError(Exception):
    """The pages could not be built; the build's own output was shown."""


def serve(settings: Settings) -> None:
    """Replace this process by the web server's supervisor; it stops cleanly on SIGTERM."""
    os.environ.update(_SERVE_PREBUILT)
    os.chdir(ROOT)
    words = [settings.host, str(settings.port), str(settings.shutdown_grace_seconds)]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "renum_app.supervisor", *words])  # noqa: S606 (our own interpreter)


def build_if_changed() -> bool:
    """Build the pages unless a build of these very sources is there; True when it built.

    Raises:
        BuildError: The build failed.
    """
    sources = _fingerprint(_SOURCES)
    if _STAMP.is_file() and _STAMP.read_text() == sources + _fingerprint(_LOCK):
        return False
    _STAMP.unlink(missing_ok=True)
    _build()
    _make_relocatable()
    _STAMP.write_text(sources + _fingerprint(_LOCK))
    return True


def belong_to_supervisor() -> None:
    """Hear of a stop from the supervisor alone, and end when it ends.

    Ctrl+C reaches every process of the terminal's group. A worker that heard it beside its supervisor would end on its
    own, unfinished; in a group of its own it is told in good order. The kernel ends it with the supervisor, so that no
    orphan keeps port and data.
    """
    os.setpgid(0, 0)
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def on_farewell(act: Callable[[], None]) -> None:
    """Do this when the supervisor says that it is going to stop this worker."""
    asyncio.get_running_loop().add_signal_handler(FAREWELL, act)


def _build() -> None:
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    environment = {**os.environ, "REFLEX_TELEMETRY_ENABLED": "false"}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)  # noqa: S603
    if done.returncode != 0 or not PAGES.is_dir():
        sys.stderr.write(done.stdout + done.stderr)
        raise BuildError("The pages could not be built.")


def _make_relocatable() -> None:
    """Let the page talk to where it came from; the build bakes in one host and port."""
    for script in (PAGES / "assets").glob("reflex-env-*.js"):
        text = script.read_text()
        text = _replaced_origin(text, scheme="http", by="${location.origin}")
        text = _replaced_origin(text, scheme="ws", by='${location.origin.replace(/^http/,"ws")}')
        script.write_text(text)
        script.with_name(script.name + ".gz").unlink(missing_ok=True)


def _replaced_origin(text: str, *, scheme: str, by: str) -> str:
    start = f"`{scheme}://localhost:"
    while (at := text.find(start)) >= 0:
        end = at + len(start)
        while text[end].isdigit():
            end += 1
        text = f"{text[:at]}`{by}{text[end:]}"
    return text


def _fingerprint(names: Sequence[str]) -> str:
    digest = hashlib.sha256()
    for path in _files(names):
        digest.update(str(path.relative_to(ROOT)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _files(names: Sequence[str]) -> list[Path]:
    found: list[Path] = []
    for name in names:
        root = ROOT / name
        found += [root] if root.is_file() else sorted(root.rglob("*"))
    return [path for path in found if path.is_file() and not _IGNORED_PARTS & set(path.parts)]
