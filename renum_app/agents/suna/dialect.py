"""What a Suna server speaks: its generation and what follows from it, read from its published routes. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Generation(StrEnum):
    G1 = "G1"
    """To August 2025: no routes for threads and messages."""
    G2 = "G2"
    """Runs are started by JSON on a thread that has the message."""
    G3 = "G3"
    """Runs are started by a form that carries the message."""
    G4 = "G4"
    """A good run may end as `stopped`; streams send pings."""
    G5 = "G5"
    """Rows are written after the reply; events have ids."""
    G6 = "G6"
    """Another product of the same name."""


@dataclass(frozen=True, slots=True)
class Dialect:
    generation: Generation
    prefix: str
    has_optimized: bool = False
    """Messages come abridged unless asked otherwise."""
    has_ledger: bool = False
    """`/billing/credit-usage` tells what a thread was charged."""
    has_account_state: bool = False
    """`/billing/account-state` tells the account's limits."""

    @property
    def starts_by_form(self) -> bool:
        return self.generation is not Generation.G2

    @property
    def pings(self) -> bool:
        """Whether streams send pings, and a fresh look can kill a quiet run: from days after the move to `/v1` on."""
        return self.generation in {Generation.G4, Generation.G5} or self.prefix == "/v1"

    @property
    def writes_late(self) -> bool:
        return self.generation is Generation.G5


def dialect_of(document: Mapping[str, Any], prefix: str) -> Dialect | None:
    """The dialect of a server by its OpenAPI document; None where that is no Suna's."""
    paths = document.get("paths")
    if not isinstance(paths, dict):
        return None
    generation = _generation(document, paths, prefix)
    if generation is None:
        return None
    messages = _operation(paths, f"{prefix}/threads/{{thread_id}}/messages", "get")
    return Dialect(
        generation=generation,
        prefix=prefix,
        has_optimized="optimized" in _parameters(messages),
        has_ledger=f"{prefix}/billing/credit-usage" in paths,
        has_account_state=f"{prefix}/billing/account-state" in paths,
    )


def _generation(document: Mapping[str, Any], paths: dict[str, Any], prefix: str) -> Generation | None:
    start = _operation(paths, f"{prefix}/agent/start", "post")
    if not start:
        if f"{prefix}/thread/{{thread_id}}/agent/start" not in paths:
            return None
        return Generation.G2 if _operation(paths, f"{prefix}/threads", "post") else Generation.G1
    stream = _operation(paths, f"{prefix}/agent-run/{{agent_run_id}}/stream", "get")
    if "last_id" in _parameters(stream):
        return Generation.G5
    return Generation.G4 if "optimistic" in _fields(document, start) else Generation.G3


def _operation(paths: dict[str, Any], path: str, method: str) -> dict[str, Any]:
    operations = paths.get(path)
    found = operations.get(method) if isinstance(operations, dict) else None
    return found if isinstance(found, dict) else {}


def _parameters(operation: dict[str, Any]) -> set[str]:
    listed = operation.get("parameters")
    return {str(each.get("name")) for each in listed if isinstance(each, dict)} if isinstance(listed, list) else set()


def _fields(document: Mapping[str, Any], operation: dict[str, Any]) -> set[str]:
    """The fields of a body, behind its reference."""
    found: set[str] = set()
    for content in _dict(_dict(operation.get("requestBody")).get("content")).values():
        schema = _dict(_dict(content).get("schema"))
        name = str(schema.get("$ref", "")).rpartition("/")[2]
        schemas = _dict(_dict(document.get("components")).get("schemas"))
        found |= _dict(_dict(schemas.get(name, schema)).get("properties")).keys()
    return found


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
