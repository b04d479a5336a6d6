"""Amounts and durations in sentences, in both languages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from renum_app import i18n
from renum_app.i18n.formats import money, seconds

AMOUNTS = {
    0: ("US$\u00a00,00", "US$0.00"),
    0.5: ("US$\u00a00,50", "US$0.50"),
    0.0821: ("US$\u00a00,0821", "US$0.0821"),
    1e-6: ("US$\u00a00,000001", "US$0.000001"),
    1e-9: ("< US$\u00a00,000001", "< US$0.000001"),
    1234.5: ("US$\u00a01.234,50", "US$1,234.50"),
}
LENGTHS = {
    0.4: ("0,4\u00a0s", "0.4\u00a0s"),
    7: ("7\u00a0s", "7\u00a0s"),
    72: ("1\u00a0min 12\u00a0s", "1\u00a0min 12\u00a0s"),
    3720: ("1\u00a0h 2\u00a0min", "1\u00a0h 2\u00a0min"),
}


@pytest.mark.parametrize(("usd", "written"), AMOUNTS.items())
def test_an_amount_is_written_as_its_language_does(usd: float, written: tuple[str, str]) -> None:
    assert (money(usd, "pt-BR"), money(usd, "en")) == written


@pytest.mark.parametrize(("length", "written"), LENGTHS.items())
def test_a_duration_is_written_as_its_language_does(length: float, written: tuple[str, str]) -> None:
    assert (seconds(length, "pt-BR"), seconds(length, "en")) == written


def test_no_sentence_of_the_engine_shows_a_raw_float() -> None:
    told = i18n.text("agent_errors.budget_cost", "en", agent="Ana", spent=1e-06, cap=0.5, needed=0.25)

    assert told.startswith("Ana was not started: US$0.000001 of at most US$0.50 are spent")


def test_pages_write_the_same(tmp_path: Path) -> None:
    runtime = (Path(i18n.__file__).parent / "runtime.js").read_text(encoding="utf-8")
    body = runtime.partition("\n")[2]  # without its import of React
    asked = [list(AMOUNTS), list(LENGTHS)]
    script = f"""const catalogues = {{}}; {body}
const [amounts, lengths] = {json.dumps(asked)};
const both = (write, values) => values.map((value) => [write("pt-BR", value), write("en", value)]);
const typed = both(formatTyped, ["0.5", "20", "", "half.5"]);
console.log(JSON.stringify([both(formatMoney, amounts), both(formatDuration, lengths), typed]));"""
    path = tmp_path / "formats.mjs"
    path.write_text(script, encoding="utf-8")
    bun = str(Path(sys.executable).parent / "bun")
    done = subprocess.run([bun, str(path)], capture_output=True, text=True, check=True)

    expected = [[list(each) for each in values.values()] for values in (AMOUNTS, LENGTHS)]
    typed = [["0,5", "0.5"], ["20", "20"], ["", ""], ["half.5", "half.5"]]
    assert json.loads(done.stdout) == [*expected, typed]
