"""Logs: who and what it was about, and never a secret."""

from __future__ import annotations

import json
import logging
import sys

import pytest

from renum_app import logs

TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"


@pytest.mark.parametrize(
    ("line", "secret"),
    [
        (f"GET /ws/executions/1/monitor?token={TOKEN}&after=3", TOKEN),
        (f"Authorization: Bearer {TOKEN}", TOKEN),
        ("Authorization: Basic eDp5enp6", "eDp5enp6"),
        ("{'authorization': 'Bearer abcdefgh1'}", "abcdefgh1"),
        (f"Sec-WebSocket-Protocol: renum.v1, bearer.{TOKEN}", TOKEN),
        ("Incorrect API key provided: sk-CANARY-0123456789", "CANARY"),
        ("ticket rnm_wst_abcdefghijkl was used", "rnm_wst_abcdefghijkl"),
        ("Cookie: theme=dark; renum_session=abcdef", "abcdef"),
        ('{"api_key": "no-prefix-key", "x": 1}', "no-prefix-key"),
        ("x-api-key: pk:secretpart", "secretpart"),
        ("postgresql://renum:hunter2@db/renum", "hunter2"),
        ("refresh_token=abcdefgh&x=1", "abcdefgh"),
        (f"found {TOKEN} somewhere", TOKEN),
    ],
)
def test_secrets_are_masked(line: str, secret: str) -> None:
    assert secret in line
    assert secret not in logs.masked(line)


def test_what_is_no_secret_stays() -> None:
    line = "total_tokens=300 tokens: 40 agent=Analista after=3 https://api.example.com/v1 key point: none"
    assert logs.masked(line).startswith("total_tokens=300 tokens: 40 agent=Analista after=3 https://api.example.com/v1")


def _record(**extra: object) -> logging.LogRecord:
    record = logging.makeLogRecord(
        {"name": "renum", "levelname": "INFO", "levelno": 20, "msg": "Step %s", "args": ("done",)}
    )
    for name, value in extra.items():
        setattr(record, name, value)
    return record


def test_a_line_for_machines_has_its_fields_and_what_it_is_about() -> None:
    with logs.about(execution_id="e-1"), logs.about(user_id="u-1"):
        line = json.loads(logs.JsonFormatter().format(_record(action="step_completed", detail="token=abc")))
    assert line["message"] == "Step done"
    assert (line["execution_id"], line["user_id"], line["action"]) == ("e-1", "u-1", "step_completed")
    assert line["detail"] == "token=***"
    assert "execution_id" not in json.loads(logs.JsonFormatter().format(_record()))


def test_a_traceback_is_masked_too() -> None:
    try:
        raise ValueError("sk-CANARY-0123456789")
    except ValueError:
        record = _record(exc_info=sys.exc_info())
    for formatter in (logs.TextFormatter(), logs.JsonFormatter()):
        line = formatter.format(record)
        assert "ValueError" in line
        assert "CANARY" not in line


UNSEEN = "a\x1b[31mb\x1b]8;;http://x\x07c\u202ed\U000e0041e\x9bf\u2028g\rh\u200bi"


def test_nothing_is_obeyed_by_a_terminal_and_nothing_is_hidden_from_a_reader() -> None:
    for formatter in (logs.TextFormatter(), logs.JsonFormatter()):
        line = formatter.format(_record(detail=UNSEEN, msg=UNSEEN.replace("%", ""), args=()))
        told = json.loads(line)["detail"] if isinstance(formatter, logs.JsonFormatter) else line
        assert told.isascii()
        assert told.isprintable()
        assert "\\x1b[31mb" in told
        assert "\\u202ed" in told
        assert "\\U000e0041e" in told


def test_what_somebody_wrote_begins_no_line_of_its_own() -> None:
    forged = "ana\n12:00:00 INFO    renum  An administrator signed in"
    line = logs.TextFormatter().format(_record(detail=forged, msg=f"Signed in as {forged}", args=()))
    assert "\n" not in line
    assert len(json.loads(logs.JsonFormatter().format(_record(detail=forged)))["detail"]) == len(forged)
