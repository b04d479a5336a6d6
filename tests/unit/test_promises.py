"""docs/security.md names a test for each promise; a test that is renamed or removed takes its promise along."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOLD = (ROOT / "docs" / "security.md").read_text()
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


def _tests_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_every_test_that_a_promise_names_exists() -> None:
    named = NAMED.findall(TOLD)
    assert len(named) > 60
    missing = [f"{path}::{name}" for path, name in named if name not in _tests_in(ROOT / path)]
    assert missing == []


def test_every_promise_names_a_test() -> None:
    promises = [line for line in TOLD.splitlines() if re.match(r"\| [SP]-?\d", line)]
    assert len(promises) > 40
    assert [line for line in promises if not NAMED.search(line)] == []


def test_a_hole_can_be_reported() -> None:
    assert "docs/security.md" in (ROOT / "SECURITY.md").read_text()
    assert "SECURITY.md" in TOLD
