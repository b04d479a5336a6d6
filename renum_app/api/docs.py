"""The human page of the API, written from its own OpenAPI document: no script, nothing from elsewhere."""

from __future__ import annotations

import json
from html import escape
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse

_CSP = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_STYLE = """
:root { color-scheme: light dark; font: 16px/1.55 system-ui, sans-serif; }
body { max-width: 62rem; margin: 0 auto; padding: 2rem 1.25rem 5rem; }
code, pre { font: 0.875rem/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: 0.75rem 1rem; border-radius: 0.5rem; background: #8881; }
nav a { margin-right: 1rem; } details { border-top: 1px solid color-mix(in srgb, currentColor 18%, transparent); }
summary { padding: 0.65rem 0; cursor: pointer; } summary b { display: inline-block; min-width: 4.5rem; }
td, th { text-align: left; vertical-align: top; padding: 0.2rem 1rem 0.2rem 0; }
"""


def add_to(app: FastAPI) -> None:
    """Serve the page at `/docs`."""

    @app.get("/docs", include_in_schema=False)
    async def docs(request: Request) -> HTMLResponse:
        base = request.scope.get("root_path", "")
        return HTMLResponse(page(app.openapi(), base=base), headers={"Content-Security-Policy": _CSP})


def page(document: dict[str, Any], *, base: str) -> str:
    """The whole page.

    Args:
        base: Where the API is mounted, `/api/v1`.
    """
    groups: dict[str, list[str]] = {}
    for path, methods in document["paths"].items():
        for method, route in methods.items():
            group = route.get("tags", ["other"])[0]
            groups.setdefault(group, []).append(_route(document, f"{base}{path}", method, route))
    links = "".join(f'<a href="#{escape(name)}">{escape(name)}</a>' for name in groups)
    parts = "".join(f'<h2 id="{escape(name)}">{escape(name)}</h2>{"".join(of)}' for name, of in groups.items())
    title = escape(document["info"]["title"])
    words = "".join(f"<p>{_code(text)}</p>" for text in document["info"]["description"].split("\n\n"))
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title} API</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style>'
        f"<h1>{title} API {escape(document['info']['version'])}</h1>{words}"
        f'<nav>{links}<a href="{escape(base)}/openapi.json">openapi.json</a></nav>{parts}</html>'
    )


def _route(document: dict[str, Any], path: str, method: str, route: dict[str, Any]) -> str:
    words = route.get("description", route.get("summary", ""))
    needed = "".join(f" <small>{escape(scope)}</small>" for scope in _scopes(route))
    head = f"<summary><b>{method.upper()}</b> <code>{escape(path)}</code>{needed}</summary>"
    return (
        f"<details>{head}<p>{_code(words)}</p>{_parameters(route)}{_bodies(route)}{_answers(document, route)}</details>"
    )


def _scopes(route: dict[str, Any]) -> list[str]:
    """What an API token needs for it."""
    return [scope for given in route.get("security", []) for scopes in given.values() for scope in scopes]


def _parameters(route: dict[str, Any]) -> str:
    rows = [
        f"<tr><td><code>{escape(given['name'])}</code><td>{given['in']}<td>{_code(given.get('description', ''))}"
        for given in route.get("parameters", [])
    ]
    return f"<table>{''.join(rows)}</table>" if rows else ""


def _bodies(route: dict[str, Any]) -> str:
    content = route.get("requestBody", {}).get("content", {}).get("application/json", {})
    shown = [example["value"] for example in content.get("examples", {}).values()]
    return "".join(f"<pre>{escape(json.dumps(body, ensure_ascii=False, indent=2))}</pre>" for body in shown)


def _answers(document: dict[str, Any], route: dict[str, Any]) -> str:
    rows = [
        f"<tr><th>{escape(status)}<td>{_code(answer.get('description', ''))}<td>{_shape(document, answer)}"
        for status, answer in sorted(route["responses"].items())
    ]
    return f"<table>{''.join(rows)}</table>"


def _shape(document: dict[str, Any], answer: dict[str, Any]) -> str:
    """The fields of a good answer; errors all have the same."""
    reference = answer.get("content", {}).get("application/json", {}).get("schema", {}).get("$ref", "")
    name = reference.rpartition("/")[2]
    fields = document.get("components", {}).get("schemas", {}).get(name, {}).get("properties", {})
    return " ".join(f"<code>{escape(field)}</code>" for field in fields)


def _code(text: str) -> str:
    """Escaped, with `code` shown as code."""
    parts = escape(text).split("`")
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))
