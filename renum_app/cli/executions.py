"""`renum executions`: list, show, watch, logs, stop and result."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from renum_app.cli import following, naming, sign_in, watching
from renum_app.cli.client import Client, Json
from renum_app.cli.lines import icon
from renum_app.cli.output import (
    UNKNOWN,
    AsJson,
    amount,
    execution_word,
    one_line,
    show,
    show_facts,
    show_json,
    show_rows,
)
from renum_app.cli.teams import Limit
from renum_app.cli.words import t, tell, word

app = typer.Typer(help=t("cli.executions.help"), no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help=t("cli.executions.id"), show_default=False)]
_AT_ONCE = 1_000


@app.command("list", help=t("cli.executions.list.help"))
def list_executions(
    *,
    team: Annotated[str | None, typer.Option(help=t("cli.executions.of_team"))] = None,
    status: Annotated[str | None, typer.Option(help=t("cli.executions.status"))] = None,
    limit: Limit = 20,
    as_json: AsJson = False,
) -> None:
    client = Client(sign_in.current())
    team_id = naming.team(client, team)["team_id"] if team else None
    wanted = {name: value for name, value in (("team_id", team_id), ("status", status)) if value}
    found = list(client.every("executions", limit=limit, **wanted))
    if as_json:
        show_json(found)
        return
    heads = [t(f"cli.head.{each}") for each in ("id", "team", "status", "cost", "created")]
    show_rows(heads, [_row(each) for each in found])


@app.command("show", help=t("cli.executions.show.help"))
def show_execution(execution_id: Id, *, as_json: AsJson = False) -> None:
    client = Client(sign_in.current())
    found = client.get("executions", execution_id)
    if as_json:
        show_json(found)
        return
    now = client.get("executions", execution_id, "status")
    facts = [
        (t("cli.head.id"), found["execution_id"]),
        (t("cli.head.team"), one_line(found["team_name"])),
        (t("cli.head.status"), f"{icon(found['status'])} {execution_word(found)}, {found['progress']}%"),
        (t("cli.head.cost"), amount(now["cost_usd"])),
        (t("cli.head.tokens"), str(now["total_tokens"])),
        (t("cli.head.created"), found["created_at"]),
    ]
    show_facts([*facts, *([(t("cli.head.error"), found["error_message"])] if found["error_message"] else [])])
    heads = (
        t("cli.head.member"),
        t("cli.head.status"),
        t("cli.head.attempt"),
        t("cli.head.tokens"),
        t("cli.head.cost"),
    )
    show_rows(heads, [_step(each) for each in found["steps"]])


@app.command("watch", help=t("cli.executions.watch.help"), epilog=t("cli.exit_codes"))
def watch(execution_id: Id, *, as_json: AsJson = False) -> None:
    client = Client(sign_in.current())
    raise typer.Exit(watching.watch(client, client.get("executions", execution_id), as_json=as_json))


@app.command("logs", help=t("cli.executions.logs.help"))
def logs(
    execution_id: Id,
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help=t("cli.executions.follow"))] = False,
    level: Annotated[str | None, typer.Option(help=t("cli.executions.level"))] = None,
    as_json: AsJson = False,
) -> None:
    client = Client(sign_in.current())
    reached = client.get("executions", execution_id, "status")["last_seq"] if follow else 0
    told = _tell_lines(client, execution_id, after=0, level=level, as_json=as_json)
    if not follow:
        return
    for event in following.events(client, execution_id, after=reached, cut=_cut):
        if event["type"] != "result_update":
            told = _tell_lines(client, execution_id, after=told, level=level, as_json=as_json)


@app.command("stop", help=t("cli.executions.stop.help"))
def stop(execution_id: Id, *, as_json: AsJson = False) -> None:
    now = Client(sign_in.current()).post("executions", execution_id, "stop")
    if as_json:
        show_json(now)
    else:
        tell(f"{icon(now['status'])} {execution_word(now)}")


@app.command("result", help=t("cli.executions.result.help"))
def result(execution_id: Id, *, as_json: AsJson = False) -> None:
    found = Client(sign_in.current()).get("executions", execution_id, "result")
    if as_json:
        show_json(found)
        return
    watching.show_result(found)
    if found["error_message"]:
        tell(f"renum: {found['error_message']}")
    raise typer.Exit(watching.EXIT_CODES[found["status"]])


def _tell_lines(client: Client, execution_id: str, *, after: int, level: str | None, as_json: bool) -> int:
    """Show the log's lines after the first `after`; how many there are now."""
    for line in _lines(client, execution_id, after=after, level=level):
        after += 1
        if as_json:
            show_json(line, indent=None)
        else:
            show(f"{line['timestamp']}  {line['level']:<7}  {one_line(line['message'])}")
    return after


def _lines(client: Client, execution_id: str, *, after: int, level: str | None) -> Iterator[Json]:
    while True:
        page = client.get("executions", execution_id, "logs", limit=_AT_ONCE, offset=after, level=level)
        yield from page["items"]
        after += len(page["items"])
        if after >= page["total"] or not page["items"]:
            return


def _cut(wait_seconds: float) -> None:
    tell(t("cli.cut", wait=wait_seconds))


def _row(execution: Json) -> tuple[str, ...]:
    status = f"{icon(execution['status'])} {execution_word(execution)}"
    cost = amount(execution["cost_usd"])
    return (execution["execution_id"], execution["team_name"], status, cost, execution["created_at"])


def _step(step: Json) -> tuple[str, ...]:
    status = step["status"]
    used = [each for each in (step["input_tokens"], step["output_tokens"]) if each is not None]
    return (
        step["name"],
        f"{icon(status)} {word('executions.step', status)}",
        str(step["attempt"]),
        str(sum(used)) if used else UNKNOWN,
        amount(step["cost_usd"]),
    )
