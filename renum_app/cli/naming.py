"""Which team somebody means."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import typer

from renum_app.cli.client import Client, Json
from renum_app.cli.words import USAGE, fail, t

TeamName = Annotated[str, typer.Argument(metavar=t("cli.metavar.team"), help=t("cli.team"), show_default=False)]
_SHOWN = 10


def team(client: Client, name: str) -> Json:
    """By its id, its whole name, or a part of the name that no other team's has."""
    if is_id(name):
        return client.get("teams", name)
    found = list(client.every("teams", limit=1_000, search=name))
    same = [each for each in found if each["name"].casefold() == name.casefold()]
    meant = same or found
    if not meant:
        fail(t("cli.no_team", name=name), code=USAGE)
    if len(meant) > 1:
        listed = "\n".join(f"  {each['team_id']}  {each['name']}" for each in meant[:_SHOWN])
        fail(f"{t('cli.many_teams', name=name)}\n{listed}", code=USAGE)
    return meant[0]


def is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
