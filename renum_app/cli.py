"""The `renum` command."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Coroutine
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from pydantic import ValidationError

from renum_app import __version__, crypto, database, migrations, server
from renum_app.errors import Invalid, RenumError
from renum_app.i18n import text
from renum_app.models.user import RegisterRequest, UserRead
from renum_app.services import admin as administration
from renum_app.services import doctor as examination
from renum_app.services import resets, setup, vault
from renum_app.settings import Settings, SettingsError, get_settings, keep_private

Result = TypeVar("Result")

app = typer.Typer(help="Teams of AI agents that one can watch, stop, redo and account for.", no_args_is_help=True)

admin = typer.Typer(help="What only whoever has the server's shell may do; also while the server is down.")
app.add_typer(admin, name="admin", no_args_is_help=True)

keys = typer.Typer(help="The keys that seal people's API keys (ENCRYPTION_KEY).")
app.add_typer(keys, name="keys", no_args_is_help=True)


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
    if settings.uses_supabase:
        _require_supabase(settings)
    migrations.upgrade(settings.database)
    _open_vault(settings)
    if not skip_build:
        _build()
    if link := _on_database(setup.link(settings)):
        typer.echo(f"No administrator yet. Whoever opens this link within an hour becomes it:\n  {link}")
    typer.echo(f"Renum is on http://{_shown(settings.host)}:{settings.port} (Ctrl+C stops it)")
    server.serve(settings)


@app.command()
def doctor() -> None:
    """Say what works and what is missing, one line each."""
    findings = _on_database(examination.examine(_settings()))
    for finding in findings:
        typer.echo(f"{'ok     ' if finding.ok else 'BROKEN '} {finding.name}: {finding.words}")
    if not all(finding.ok for finding in findings):
        raise typer.Exit(1)


@keys.command("rotate")
def rotate_keys() -> None:
    """Seal every secret with the first key of ENCRYPTION_KEY; it can be cut off and run again at any time."""
    _open_vault(_settings())
    done = _on_database(vault.rotate())
    typer.echo(f"{done.resealed} secrets sealed anew with {done.kid}.")
    for kid, count in sorted(done.left.items()):
        typer.echo(f"{count} secrets do not open and stay sealed with {kid}: their owners have to enter them again.")
    if done.left:
        raise typer.Exit(1)


@admin.command("create")
def create_administrator(
    email: str,
    *,
    name: Annotated[str, typer.Option(help="As pages call them; by default the address's first part.")] = "",
    password_stdin: Annotated[
        bool, typer.Option("--password-stdin", help="Read it from a pipe, not a prompt.")
    ] = False,
) -> None:
    """Open an administrator's account. The password is never an argument: others could read it."""
    if _settings().uses_supabase:
        _fail("Accounts are opened at Supabase here: sign up in Renum, then run `renum admin grant EMAIL`.")
    password = sys.stdin.readline().rstrip("\n") if password_stdin else typer.prompt("Password", hide_input=True)
    try:
        given = RegisterRequest(email=email, password=password, name=name)
    except ValidationError as error:
        _fail(f"{error.errors()[0]['loc'][0]}: {error.errors()[0]['msg']}")
    made = _on_database(_created(given))
    typer.echo(f"{made.email} is an administrator.")


@admin.command("grant")
def grant(email: str) -> None:
    """Make an account that exists an administrator's."""
    made = _on_database(administration.grant(email))
    typer.echo(f"{made.email} is an administrator.")


@admin.command("reset-link")
def reset_link(email: str) -> None:
    """Print a link with which somebody sets a new password, once and within 30 minutes."""
    typer.echo(_on_database(resets.link_for(email, _settings())))


@admin.command("two-steps-off")
def two_steps_off(email: str) -> None:
    """Ask somebody who has lost authenticator and recovery codes for the password alone again."""
    changed = _on_database(administration.turn_two_steps_off(email))
    typer.echo(f"{changed.email} signs in with the password alone.")


@admin.command("suspend")
def suspend(email: str) -> None:
    """Let nobody in with an account; what it runs goes on."""
    changed = _on_database(administration.suspend(email))
    typer.echo(f"{changed.email} is suspended.")


@admin.command("unsuspend")
def unsuspend(email: str) -> None:
    """Let a suspended account in again."""
    changed = _on_database(administration.suspend(email, suspended=False))
    typer.echo(f"{changed.email} may sign in again.")


@admin.command("stop-all")
def stop_all(*, reason: Annotated[str, typer.Option(help="For the people whose executions are stopped.")] = "") -> None:
    """Stop everybody's executions; a server that is down finds the order when it starts."""
    stopped = _on_database(administration.stop_all(reason=reason))
    typer.echo(f"Executions told to stop: {stopped.ordered}")


def _created(given: RegisterRequest) -> Coroutine[Any, Any, UserRead]:
    host = _settings().base_url
    return administration.create(str(given.email), given.password, given.name, host=host)


def _open_vault(settings: Settings) -> None:
    """Go on only with the keys that have sealed what is there."""
    try:
        crypto.configure(settings.encryption_key)
    except crypto.BadEncryptionKey as error:
        _refuse(error)
    _on_database(vault.check())


def _on_database(act: Coroutine[Any, Any, Result]) -> Result:
    """Carry out a use case beside a server that may be running, or not."""
    settings = _settings()
    migrations.upgrade(settings.database)
    database.configure(settings.database)

    async def carried_out() -> Result:
        try:
            return await act
        finally:
            await database.dispose()

    try:
        return asyncio.run(carried_out())
    except Invalid as error:
        _fail(" ".join(text(f"problems.{each.code}", "en", **each.params) for each in error.problems))
    except RenumError as error:
        _fail(text(error.key, "en", **error.params))
    except SettingsError as error:
        _refuse(error)


def _fail(sentence: str) -> NoReturn:
    typer.echo(f"renum: {sentence}", err=True)
    raise typer.Exit(1)


def _settings() -> Settings:
    keep_private()
    try:
        return get_settings()
    except SettingsError as error:
        _refuse(error)


def _refuse(error: Exception) -> NoReturn:
    """The environment cannot be run with."""
    typer.echo(f"renum: {error}", err=True)
    raise typer.Exit(2) from None


def _require_supabase(settings: Settings) -> None:
    """Do not start with a sign-in that can let nobody in, or could not tell whom; only an outage is waited for."""
    finding = asyncio.run(examination.supabase(settings))
    if not finding.ok and not finding.may_pass:
        typer.echo(f"renum: {finding.words}", err=True)
        raise typer.Exit(2)
    if not finding.ok:
        typer.echo(f"renum: {finding.words}", err=True)


def _build() -> None:
    typer.echo("Preparing the pages…")
    try:
        server.build_if_changed()
    except server.BuildError as error:
        _fail(str(error))


def _shown(host: str) -> str:
    return "localhost" if host in {"0.0.0.0", "127.0.0.1"} else host  # noqa: S104 (compared, not bound)


if __name__ == "__main__":
    app()
