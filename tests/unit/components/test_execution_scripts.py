"""The scripts of the execution page, tested by bun's own runner."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BUN = Path(sys.executable).parent / "bun"
TESTS = Path(__file__).parent


def test_the_fold_behind_the_execution_page_holds() -> None:
    command = [str(BUN), "test", str(TESTS)]
    done = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 0, done.stdout + done.stderr
