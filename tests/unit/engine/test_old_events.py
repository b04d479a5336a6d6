"""What earlier versions stored stays readable, and docs/events.md says what is stored today."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from renum_app.engine.plan import Brief, Plan
from renum_app.engine.reducer import progress_of
from renum_app.engine.strategies import decide
from renum_app.engine.strategies.decision import Decision
from renum_app.models.event import WIRE_TYPES, EventKind
from tests.fixtures.events.documented import DOCUMENTED, undocumented
from tests.fixtures.events.folded import events_of, folded

ROOT = Path(__file__).parents[3]
RECORDED = sorted((ROOT / "tests/fixtures/events").glob("*/*.json"))


def told_in(path: Path) -> dict[str, Any]:
    return json.loads(path.read_text(encoding="utf-8"))


def lacks(found: Any, wanted: Any, at: str = "") -> list[str]:
    """Where `found` says something else than `wanted`; what it says besides is fine."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        return [
            problem
            for key, value in wanted.items()
            for problem in lacks(found.get(key, "nothing"), value, f"{at}.{key}")
        ]
    if isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        pairs = enumerate(zip(found, wanted, strict=True))
        return [problem for place, (f, w) in pairs for problem in lacks(f, w, f"{at}.{place}")]
    return [] if found == wanted else [f"{at}: {found!r}, not {wanted!r}"]


def as_json(value: Any) -> Any:
    return json.loads(json.dumps(value, default=lambda v: v.isoformat() if hasattr(v, "isoformat") else str(v)))


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_recorded_events_make_the_rows_they_made_then(path: Path) -> None:
    told = told_in(path)
    found = folded(Plan.model_validate(told["plan"]), events_of(told))
    assert lacks(as_json(found), told["expected"]) == []


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_an_execution_under_way_when_renum_was_updated_goes_on(path: Path) -> None:
    told = told_in(path)
    plan, log, brief = Plan.model_validate(told["plan"]), events_of(told), told["brief"]
    asked = Brief(UUID(brief["execution_id"]), UUID(brief["user_id"]), brief["prompt"], brief["variables"])
    for end in range(len(log)):
        progress = progress_of(plan, log[:end])
        decision = decide(plan, asked, progress)
        is_waiting = bool(progress.under_way(plan.steps))
        assert is_waiting or decision != Decision(), "it would never end"


def test_the_first_version_recorded_every_kind_it_had() -> None:
    first = {event["kind"] for path in RECORDED if path.parent.name == "v1" for event in told_in(path)["events"]}
    assert len(first) == 22
    assert first <= {kind.value for kind in EventKind}


def test_every_kind_there_is_has_been_recorded() -> None:
    recorded = {event["kind"] for path in RECORDED for event in told_in(path)["events"]}
    assert {kind.value for kind in EventKind} - recorded == set()


def test_every_kind_is_documented_with_its_wire_type() -> None:
    assert {kind: wire for kind, (wire, _) in DOCUMENTED.items()} == {
        kind.value: WIRE_TYPES[kind].value for kind in EventKind
    }


def test_every_field_that_was_ever_stored_is_documented() -> None:
    stored = [(event["kind"], event["data"]) for path in RECORDED for event in told_in(path)["events"]]
    assert undocumented(stored) == []


def test_a_change_of_what_old_events_mean_would_be_found() -> None:
    told = told_in(RECORDED[0])
    told["events"] = [event for event in told["events"] if event["kind"] != "output_recorded"]
    found = folded(Plan.model_validate(told["plan"]), events_of(told))
    assert lacks(as_json(found), told["expected"]) != []
