"""The `renum` command: one module for each noun, put together here.

`serve` and its like, `admin` and `keys` work on the server's own machine; everything else speaks the REST API with an
API token, from anywhere.
"""

from __future__ import annotations

from typing import Any

import typer
from typer.core import TyperGroup

from renum_app.cli import admin, approvals, executions, keys, login, run, serving, teams
from renum_app.cli.client import ServerError
from renum_app.cli.words import fail, t


class _Spoken(TyperGroup):
    """What the server refuses is a sentence, and an exit code."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ServerError as error:
            fail(str(error))


app = typer.Typer(cls=_Spoken, help=t("cli.help"), no_args_is_help=True, pretty_exceptions_show_locals=False)

app.add_typer(login.app)
app.add_typer(run.app)
app.add_typer(teams.app, name="teams")
app.add_typer(executions.app, name="executions")
app.add_typer(approvals.app, name="approvals")
app.add_typer(serving.app)
app.add_typer(admin.app, name="admin")
app.add_typer(keys.app, name="keys")
