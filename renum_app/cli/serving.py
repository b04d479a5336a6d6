"""Running the server: `serve`, `build`, `migrate`, `doctor`, `version`."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from renum_app import __version__
from renum_app.cli import beside
from renum_app.cli.words import FAILED, USAGE, fail, t, tell

if TYPE_CHECKING:
    from renum_app.settings import Settings

app = typer.Typer()


@app.command(help=t("cli.version.help"))
def version() -> None:
    typer.echo(__version__)


@app.command(help=t("cli.migrate.help"))
def migrate() -> None:
    beside.migrate()


@app.command(help=t("cli.build.help"))
def build() -> None:
    _build()


@app.command(help=t("cli.serve.help"))
def serve(*, skip_build: Annotated[bool, typer.Option("--skip-build", help=t("cli.serve.skip_build"))] = False) -> None:
    from renum_app import server
    from renum_app.services import setup

    settings = beside.server_settings()
    if settings.uses_supabase:
        _require_supabase(settings)
    beside.migrate()
    beside.open_vault(settings)
    if not skip_build:
        _build()
    if link := beside.on_database(setup.link(settings)):
        typer.echo(t("cli.serve.set_up", link=f"\n  {link}"))
    typer.echo(t("cli.serve.on", url=f"http://{_shown(settings.host)}:{settings.port}"))
    server.serve(settings)


@app.command(help=t("cli.doctor.help"))
def doctor() -> None:
    from renum_app.services import doctor as examination

    findings = beside.on_database(examination.examine(beside.server_settings()))
    words = {True: t("cli.doctor.ok"), False: t("cli.doctor.broken")}
    for finding in findings:
        typer.echo(f"{words[finding.ok]:<7} {finding.name}: {finding.words}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(FAILED)


def _require_supabase(settings: Settings) -> None:
    """Do not start with a sign-in that can let nobody in, or could not tell whom; only an outage is waited for."""
    from renum_app.services import doctor as examination

    finding = asyncio.run(examination.supabase(settings))
    if finding.ok:
        return
    if not finding.may_pass:
        fail(finding.words, code=USAGE)
    tell(f"renum: {finding.words}")


def _build() -> None:
    from renum_app import server

    typer.echo(t("cli.build.preparing"))
    try:
        server.build_if_changed()
    except server.BuildError as error:
        fail(str(error))


def _shown(host: str) -> str:
    return "localhost" if host in {"0.0.0.0", "127.0.0.1"} else host  # noqa: S104 (compared, not bound)
