"""`renum keys`: the keys that seal people's API keys."""

from __future__ import annotations

import typer

from renum_app.cli import beside
from renum_app.cli.words import FAILED, t

app = typer.Typer(help=t("cli.keys.help"), no_args_is_help=True)


@app.callback()
def keys() -> None:
    """A group, although there is one command."""


@app.command("rotate", help=t("cli.keys.rotate.help"))
def rotate() -> None:
    from renum_app.services import vault

    beside.open_vault(beside.server_settings())
    done = beside.on_database(vault.rotate())
    typer.echo(t("cli.keys.rotated", n=done.resealed, kid=done.kid))
    for kid, count in sorted(done.left.items()):
        typer.echo(t("cli.keys.left", n=count, kid=kid))
    if done.left:
        raise typer.Exit(FAILED)
