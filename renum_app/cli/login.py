"""`renum login` and `renum logout`."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from renum_app.cli import sign_in
from renum_app.cli.client import Client
from renum_app.cli.words import USAGE, fail, t, tell

app = typer.Typer()


@app.command(help=t("cli.login.help"))
def login(
    url: Annotated[str, typer.Argument(help=t("cli.login.url"), show_default=False)],
    *,
    token_stdin: Annotated[bool, typer.Option("--token-stdin", help=t("cli.login.token_stdin"))] = False,
    insecure: Annotated[bool, typer.Option("--insecure", help=t("cli.login.insecure"))] = False,
) -> None:
    try:
        address = sign_in.checked(url, insecure=insecure)
    except sign_in.BadAddress as error:
        fail(t(error.key), code=USAGE)
    asked = t("cli.login.token", url=f"{address}/settings/tokens")
    token = sys.stdin.readline().strip() if token_stdin else typer.prompt(asked, hide_input=True, err=True).strip()
    if not sign_in.is_token(token):
        fail(t("cli.login.no_token"), code=USAGE)
    found = sign_in.SignIn(address, token, insecure=insecure)
    me = Client(found).get("auth", "me")
    try:
        file = sign_in.keep(found)
    except OSError as error:
        fail(t("cli.unreadable", file=sign_in.path(), why=error.strerror))
    tell(t("cli.login.done", email=me["email"], url=address, file=file))


@app.command(help=t("cli.logout.help"))
def logout() -> None:
    tell(t("cli.logout.done") if sign_in.forget() else t("cli.logout.nothing"))
