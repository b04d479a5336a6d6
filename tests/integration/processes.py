"""Processes that tests kill, pause and measure."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from renum_app.settings import Settings


async def until(happened: Callable[[], Awaitable[object]], *, seconds: float = 30, what: str = "it") -> None:
    """Wait for something that another process does."""
    deadline = time.monotonic() + seconds
    while not await happened():
        assert time.monotonic() < deadline, f"{what} never happened"
        await asyncio.sleep(0.02)


@dataclass
class Killable:
    """A process under test, with a data folder of its own; after the block it is gone."""

    folder: Path
    command: list[str]
    is_up: Callable[[], Awaitable[bool]]
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> subprocess.Popen[bytes]:
        assert self.process is not None
        return self.process

    def spawn(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "ready").unlink(missing_ok=True)
        with (self.folder / "output").open("ab") as output:
            self.process = subprocess.Popen(
                self.command,
                env={**os.environ, **self.environment},
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    async def start(self) -> None:
        """Spawn it and wait until it says it is ready."""
        self.spawn()

        async def is_up() -> bool:
            assert self.running.poll() is None, (self.folder / "output").read_text()[-4_000:]
            return await self.is_up()

        await until(is_up, what="the start")

    def signal(self, number: int) -> None:
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, number)

    def kill(self) -> None:
        """`kill -9`, and see it gone."""
        self.signal(signal.SIGKILL)
        if self.process:
            self.process.wait(timeout=10)

    @property
    def peak_mib(self) -> float:
        """The most memory it has held at once."""
        status = Path(f"/proc/{self.running.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1_024

    def __enter__(self) -> Killable:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()


def engine_process(url: str, folder: Path, *, shared: Path) -> Killable:
    """An engine alone; its agents leave their calls in `shared`."""

    async def is_up() -> bool:
        return (folder / "ready").exists()

    command = [sys.executable, "-m", "tests.integration.engine.process", url, str(folder), str(shared)]
    return Killable(folder, command, is_up)


def server_process(url: str, folder: Path, settings: Settings, **more: str) -> Killable:
    """API and engine on the port of the settings, which its environment repeats."""

    async def is_up() -> bool:
        try:
            async with httpx.AsyncClient() as client:
                return (await client.get(f"http://127.0.0.1:{settings.port}/health/ready", timeout=2)).is_success
        except httpx.TransportError:
            return False

    environment = {
        "ENVIRONMENT": "test",
        "DATABASE_URL": url,
        "PORT": str(settings.port),
        "RENUM_DATA_DIR": str(folder),
        "ENCRYPTION_KEY": settings.encryption_key,
        "JWT_SECRET": settings.jwt_secret,
        "READS_PER_SECOND": str(settings.reads_per_second),
        "WRITES_PER_MINUTE": str(settings.writes_per_minute),
        **more,
    }
    return Killable(folder, [sys.executable, "-m", "tests.integration.server_process"], is_up, environment)


def calls_in(shared: Path) -> list[tuple[str, str]]:
    """Execution and step of every call of an agent so far."""
    path = shared / "calls"
    words = path.read_text().split() if path.exists() else []
    return list(zip(words[::2], words[1::2], strict=False))
