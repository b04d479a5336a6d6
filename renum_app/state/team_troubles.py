"""What is wrong with a filled team form, at the field that shows it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renum_app.state.sentence import Sentence
from renum_app.state.team_body import LIMITS
from renum_app.state.team_seats import Seat


@dataclass(frozen=True)
class Trouble:
    """One line of the summary of what is wrong, and the id of the field it is about."""

    target: str
    label: Sentence
    """What people call the field; empty when it is about the whole."""
    who: str
    sentence: Sentence


_SEAT_PATHS = {
    "agent_id": "name", "step_id": "name", "name": "name", "role": "role", "execution_order": "role",
    "input": "input", "timeout_seconds": "timeout", "on_failure": "on_failure", "fallback_agent_id": "fallback",
    "requires_approval": "approval", "approval": "approval",
}  # fmt: skip
_LAST_WORDS = {"max_attempts": "attempts", "backoff_seconds": "backoff", "field": "field", "value": "value",
               "operator": "operator", "conditions": "field", "deadline_seconds": "deadline"}  # fmt: skip


_OWN_FIELDS = {"name", "description", "join", "join_k", *LIMITS}


def troubles(problems: Mapping[str, Sentence], seats: Sequence[Seat]) -> list[Trouble]:
    """What is wrong, by the field of the form that shows it."""
    found: dict[str, Trouble] = {}
    for path, sentence in problems.items():
        target, field, who = _target(path, seats)
        found.setdefault(target, Trouble(target, _label(field), who, sentence))
    return list(found.values())


def _label(field: str) -> Sentence:
    return Sentence(f"teams.field.{field}") if field else Sentence()


def _target(path: str, seats: Sequence[Seat]) -> tuple[str, str, str]:
    parts = path.split(".")
    if parts[:2] == ["workflow_definition", "agents"] and len(parts) > 3 and int(parts[2]) < len(seats):
        seat = seats[int(parts[2])]
        field = _LAST_WORDS.get(parts[-1]) or _SEAT_PATHS.get(parts[3], "name")
        return f"{field}-{seat.key}", field, seat.name or seat.agent_name
    if parts[0] in ("workflow_definition", "agent_ids"):
        return "agent_search", "agents", ""
    return (parts[-1], parts[-1], "") if parts[-1] in _OWN_FIELDS else ("form", "", "")
