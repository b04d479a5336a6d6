"""`renum run --watch` where the terminal, a signal or a broken connection matters: as a process of its own."""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import pty
import signal
import struct
import sys
import termios
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest_asyncio

from renum_app.settings import Settings
from tests import factories
from tests.integration.people import Person
from tests.integration.terminal import Terminal, terminal_of

COMMAND = (sys.executable, "-m", "renum_app.cli")
SLOW = {"reply": "palavra " * 200, "seconds": 60, "first_token_seconds": 0}
CUT_AFTER = (700, 1_900, 3_100)
"""Bytes of an event stream that get through, connection after connection; also in the middle of a line."""


@pytest_asyncio.fixture
async def terminal(sqlite_served: str, sqlite_http: httpx.AsyncClient, settings: Settings, tmp_path: Path) -> Terminal:
    user = await factories.user()
    ana = Person(sqlite_http, user, await factories.access_token(user, settings))
    return await terminal_of(ana, sqlite_served, tmp_path / "config")


def _hear_ctrl_c() -> None:
    """As a shell starts a command: tests that run in the background ignore it, and would hand that on."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Screen:
    """A process on a terminal of its own, and all it has written there."""

    def __init__(self, process: asyncio.subprocess.Process, master: int) -> None:
        self.process, self.written, self._master = process, "", master
        os.set_blocking(master, False)
        asyncio.get_running_loop().add_reader(master, self._read)
        self._news = asyncio.Event()

    def _read(self) -> None:
        try:
            self.written += os.read(self._master, 65_536).decode(errors="replace")
        except OSError:  # the other end is closed
            asyncio.get_running_loop().remove_reader(self._master)
        self._news.set()

    async def shows(self, words: str) -> None:
        async with asyncio.timeout(30):
            while words not in self.written:
                self._news.clear()
                await self._news.wait()

    def type(self, keys: str) -> None:
        os.write(self._master, keys.encode())


@asynccontextmanager
async def on_a_screen(terminal: Terminal, *words: str) -> AsyncIterator[Screen]:
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 100, 0, 0))
    environment = {**os.environ, **terminal.environment, "TERM": "xterm"}
    process = await asyncio.create_subprocess_exec(
        *COMMAND,
        *words,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env=environment,
        start_new_session=True,
        preexec_fn=_hear_ctrl_c,
    )
    os.close(slave)
    screen = Screen(process, master)
    try:
        yield screen
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        asyncio.get_running_loop().remove_reader(master)
        os.close(master)


async def test_a_person_sees_who_writes_what_and_ctrl_c_asks_whether_to_stop(terminal: Terminal) -> None:
    team_id = await terminal.person.team(await terminal.person.agent(name="Bia", rehearsal=SLOW))
    async with on_a_screen(terminal, "run", team_id, "-p", "Analise", "--watch") as screen:
        await screen.shows("palavra palavra")
        await screen.shows("▶ Bia")
        screen.process.send_signal(signal.SIGINT)
        await screen.shows("[s]top it")
        screen.written = ""
        screen.type("w\n")
        await screen.shows("▶ Bia")  # watched on
        screen.process.send_signal(signal.SIGINT)
        await screen.shows("[s]top it")
        screen.type("s\n")
        async with asyncio.timeout(30):
            assert await screen.process.wait() == 3
        await screen.shows("■ Bia")
    (execution,) = (await terminal.person.get("/executions")).json()["items"]
    assert execution["status"] == "cancelled"


async def test_on_a_terminal_a_list_has_heads(terminal: Terminal) -> None:
    await terminal.person.team(await terminal.person.agent(), name="Vendas [red]Sul")
    async with on_a_screen(terminal, "teams", "list") as screen:
        await screen.shows("Strategy")
        await screen.shows("[red]")


async def test_ctrl_c_where_nobody_can_answer_leaves_it_running(terminal: Terminal) -> None:
    team_id = await terminal.person.team(await terminal.person.agent(name="Bia", rehearsal=SLOW))
    process = await asyncio.create_subprocess_exec(
        *(*COMMAND, "run", team_id, "-p", "Analise", "--watch"),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, **terminal.environment},
        preexec_fn=_hear_ctrl_c,
    )
    assert process.stderr
    async with asyncio.timeout(30):
        while b"Bia  running" not in await process.stderr.readline():
            pass
        process.send_signal(signal.SIGINT)
        out, told = await process.communicate()
    assert (process.returncode, out) == (130, b"")
    assert b"renum executions watch " in told
    (execution,) = (await terminal.person.get("/executions")).json()["items"]
    assert execution["status"] == "running"


async def test_a_connection_that_breaks_costs_no_event_and_repeats_none(terminal: Terminal) -> None:
    team_id = await terminal.person.team(*[await terminal.person.agent() for _ in range(3)])
    async with cut_on_the_way(terminal.url) as (url, cuts):
        done = await terminal.renum("run", team_id, "-p", "Analise", "--watch", "--json", RENUM_URL=url)
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert cuts == list(CUT_AFTER)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert (done.exit_code, events[-1]["kind"]) == (0, "execution_completed")
    assert "The connection broke" in done.stderr


@asynccontextmanager
async def cut_on_the_way(url: str) -> AsyncIterator[tuple[str, list[int]]]:
    """The same server behind something that breaks the first event streams; its address, and where it cut."""
    host, _, port = url.removeprefix("http://").rpartition(":")
    cuts: list[int] = []

    async def between(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(host, int(port))
        head = await reader.readuntil(b"\r\n\r\n")
        # One request a connection, so that each can be told apart.
        back.write(head.replace(b"Connection: keep-alive", b"Connection: close"))
        passing = asyncio.create_task(passed_on(reader, back))
        left = -1
        if b"/events" in head and len(cuts) < len(CUT_AFTER):
            left = CUT_AFTER[len(cuts)]
            cuts.append(left)
        writer.write(await there.read() if left < 0 else await there.readexactly(left))
        await writer.drain()
        passing.cancel()
        for each in (writer, back):
            each.close()

    server = await asyncio.start_server(between, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", cuts


async def passed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while chunk := await reader.read(65_536):
        writer.write(chunk)
