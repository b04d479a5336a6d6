"""`renum admin`: what only whoever has the server's shell may do; also while the server is down."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from pydantic import ValidationError

from renum_app.cli import beside
from renum_app.cli.words import fail, t

app = typer.Typer(help=t("cli.admin.help"), no_args_is_help=True)

Email = Annotated[str, typer.Argument(help=t("cli.admin.email"), show_default=False)]


@app.command("create", help=t("cli.admin.create.help"))
def create(
    email: Email,
    *,
    name: Annotated[str, typer.Option(help=t("cli.admin.create.name"))] = "",
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help=t("cli.password_stdin"))] = False,
) -> None:
    from renum_app.models.user import RegisterRequest
    from renum_app.services import admin

    settings = beside.server_settings()
    if settings.uses_supabase:
        fail(t("cli.admin.create.at_supabase"))
    asked = t("cli.admin.create.password")
    password = sys.stdin.readline().rstrip("\n") if password_stdin else typer.prompt(asked, hide_input=True)
    try:
        given = RegisterRequest(email=email, password=password, name=name)
    except ValidationError as error:
        fail(f"{error.errors()[0]['loc'][0]}: {error.errors()[0]['msg']}")
    made = beside.on_database(admin.create(str(given.email), given.password, given.name, host=settings.base_url))
    typer.echo(t("cli.admin.granted", email=made.email))


@app.command("grant", help=t("cli.admin.grant.help"))
def grant(email: Email) -> None:
    from renum_app.services import admin

    made = beside.on_database(admin.grant(email))
    typer.echo(t("cli.admin.granted", email=made.email))


@app.command("reset-link", help=t("cli.admin.reset_link.help"))
def reset_link(email: Email) -> None:
    from renum_app.services import resets

    typer.echo(beside.on_database(resets.link_for(email, beside.server_settings())))


@app.command("two-steps-off", help=t("cli.admin.two_steps_off.help"))
def two_steps_off(email: Email) -> None:
    from renum_app.services import admin

    changed = beside.on_database(admin.turn_two_steps_off(email))
    typer.echo(t("cli.admin.two_steps_off.done", email=changed.email))


@app.command("suspend", help=t("cli.admin.suspend.help"))
def suspend(email: Email) -> None:
    from renum_app.services import admin

    changed = beside.on_database(admin.suspend(email))
    typer.echo(t("cli.admin.suspend.done", email=changed.email))


@app.command("unsuspend", help=t("cli.admin.unsuspend.help"))
def unsuspend(email: Email) -> None:
    from renum_app.services import admin

    changed = beside.on_database(admin.suspend(email, suspended=False))
    typer.echo(t("cli.admin.unsuspend.done", email=changed.email))


@app.command("stop-all", help=t("cli.admin.stop_all.help"))
def stop_all(*, reason: Annotated[str, typer.Option(help=t("cli.admin.stop_all.reason"))] = "") -> None:
    from renum_app.services import admin

    stopped = beside.on_database(admin.stop_all(reason=reason))
    typer.echo(t("cli.admin.stop_all.done", count=stopped.ordered))
