"""A person at a terminal: `renum` in this process, signed in with an API token of theirs."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from typer.testing import CliRunner, Result

from renum_app.cli import app
from tests.integration.people import Person

SCOPES = ["teams:read", "teams:write", "executions:read", "executions:run"]


@dataclass
class Terminal:
    """What the command sees of the world."""

    person: Person
    url: str
    token: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        return {
            "XDG_CONFIG_HOME": str(self.folder),
            "RENUM_LANG": "en",
            "RENUM_URL": self.url,
            "RENUM_TOKEN": self.token,
        }

    async def renum(self, *words: str, stdin: str = "", **environment: str) -> Result:
        """Run it beside this loop, which serves what it asks."""
        told = self.environment | environment
        return await asyncio.to_thread(CliRunner().invoke, app, list(words), input=stdin, env=told)

    async def said(self, *words: str, stdin: str = "") -> str:
        """The standard output of a command that succeeds."""
        done = await self.renum(*words, stdin=stdin)
        assert done.exit_code == 0, done.output
        return done.stdout


async def terminal_of(person: Person, address: str, folder: Path, *, scopes: list[str] = SCOPES) -> Terminal:
    made = await person.post("/auth/tokens", {"name": "terminal", "scopes": scopes})
    assert made.status_code == 201, made.text
    return Terminal(person, f"http://{address}", made.json()["token"], folder)
