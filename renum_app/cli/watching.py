"""Watching an execution until it ends, waits for a person, or is left alone; the exit code says which."""

from __future__ import annotations

import os
import sys

import typer

from renum_app.cli import following
from renum_app.cli.board import Board, board_of, take
from renum_app.cli.client import Client, Json, ServerError
from renum_app.cli.lines import sentence
from renum_app.cli.output import amount, show
from renum_app.cli.screens import InPlace, JsonLines, Lines, Screen
from renum_app.cli.words import FAILED, fail, t, tell

EXIT_CODES = {"completed": 0, "failed": FAILED, "cancelled": 3}
WAITS_FOR_PEOPLE, DETACHED = 4, 130


def watch(client: Client, execution: Json, *, as_json: bool) -> int:
    """Show what happens and, at the end, the result; the code to exit with."""
    board = board_of(execution)
    while True:
        try:
            _follow(client, board, _screen(board, as_json=as_json))
            break
        except KeyboardInterrupt:
            if _is_left_alone(client, board):
                tell(t("cli.detached", execution_id=board.execution_id))
                return WAITS_FOR_PEOPLE if board.waits_for_people else DETACHED
        except ServerError as error:
            fail(f"{error}\n{t('cli.lost', execution_id=board.execution_id)}")
    if board.waits_for_people:
        tell(t("cli.waits", execution_id=board.execution_id))
        return WAITS_FOR_PEOPLE
    return _conclude(client, board, as_json=as_json)


def is_interactive() -> bool:
    """A person sits at both ends."""
    return sys.stdin.isatty() and sys.stdout.isatty() and sys.stderr.isatty()


def _screen(board: Board, *, as_json: bool) -> Screen:
    if as_json:
        return JsonLines(board)
    is_terminal = sys.stdout.isatty() and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
    return InPlace(board) if is_terminal else Lines(board)


def _follow(client: Client, board: Board, screen: Screen) -> None:
    """Until the end; where nobody sits who could decide elsewhere meanwhile, also until people are waited for."""
    with screen:
        for event in following.events(client, board.execution_id, after=board.reached, cut=screen.cut):
            take(board, event)
            screen.show(event)
            if board.waits_for_people and not is_interactive():
                return


def _is_left_alone(client: Client, board: Board) -> bool:
    """After Ctrl+C: whether to go away and let it run; otherwise it was told to stop, or is watched on."""
    if not is_interactive():
        return True
    letters = {t("cli.letter.stop"): "stop", t("cli.letter.detach"): "detach", t("cli.letter.watch"): "watch"}
    try:
        said = typer.prompt(t("cli.ask_stop"), default=t("cli.letter.detach"), err=True)
    except typer.Abort:  # a second Ctrl+C
        return True
    wish = letters.get(said.strip().lower()[:1], "watch")
    if wish == "stop":
        stop(client, board.execution_id)
    return wish == "detach"


def stop(client: Client, execution_id: str) -> None:
    """Order it; one that has just ended is no failure of whoever wanted it to."""
    try:
        client.post("executions", execution_id, "stop")
    except ServerError as error:
        tell(str(error))


def _conclude(client: Client, board: Board, *, as_json: bool) -> int:
    """The result to standard output, how it ended and what it cost to standard error; the code to exit with."""
    end = client.get("executions", board.execution_id, "status")
    tell(t("cli.ended", tokens=end["total_tokens"], cost=amount(end["cost_usd"]), execution_id=board.execution_id))
    if board.error:
        tell(f"renum: {sentence(board.error) or end['error_message'] or ''}")
    if end["status"] == "completed" and not as_json:
        show_result(client.get("executions", board.execution_id, "result"))
    return EXIT_CODES[end["status"]]


def show_result(result: Json) -> None:
    """The text for people."""
    show(str((result["final_result"] or {}).get("summary") or ""))
