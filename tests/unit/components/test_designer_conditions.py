"""What the designer foretells of a condition is what the engine will decide."""

from __future__ import annotations

import json
import subprocess
from itertools import product
from pathlib import Path

import renum_app
from renum_app.engine.conditions import verdict
from renum_app.models.workflow import Operator
from tests.unit.components.test_execution_scripts import BUN

EVALUATE = Path(renum_app.__file__).parent / "components/designer/evaluate.js"
VALUES = [None, True, False, 0, 3, 3.5, "3", " 3.50 ", "1e2", "", "Sul", "sul", "ação", [1, "Sul"], {"sul": 1}, [], "٣"]


def test_every_operator_says_the_same_on_every_pair_of_values() -> None:
    cases = [(operator.value, actual, wanted) for operator in Operator for actual, wanted in product(VALUES, VALUES)]
    code = f"""
        import {{ holds }} from {json.dumps(str(EVALUATE))};
        const cases = JSON.parse(await Bun.stdin.text());
        console.log(JSON.stringify(cases.map(([operator, actual, value]) => holds({{ operator, value }}, actual))));
    """
    done = subprocess.run(
        [str(BUN), "-e", code], input=json.dumps(cases), capture_output=True, text=True, check=True, timeout=60
    )

    wanted = [verdict(Operator(operator), actual, value) for operator, actual, value in cases]
    told = json.loads(done.stdout)
    assert [case for case, left, right in zip(cases, told, wanted, strict=True) if left != right] == []
