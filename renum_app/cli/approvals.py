"""`renum approvals`: what waits for a person, and their decision."""

from __future__ import annotations

from typing import Annotated

import typer

from renum_app.cli import sign_in
from renum_app.cli.client import Client, Json
from renum_app.cli.output import UNKNOWN, AsJson, show_json, show_rows
from renum_app.cli.teams import Limit
from renum_app.cli.words import t, tell

app = typer.Typer(help=t("cli.approvals.help"), no_args_is_help=True)

Id = Annotated[str, typer.Argument(metavar="ID", help=t("cli.approvals.id"), show_default=False)]


@app.command("list", help=t("cli.approvals.list.help"))
def list_approvals(*, limit: Limit = 50, as_json: AsJson = False) -> None:
    found = list(Client(sign_in.current()).every("approvals", limit=limit))
    if as_json:
        show_json(found)
        return
    heads = (t("cli.head.id"), t("cli.head.team"), t("cli.head.member"), t("cli.head.deadline"), t("cli.head.text"))
    show_rows(heads, [_row(each) for each in found])


@app.command("approve", help=t("cli.approvals.approve.help"))
def approve(approval_id: Id, *, text: Annotated[str | None, typer.Option(help=t("cli.approvals.text"))] = None) -> None:
    _decide(approval_id, {"decision": "approve", "text": text})
    tell(t("cli.approvals.approved"))


@app.command("reject", help=t("cli.approvals.reject.help"))
def reject(
    approval_id: Id, *, reason: Annotated[str | None, typer.Option(help=t("cli.approvals.reason"))] = None
) -> None:
    _decide(approval_id, {"decision": "reject", "reason": reason})
    tell(t("cli.approvals.rejected"))


def _decide(approval_id: str, decision: Json) -> None:
    Client(sign_in.current()).post("approvals", approval_id, body=decision, once=True)


def _row(approval: Json) -> tuple[str, ...]:
    deadline = approval["deadline"] or UNKNOWN
    return (approval["approval_id"], approval["team_name"], approval["agent_name"], deadline, approval["text"])
