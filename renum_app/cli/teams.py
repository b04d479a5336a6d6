"""`renum teams`: list, show, export and import."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from renum_app.cli import naming, sign_in, team_files
from renum_app.cli.client import Client, Json
from renum_app.cli.output import UNKNOWN, AsJson, amount, show, show_facts, show_json, show_rows
from renum_app.cli.run import read
from renum_app.cli.words import FAILED, USAGE, fail, t, tell, word

app = typer.Typer(help=t("cli.teams.help"), no_args_is_help=True)

Limit = Annotated[int, typer.Option("--limit", "-n", min=1, max=1_000, help=t("cli.limit"))]


@app.command("list", help=t("cli.teams.list.help"))
def list_teams(
    *,
    search: Annotated[str | None, typer.Option(help=t("cli.teams.search"))] = None,
    limit: Limit = 50,
    as_json: AsJson = False,
) -> None:
    found = list(Client(sign_in.current()).every("teams", limit=limit, search=search))
    if as_json:
        show_json(found)
        return
    heads = (t("cli.head.id"), t("cli.head.name"), t("cli.head.strategy"), t("cli.head.members"), t("cli.head.version"))
    show_rows(heads, [_row(team) for team in found])


@app.command("show", help=t("cli.teams.show.help"))
def show_team(team: naming.TeamName, *, as_json: AsJson = False) -> None:
    found = naming.team(Client(sign_in.current()), team)
    if as_json:
        show_json(found)
        return
    config = found["team_config"]
    identity, name, strategy, _, version = _row(found)
    show_facts(
        [
            (t("cli.head.id"), identity),
            (t("cli.head.name"), name),
            (t("cli.head.strategy"), strategy),
            (t("cli.head.version"), version),
            (t("cli.head.cap"), amount(config["max_cost_usd"])),
            (t("cli.head.variables"), ", ".join(each["name"] for each in config["variables"]) or UNKNOWN),
        ]
    )
    members = sorted(found["workflow_definition"]["agents"], key=lambda each: each["execution_order"])
    heads = (t("cli.head.order"), t("cli.head.member"), t("cli.head.role"), t("cli.head.agent"))
    show_rows(heads, [_seat(member) for member in members])


@app.command("export", help=t("cli.teams.export.help"))
def export(
    team: naming.TeamName,
    *,
    output: Annotated[Path | None, typer.Option("--output", "-o", help=t("cli.teams.output"))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=t("cli.teams.as_json"))] = False,
) -> None:
    found = naming.team(Client(sign_in.current()), team)
    text = team_files.written(found, as_json=as_json or bool(output and output.suffix == ".json"))
    if output:
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            fail(t("cli.unreadable", file=output, why=error.strerror), code=FAILED)
        tell(t("cli.teams.exported", name=found["name"], file=output))
    elif sys.stdout.isatty():
        show(text.rstrip("\n"))
    else:
        typer.echo(text, nl=False)


@app.command("import", help=t("cli.teams.import.help"))
def import_team(
    file: Annotated[str, typer.Argument(help=t("cli.teams.file"), show_default=False)],
    *,
    name: Annotated[str | None, typer.Option(help=t("cli.teams.name"))] = None,
    into: Annotated[str | None, typer.Option(help=t("cli.teams.into"))] = None,
    as_json: AsJson = False,
) -> None:
    try:
        body = team_files.parsed(read(file))
    except team_files.NotATeam as error:
        fail(t("cli.teams.not_a_team", file=file, why=error), code=USAGE)
    if name is not None:
        body["name"] = name
    client = Client(sign_in.current())
    saved = _saved_into(client, into, body) if into else client.post("teams", body=body, once=True)
    if as_json:
        show_json(saved)
    else:
        show(saved["team_id"])
        tell(t("cli.teams.imported", name=saved["name"], version=saved["version"]))


def _saved_into(client: Client, name: str, body: Json) -> Json:
    """A new version of a team that is there; whether it is switched on is no matter of the file."""
    before = naming.team(client, name)
    body = {"is_active": before["is_active"], **body}
    return client.put("teams", before["team_id"], body=body, version=before["version"])


def _row(team: Json) -> tuple[str, ...]:
    workflow = team["workflow_definition"]
    strategy = word("executions.strategy", workflow["type"])
    return (team["team_id"], team["name"], strategy, str(len(workflow["agents"])), str(team["version"]))


def _seat(member: Json) -> tuple[str, ...]:
    name = member["name"] or member["step_id"] or member["agent_id"]
    return (str(member["execution_order"]), name, word("executions.role", member["role"]), member["agent_id"])
