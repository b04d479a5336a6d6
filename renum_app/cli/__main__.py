"""`python -m renum_app.cli`."""

from renum_app.cli import app

app(prog_name="renum")
