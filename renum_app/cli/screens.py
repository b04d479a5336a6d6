"""Three ways to show an execution as it happens: in place, as lines, as JSON. Each shows on entering and cleans up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Protocol, Self

from rich.console import Console, Group
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text

from renum_app.cli.board import FINAL_STATUSES, Board, Seat
from renum_app.cli.lines import execution_line, icon, line_of, reason_word
from renum_app.cli.output import amount, one_line, show_json
from renum_app.cli.words import language, t, tell, word
from renum_app.i18n.formats import seconds
from renum_app.logs import visible

_COLOURS = {
    "running": "cyan", "waiting": "yellow", "completed": "green", "failed": "red", "skipped": "dim", "cancelled": "dim",
}  # fmt: skip
_LIVELY = {"running", "waiting", "failed"}
_TAIL_LINES = 8
_OTHER_ROWS = _TAIL_LINES + 4
"""What stands below the members."""
_TAIL_CHARS = 4_000


class Screen(Protocol):
    """Where events are shown."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def show(self, event: dict[str, Any]) -> None: ...

    def cut(self, wait_seconds: float) -> None: ...


class Lines:
    """For a file, a pipe, or the log of a build."""

    def __init__(self, board: Board) -> None:
        self._board = board

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Lines stay."""

    def show(self, event: dict[str, Any]) -> None:
        if line := line_of(event, self._board):
            tell(line)

    def cut(self, wait_seconds: float) -> None:
        tell(t("cli.cut", wait=wait_seconds))


class JsonLines(Lines):
    """For a program: every event as the server sends it."""

    def show(self, event: dict[str, Any]) -> None:
        show_json(event, indent=None)


class InPlace:
    """For a person: one line for each member, and what the running one writes."""

    def __init__(self, board: Board) -> None:
        self._board, self._is_cut = board, False
        self._console = Console(stderr=True)
        self._live: Live | None = None

    def __enter__(self) -> Self:
        self._live = Live(console=self._console, get_renderable=self._drawn, refresh_per_second=8)
        self._live.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._live:
            self._live.stop()

    def show(self, event: dict[str, Any]) -> None:
        self._is_cut = False

    def cut(self, wait_seconds: float) -> None:
        self._is_cut = True

    def _drawn(self) -> Group:
        return Group(self._members(), self._writing(), self._foot())

    def _members(self) -> Table:
        table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
        shown, left_out = fitting(self._board, rows=self._console.height - _OTHER_ROWS)
        for seat in shown:
            table.add_row(*_cells(seat))
        if left_out:
            table.add_row(Text(t("cli.more_members", n=left_out), style="dim"))
        return table

    def _writing(self) -> Text:
        """The last lines of whoever writes."""
        writing = next((seat for seat in self._board.seats.values() if seat.status == "running" and seat.text), None)
        if writing is None:
            return Text("")
        lines = Text(visible(writing.text[-_TAIL_CHARS:])).wrap(self._console, max(20, self._console.width - 2))
        tail = list(lines)[-_TAIL_LINES:]
        return Text("\n").join([Text(""), *(Text("│ ", style="cyan") + line for line in tail), Text("")])

    def _foot(self) -> Text:
        board = self._board
        words = [execution_line(board), t("cli.tokens", n=board.tokens), amount(board.cost_usd)]
        words.append(seconds((datetime.now(UTC) - board.created_at).total_seconds(), language()))
        if board.status not in FINAL_STATUSES:
            words.append(t("cli.cut_short") if self._is_cut else t("cli.ctrl_c"))
        return Text("  ·  ".join(words), style="dim")


def fitting(board: Board, *, rows: int) -> tuple[list[Seat], int]:
    """Who has a line while there are too many, and how many have none: whoever has something going on comes first."""
    seats = list(board.seats.values())
    if len(seats) <= rows or board.status in FINAL_STATUSES:
        return seats, 0
    first = sorted(seats, key=lambda seat: seat.status not in _LIVELY)[: max(1, rows - 1)]
    return [seat for seat in seats if seat in first], len(seats) - len(first)


def _cells(seat: Seat) -> list[Text | Spinner]:
    style = _COLOURS.get(seat.status, "dim")
    status = word("executions.step", seat.status)
    reason = reason_word(seat.reason)
    return [
        Text(f"{icon(seat.status)} {one_line(seat.name)}", style=style),
        Text(f"{status} ({reason})" if reason else status, style=style),
        Text(t("cli.attempt", n=seat.attempt) if seat.attempt > 1 else ""),
        Text("" if seat.tokens is None else t("cli.tokens", n=seat.tokens), justify="right"),
        Text("" if seat.tokens is None else amount(seat.cost_usd)),
    ]
