"""What commands on the server's own machine stand on: its settings and its database.

Use cases are imported when they are needed: a command that only talks to a server should not wait for the engine.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from renum_app.cli.words import USAGE, fail, language
from renum_app.errors import Invalid, RenumError
from renum_app.i18n import text

if TYPE_CHECKING:
    from renum_app.settings import Settings

Result = TypeVar("Result")

_CHECKOUT = Path(__file__).resolve().parents[2]


def server_settings() -> Settings:
    """Those of the environment; one that nothing can be run with ends the command.

    A relative folder of data means the same from wherever the command is called: the one that the server uses.
    """
    from renum_app.settings import SettingsError, get_settings, keep_private

    os.chdir(_CHECKOUT)
    keep_private()
    try:
        return get_settings()
    except SettingsError as error:
        refuse(error)


def migrate() -> Settings:
    """Bring the database to this version's schema."""
    from renum_app import migrations

    settings = server_settings()
    migrations.upgrade(settings.database)
    return settings


def on_database(act: Coroutine[Any, Any, Result]) -> Result:
    """Carry out a use case beside a server that may be running, or not."""
    from renum_app import database
    from renum_app.settings import SettingsError

    database.configure(migrate().database)

    async def carried_out() -> Result:
        try:
            return await act
        finally:
            await database.dispose()

    try:
        return asyncio.run(carried_out())
    except Invalid as error:
        fail(" ".join(text(f"problems.{each.code}", language(), **each.params) for each in error.problems))
    except RenumError as error:
        fail(text(error.key, language(), **error.params))
    except SettingsError as error:
        refuse(error)


def open_vault(settings: Settings) -> None:
    """Go on only with the keys that have sealed what is there."""
    from renum_app import crypto
    from renum_app.services import vault

    try:
        crypto.configure(settings.encryption_key)
    except crypto.BadEncryptionKey as error:
        refuse(error)
    on_database(vault.check())


def refuse(error: Exception) -> NoReturn:
    """The environment cannot be run with."""
    fail(str(error), code=USAGE)
