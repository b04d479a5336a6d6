"""The `renum` command."""

from __future__ import annotations

from typing import Annotated

import typer

from renum_app import __version__, migrations, server
from renum_app.settings import Settings, SettingsError, get_settings

app = typer.Typer(help="Teams of AI agents that one can watch, stop, redo and account for.", no_args_is_help=True)


@app.callback()
def main() -> None:
    """Teams of AI agents that one can watch, stop, redo and account for."""


@app.command()
def version() -> None:
    """Print the version."""
    typer.echo(__version__)


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    settings = _settings()
    migrations.upgrade(settings.database)


@app.command()
def build() -> None:
    """Build the pages, unless a build of these very sources is there."""
    _build()


@app.command()
def serve(
    *,
    skip_build: Annotated[bool, typer.Option("--skip-build", help="Serve the build that is there.")] = False,
) -> None:
    """Migrate, build what changed, and serve pages, API and WebSocket on one port."""
    settings = _settings()
    migrations.upgrade(settings.database)
    if not skip_build:
        _build()
    typer.echo(f"Renum is on http://{_shown(settings.host)}:{settings.port} (Ctrl+C stops it)")
    server.serve(settings)


def _settings() -> Settings:
    try:
        return get_settings()
    except SettingsError as error:
        typer.echo(f"renum: {error}", err=True)
        raise typer.Exit(2) from None


def _build() -> None:
    typer.echo("Preparing the pages…")
    try:
        server.build_if_changed()
    except server.BuildError as error:
        typer.echo(f"renum: {error}", err=True)
        raise typer.Exit(1) from None


def _shown(host: str) -> str:
    return "localhost" if host in {"0.0.0.0", "127.0.0.1"} else host  # noqa: S104 (compared, not bound)


if __name__ == "__main__":
    app()
