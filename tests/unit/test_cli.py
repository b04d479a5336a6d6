"""What the command line decides before it talks to anybody, and that its page tells everything it can do."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from renum_app import __version__
from renum_app.cli import app, beside, board, following, run, sign_in, team_files
from renum_app.cli.board import Board, board_of, take
from renum_app.cli.lines import line_of
from renum_app.cli.output import execution_word, one_line, show
from renum_app.cli.screens import fitting
from renum_app.cli.watching import EXIT_CODES
from renum_app.cli.words import language, word
from renum_app.models.event import FINAL_KINDS
from renum_app.models.execution import FINAL_STATUSES
from renum_app.settings import get_settings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "command-line.md").read_text(encoding="utf-8")
HOSTILE = "a\x1b]0;owned\x07\x1b[2Jb\u202ec\u2066d\U000e0041e\x9bf\rg"


def commands(command: Any, words: tuple[str, ...] = ("renum",)) -> Iterator[tuple[str, Any]]:
    for name, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, (*words, name))
    if not hasattr(command, "commands"):
        yield " ".join(words), command


def test_the_page_tells_every_command_and_every_option() -> None:
    told = list(commands(get_command(app)))
    assert len(told) > 20
    for name, command in told:
        assert f"`{name}" in PAGE, name
        assert command.help, name
        options = [option for each in command.params for option in each.opts if option.startswith("-")]
        assert [option for option in options if f"`{option}" not in PAGE] == [], name


def test_a_client_command_does_not_wait_for_the_engine() -> None:
    heavy = "{'reflex', 'sqlmodel', 'sqlalchemy', 'pydantic_ai', 'fastapi'}"
    code = f"import sys, renum_app.cli; sys.exit(', '.join({heavy} & set(sys.modules)) or 0)"
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_the_command_works_from_any_folder_through_a_link_and_imports_nothing_from_there(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text("raise SystemExit('imported')")
    link = tmp_path / "renum"
    link.symlink_to(ROOT / "renum")
    done = subprocess.run([link, "version"], cwd=tmp_path, check=False, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, __version__, "")


def test_a_relative_folder_of_data_is_the_servers_wherever_the_command_is_called(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    before = beside.server_settings().renum_data_dir.resolve()
    monkeypatch.chdir("/")
    assert beside.server_settings().renum_data_dir.resolve() == before
    assert Path.cwd() == ROOT
    get_settings.cache_clear()


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "pt_BR.UTF-8"}, "pt-BR"),
        ({"LANG": "pt_BR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_GB.UTF-8", "RENUM_LANG": "pt-BR"}, "pt-BR"),
        ({"LANG": "pt_PT", "RENUM_LANG": ""}, "pt-BR"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_first_variable_that_says_anything_decides_the_language(environment: dict[str, str], expected: str) -> None:
    assert language(environment) == expected


def test_a_terminal_finds_nothing_to_obey_in_what_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    show(HOSTILE)
    shown = capsys.readouterr().out
    assert re.sub(r"[\x20-\x7e\n]", "", shown) == ""
    assert shown.startswith("a\\x1b]0;owned")
    assert "\r" not in one_line(f"x\r\n{HOSTILE}")


def test_a_hostile_name_or_error_stays_one_harmless_line() -> None:
    seen = board_of_one(HOSTILE + "\nforged line")
    event = {"type": "agent_status_update", "kind": "step_failed", "seq": 1, "timestamp": "2026-01-01T12:00:00.000Z"}
    event["data"] = {"step_id": "s", "status": "failed", "attempt": 2, "reason": HOSTILE}
    take(seen, event)
    line = line_of(event, seen)
    assert "\n" not in line
    assert not set(HOSTILE) & {"\x1b", "\u202e", "\U000e0041"} & set(line)


def board_of_one(name: str) -> Board:
    step = {"step_id": "s", "name": name}
    made = "2026-01-01T12:00:00.000Z"
    return board_of({"execution_id": "e", "team_name": "T", "last_seq": 0, "created_at": made, "steps": [step]})


def test_streamed_text_is_put_together_by_its_offsets() -> None:
    seen = board_of_one("Ana")
    told = [
        ("attempt_started", {"status": "running", "attempt": 1}),
        ("text_streamed", {"offset": 0, "delta": "ab"}),
        ("text_streamed", {"offset": 2, "delta": "c"}),
        ("text_streamed", {"offset": 1, "delta": "X"}),
        ("step_completed", {"status": "completed", "attempt": 1, "tokens": 7, "cost_usd": None}),
    ]
    for seq, (kind, data) in enumerate(told, start=1):
        kind_of = "agent_status_update" if "status" in data else "result_update"
        take(seen, {"type": kind_of, "kind": kind, "seq": seq, "data": {"step_id": "s", **data}})
    assert (seen.seats["s"].text, seen.seats["s"].status) == ("aX", "completed")
    assert (seen.tokens, seen.cost_usd) == (7, None)  # unknown is not free


def test_an_execution_waits_for_people_now_and_not_in_its_past() -> None:
    seen = board_of_one("Ana")
    seen.known = 3
    parked = {
        "type": "status_update",
        "kind": "execution_parked",
        "data": {"status": "running", "waiting_for": "input"},
    }
    take(seen, {**parked, "seq": 1})
    assert not seen.waits_for_people
    take(seen, {**parked, "seq": 3})
    assert seen.waits_for_people


def test_the_end_is_what_the_engine_calls_final() -> None:
    assert {kind.value for kind in FINAL_KINDS} == following.FINAL
    assert {status.value for status in FINAL_STATUSES} == set(EXIT_CODES) == board.FINAL_STATUSES


def test_on_a_small_screen_whoever_is_busy_has_a_line() -> None:
    steps = [{"step_id": str(place), "name": "x"} for place in range(50)]
    made = "2026-01-01T12:00:00.000Z"
    many = board_of({"execution_id": "e", "team_name": "T", "last_seq": 0, "created_at": made, "steps": steps})
    many.seats["49"].status = "running"
    shown, left_out = fitting(many, rows=10)
    assert ([seat.step_id for seat in shown], left_out) == ([*map(str, range(8)), "49"], 41)
    many.status = "completed"
    assert len(fitting(many, rows=10)[0]) == 50


def test_variables_are_text_or_json() -> None:
    assert run.variables(["a=1", "b:=[1]", "c=x=y", "d="]) == {"a": "1", "b": [1], "c": "x=y", "d": ""}


@pytest.mark.parametrize(
    ("url", "insecure", "is_safe"),
    [
        ("http://localhost:9000/", False, True),
        ("http://127.0.0.2", False, True),
        ("http://[::1]:9000", False, True),
        ("https://renum.example.com/renum", False, True),
        ("http://10.0.0.1", False, False),
        ("http://10.0.0.1", True, True),
        ("http://localhost.example.com", False, False),
        ("https://user@renum.example.com", True, False),
        ("https://renum.example.com/?a=b", True, False),
        ("https://renum.example.com:port", True, False),
        ("https://", True, False),
        ("https://exa\u2028mple.com", True, False),
        ("https://renum.example.com\n", True, False),
    ],
)
def test_a_token_goes_unencrypted_to_this_machine_alone(url: str, insecure: bool, is_safe: bool) -> None:
    try:
        assert not sign_in.checked(url, insecure=insecure).endswith("/")
    except sign_in.BadAddress:
        assert not is_safe
    else:
        assert is_safe


def test_a_word_that_only_a_newer_server_knows_is_shown_as_it_is() -> None:
    assert word("executions.status", "running") != "running"
    assert execution_word({"status": "running", "waiting_for": "the_moon", "stopping": False}) == "waiting_the_moon"


def test_the_token_is_in_no_representation() -> None:
    assert "rnm_pat_x" not in repr(sign_in.SignIn("http://localhost", "rnm_pat_x"))


@pytest.mark.parametrize(
    "text", ["no", "on", "1e3", "0o17", "1:30", "2001-01-01", "~", "null", "=", "<<", "é\n b", " "]
)
def test_text_in_a_team_stays_text_by_either_version_of_yaml(text: str) -> None:
    body = {"name": text, "workflow_definition": {"type": "parallel", "agents": [{"agent_id": text}]}}
    for as_json in (False, True):
        found = team_files.parsed(team_files.written(body, as_json=as_json))
        assert (found["name"], found["agent_ids"]) == (text, [text])


def test_a_file_of_the_pages_is_read_as_yaml_1_2() -> None:
    found = team_files.parsed(
        "name: no\nworkflow_definition: {type: parallel, agents: [{agent_id: on, n: 010, f: 1e3}]}"
    )
    assert (found["name"], found["agent_ids"], found["team_config"]) == ("no", ["on"], {})
    assert found["workflow_definition"]["agents"][0] == {"agent_id": "on", "n": 10, "f": 1000.0}


@pytest.mark.parametrize(
    "text",
    [
        "a: *x", "a: &x [1]\nb: [*x, *x]", "name: a\nname: b", "- 1", "{", "", "workflow_definition: 3", "[" * 5_000,
        "workflow_definition: {a: !!python/object/apply:os.system [x]}", "workflow_definition: {a: !!binary aGk=}",
        "workflow_definition: {a: !!timestamp 2001-01-01}", "workflow_definition: {? [1] : 2}", "a" * 400_001,
        "a: 9" + "9" * 5_000,
    ],
)  # fmt: skip
def test_what_is_no_team_or_would_grow_or_run_is_refused(text: str) -> None:
    with pytest.raises(team_files.NotATeam):
        team_files.parsed(text)
