"""The `renum` command: one module for each noun, put together here.

`serve` and its like, `admin` and `keys` work on the server's own machine; everything else speaks the REST API with an
API token, from anywhere.
"""

from __future__ import annotations

import typer

from renum_app.cli import admin, keys, serving
from renum_app.cli.words import t

app = typer.Typer(help=t("cli.help"), no_args_is_help=True, pretty_exceptions_show_locals=False)

app.add_typer(serving.app)
app.add_typer(admin.app, name="admin")
app.add_typer(keys.app, name="keys")
