"""Results, on standard output: text, tables and JSON, in which a terminal finds nothing to obey."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from renum_app.cli.words import language, t, word
from renum_app.i18n.formats import money
from renum_app.logs import visible

AsJson = Annotated[bool, typer.Option("--json", help=t("cli.json"))]
UNKNOWN = "—"


def show(text: str) -> None:
    typer.echo(visible(text))


def show_json(value: Any, *, indent: int | None = 2) -> None:
    """ASCII alone, so that no character is anything but itself."""
    typer.echo(json.dumps(value, indent=indent))


def show_rows(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table for a person; for a program, lines of fields with tabs between them and no heads."""
    if not sys.stdout.isatty():
        for row in rows:
            typer.echo("\t".join(one_line(each) for each in row))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*(Text(one_line(each)) for each in row))
    Console().print(table)


def show_facts(facts: Iterable[tuple[str, str]]) -> None:
    """What a thing is, one line for each fact."""
    for head, value in facts:
        show(f"{head}: {value}")


def one_line(text: str) -> str:
    return visible(" ".join(text.split()))


def amount(usd: float | None) -> str:
    """Unknown is not free."""
    return UNKNOWN if usd is None else money(usd, language())


def execution_word(execution: dict[str, Any]) -> str:
    """How an execution stands."""
    if execution.get("stopping") and execution["status"] in {"pending", "running"}:
        return t("executions.status.stopping")
    if execution.get("waiting_for"):
        return word("executions.status", f"waiting_{execution['waiting_for']}")
    return word("executions.status", execution["status"])
