"""What a generation publishes about itself, and whether a request keeps to it.

Stricter than the real server, which ignores what it does not know: an unknown query parameter or field is a violation.
The OpenAPI files hold the routes Renum uses; those of G3 and G5 differ from the published ones of G2 and G4 as the
releases did.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")
"""One form parser reads both."""
_PYTHON = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict,
    "null": type(None),
}  # fmt: skip


@cache
def published(generation: str) -> dict[str, Any]:
    """The OpenAPI document of `g2` to `g5`; `g3-late` is what G3 was in its last days, moved to `/v1`."""
    name, is_late, _ = generation.partition("-late")
    text = (Path(__file__).parent / f"openapi-{name}.json").read_text()
    return json.loads(text.replace('"/api/', '"/v1/') if is_late else text)


def route_of(document: dict[str, Any], method: str, path: str) -> str | None:
    """The documented path that answers, with its braces; a literal one comes before one with parameters."""
    found = [
        template
        for template, operations in document["paths"].items()
        if method.lower() in operations and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    ]
    return min(found, key=lambda template: template.count("{")) if found else None


def violations(
    document: dict[str, Any], method: str, path: str, *, query: dict[str, str], kind: str, body: Any
) -> list[str]:
    """In what a request breaks the document."""
    where = f"{method} {path}"
    template = route_of(document, method, path)
    if template is None:
        return [f"{where}: no such route"]
    operation = document["paths"][template][method.lower()]
    return [f"{where}: {fault}" for fault in [*_query(operation, query), *_body(document, operation, kind, body)]]


def _query(operation: dict[str, Any], query: dict[str, str]) -> list[str]:
    known = {each["name"]: each for each in operation.get("parameters", []) if each["in"] == "query"}
    faults = [f"unknown query parameter {name}" for name in query if name not in known]
    for name, parameter in known.items():
        if name in query and not _fits_text(parameter["schema"], query[name]):
            faults.append(f"query {name}={query[name]!r} does not fit")
        if parameter.get("required") and name not in query:
            faults.append(f"query {name} is missing")
    return faults


def _fits_text(schema: dict[str, Any], text: str) -> bool:
    options = schema.get("anyOf", [schema])
    for option in options:
        if option["type"] == "string" or (option["type"] == "boolean" and text in {"true", "false"}):
            return True
        if option["type"] == "integer" and text.lstrip("-").isdigit() and _within(option, int(text)):
            return True
    return False


def _within(schema: dict[str, Any], number: int) -> bool:
    return schema.get("minimum", number) <= number <= schema.get("maximum", number)


def _body(document: dict[str, Any], operation: dict[str, Any], kind: str, body: Any) -> list[str]:
    content = operation.get("requestBody", {}).get("content", {})
    if not content:
        return ["a body where none is wanted"] if body else []
    documented = next(iter(content))
    if kind != documented and not (kind in _FORMS and documented in _FORMS):
        return [f"{kind or 'no'} body, {documented} wanted"]
    return list(_misfits(document, content[documented]["schema"], body, "body"))


def _misfits(document: dict[str, Any], schema: dict[str, Any], value: Any, place: str) -> list[str]:
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[-1]]
    if "anyOf" in schema:
        tried = [_misfits(document, option, value, place) for option in schema["anyOf"]]
        return [] if [] in tried else [f"{place}: fits none of {len(tried)} shapes"]
    wanted = schema.get("type")
    if wanted and not isinstance(value, _PYTHON[wanted]):
        return [f"{place}: {type(value).__name__}, {wanted} wanted"]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    faults = [f"{place}: {name} is missing" for name in schema.get("required", []) if name not in value]
    for name, member in value.items():
        if name not in schema["properties"]:
            faults.append(f"{place}: unknown field {name}")
        else:
            faults += _misfits(document, schema["properties"][name], member, f"{place}.{name}")
    return faults
