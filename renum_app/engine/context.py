"""What a team knows: the context members read, and what their answers write into it. Pure and total."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from renum_app.models.values import storable

_MAX_DEPTH = 32
_FENCE = "```"
_OPENING = re.compile(r"^[ \t]*```[ \t]*renum[ \t]*\r?$", re.MULTILINE)
_ANY_FENCE = re.compile(r"^[ \t]*```", re.MULTILINE)
_ROOTS = ("shared_context", "agent_results", "global_variables", "execution_metadata", "team_execution_id")


@dataclass(frozen=True)
class TeamContext:
    """The specification's TeamContext, as it is for one reader at one moment."""

    team_execution_id: UUID
    shared_context: Mapping[str, Any] = field(default_factory=dict)
    agent_results: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    global_variables: Mapping[str, Any] = field(default_factory=dict)
    execution_metadata: Mapping[str, Any] = field(default_factory=dict)

    def look_up(self, path: str) -> tuple[bool, Any]:
        """Whether there is something at a dotted path, and what.

        A path without a root means `shared_context`, then `global_variables`. Names may hold dots themselves.
        """
        root, _, rest = path.partition(".")
        if root in _ROOTS:
            value = str(self.team_execution_id) if root == "team_execution_id" else getattr(self, root)
            return _descend(value, rest.split(".")) if rest else (True, value)
        found, value = _descend(self.shared_context, path.split("."))
        return (found, value) if found else _descend(self.global_variables, path.split("."))


@dataclass(frozen=True)
class Writes:
    """What one answer sets in the shared context."""

    values: Mapping[str, Any] = field(default_factory=dict)
    is_nonsense: bool = False
    """It ended in a renum block that is not a JSON object."""


def writes_in(answer: str) -> Writes:
    """The keys an answer sets: all of a JSON object, or those of the `renum` block it ends in."""
    text = answer.strip()
    if text.startswith("{") and text.endswith("}"):
        values = _json_object(text)
        return Writes(values=values) if values is not None else Writes()
    block = _last_block(text)
    if block is None:
        return Writes()
    values = _json_object(block)
    values = values.get("set", values) if values is not None else None
    return Writes(values=values) if isinstance(values, dict) else Writes(is_nonsense=True)


def _last_block(text: str) -> str | None:
    """What is in the `renum` block that a text ends in; agents say anything, so no pattern here goes back and forth."""
    end = 0
    for opening in _OPENING.finditer(text):
        end = opening.end()
    inside = text[end:].removesuffix(_FENCE)
    is_closed = bool(end) and text.endswith(_FENCE) and not _ANY_FENCE.search(inside)
    return inside if is_closed else None


def json_safe(value: Any, *, depth: int = 0) -> Any:
    """The value as every database can hold it.

    Raises:
        ValueError: It is nested too deeply or has a number that JSON lacks.
    """
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(value, str):
        return storable(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a number of JSON")
    if isinstance(value, dict):
        return {storable(str(key)): json_safe(item, depth=depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [json_safe(item, depth=depth + 1) for item in value]
    return value


def _json_object(text: str) -> dict[str, Any] | None:
    try:
        value = json_safe(json.loads(text))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _descend(value: Any, parts: list[str]) -> tuple[bool, Any]:
    """Follow the parts; a key may be several parts joined, the shortest match first."""
    if not parts:
        return True, value
    if isinstance(value, list):
        place = int(parts[0]) if re.fullmatch(r"\d{1,6}", parts[0], re.ASCII) else -1
        return _descend(value[place], parts[1:]) if 0 <= place < len(value) else (False, None)
    if not isinstance(value, Mapping):
        return False, None
    for taken in range(1, len(parts) + 1):
        key = ".".join(parts[:taken])
        if key in value:
            found, deeper = _descend(value[key], parts[taken:])
            if found:
                return True, deeper
    return False, None
