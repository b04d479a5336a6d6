"""Sentences of the terminal: catalogue keys in the language of `RENUM_LANG`, else of the locale."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, NoReturn

import typer

from renum_app.i18n import Locale, catalogue, text
from renum_app.logs import visible

FAILED, USAGE = 1, 2


def language(environment: Mapping[str, str] = os.environ) -> Locale:
    """The first variable that says anything decides; English unless it is Portuguese."""
    told = (environment.get(name, "") for name in ("RENUM_LANG", "LC_ALL", "LC_MESSAGES", "LANG"))
    return "pt-BR" if next((each for each in told if each), "").lower().startswith("pt") else "en"


def t(key: str, **params: Any) -> str:
    """The text of a key; `n` chooses the plural form."""
    return text(key, language(), **params)


def word(prefix: str, value: str) -> str:
    """The word for one of a closed set, as `word("executions.status", "running")`; what is not in it stays as it is."""
    key = f"{prefix}.{value}"
    return t(key) if key in catalogue("en") else value


def tell(sentence: str) -> None:
    """Say something that is no result: on standard error, with nothing in it that a terminal would obey."""
    typer.echo(visible(sentence), err=True)


def fail(sentence: str, *, code: int = FAILED) -> NoReturn:
    """Say why not, and end."""
    tell(f"renum: {sentence}")
    raise typer.Exit(code)
