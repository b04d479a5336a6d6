"""`renum run`: start a team, and watch it if one likes."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from renum_app.cli import naming, sign_in, watching
from renum_app.cli.client import Client
from renum_app.cli.output import AsJson, show, show_json
from renum_app.cli.words import USAGE, fail, t, tell

app = typer.Typer()


@app.command(help=t("cli.run.help"), epilog=t("cli.exit_codes"))
def run(
    team: naming.TeamName,
    *,
    prompt: Annotated[str | None, typer.Option("--prompt", "-p", help=t("cli.run.prompt"))] = None,
    prompt_file: Annotated[str | None, typer.Option("--prompt-file", "-f", help=t("cli.run.prompt_file"))] = None,
    var: Annotated[list[str] | None, typer.Option("--var", help=t("cli.run.var"))] = None,
    max_cost: Annotated[float | None, typer.Option("--max-cost", min=0, help=t("cli.run.max_cost"))] = None,
    max_tokens: Annotated[int | None, typer.Option("--max-tokens", min=1, help=t("cli.run.max_tokens"))] = None,
    timeout: Annotated[float | None, typer.Option("--timeout", min=1, help=t("cli.run.timeout"))] = None,
    rehearsal: Annotated[bool, typer.Option("--rehearsal", help=t("cli.run.rehearsal"))] = False,
    watch: Annotated[bool, typer.Option("--watch", "-w", help=t("cli.run.watch"))] = False,
    as_json: AsJson = False,
) -> None:
    overrides = {"max_cost_usd": max_cost, "max_tokens": max_tokens, "timeout": timeout, "rehearsal": rehearsal}
    body = {
        "initial_prompt": _prompt(prompt, prompt_file),
        "variables": variables(var or []),
        "overrides": {name: value for name, value in overrides.items() if value not in (None, False)},
    }
    client = Client(sign_in.current())
    found = naming.team(client, team)
    execution = client.post("teams", found["team_id"], "execute", body=body, once=True)
    if watch:
        tell(t("cli.run.started", team=found["name"], execution_id=execution["execution_id"]))
        raise typer.Exit(watching.watch(client, execution, as_json=as_json))
    if as_json:
        show_json(execution)
    else:
        show(execution["execution_id"])
        tell(t("cli.run.to_watch", execution_id=execution["execution_id"]))


def variables(given: list[str]) -> dict[str, Any]:
    """`name=text` and `name:=json`; anything else ends the command."""
    found: dict[str, Any] = {}
    for each in given:
        name, equals, value = each.partition("=")
        if not equals or not name.strip(":"):
            fail(t("cli.run.bad_var", var=each), code=USAGE)
        try:
            found[name.removesuffix(":")] = json.loads(value) if name.endswith(":") else value
        except ValueError:
            fail(t("cli.run.bad_json", var=each), code=USAGE)
    return found


def _prompt(text: str | None, file: str | None) -> str:
    if (text is None) == (file is None):
        fail(t("cli.run.one_prompt"), code=USAGE)
    return text if text is not None else read(file or "")


def read(file: str) -> str:
    """A text file, or standard input for `-`."""
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(t("cli.unreadable", file=file, why=getattr(error, "strerror", None) or "UTF-8"), code=USAGE)
