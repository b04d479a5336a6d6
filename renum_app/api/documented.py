"""Descriptions, error answers and examples that routes share in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from renum_app.api.problems import Envelope

_MEANINGS = {
    400: "Not JSON, or nested too deeply.",
    401: "No token, a bad one, or its session has ended.",
    403: "The API token lacks the scope (`missing_scope`), or this is not allowed here.",
    404: "Not there, or not yours.",
    409: "Conflicts with the present status.",
    412: "Saved by somebody else in between.",
    413: "The body is too large.",
    415: "The body is not JSON.",
    422: "One or more fields are wrong; all of them are in `details.fields`.",
    429: "Too many; `Retry-After` tells when to try again.",
    503: "Something Renum needs is down or busy; try again after `Retry-After`.",
}

DESCRIPTION = """Teams of AI agents that one can watch, stop, redo and account for.

Sign in with `POST /auth/login` and send the access token as `Authorization: Bearer …`, or an API token in its place,
which needs the scope that a route names. Ids are UUIDs (agents' are
opaque strings), times are UTC in ISO 8601, money is in USD or null when unknown. Every failure has the same body; its
sentence follows `Accept-Language` (English, or Portuguese). Follow an execution live on the WebSocket
`/ws/executions/{execution_id}/monitor`, or as server-sent events on `/executions/{execution_id}/events`."""

WORKFLOW = {
    "type": "sequential",
    "agents": [
        {"agent_id": "agent-1", "role": "leader", "execution_order": 1, "input": {"source": "initial_prompt"}},
        {
            "agent_id": "agent-2",
            "role": "member",
            "execution_order": 2,
            "input": {"source": "agent_result", "agent_id": "agent-1"},
        },
    ],
}
TEAM = {
    "name": "Equipe de Análise",
    "description": "Equipe para análise de dados",
    "agent_ids": ["agent-1", "agent-2"],
    "workflow_definition": WORKFLOW,
}
AGENT = {
    "name": "Analista",
    "description": "Reads balance sheets",
    "instructions": "You are a careful financial analyst.",
    "model": "openai:gpt-5-mini",
    "backend": "local",
}
REHEARSAL = {"name": "Ensaio", "backend": "rehearsal", "rehearsal": {"reply": "Pronto.", "seconds": 2}}
API_TOKEN = {"name": "Relatório da manhã", "scopes": ["executions:read"], "expires_in_days": 30}
MEMBER = {"agent_id": "agent-3", "role": "member", "execution_order": 3}
CREDENTIAL = {"service_name": "openai", "api_key": "sk-…"}
OWN_SERVER = {"service_name": "vllm", "api_key": "none", "base_url": "http://127.0.0.1:8000/v1"}
EXECUTE = {"initial_prompt": "Analise os dados financeiros da empresa XYZ"}
BOUNDED = {**EXECUTE, "variables": {"region": "BR"}, "overrides": {"max_cost_usd": 0.5, "timeout": 600}}
FORK = {"from_step": "agent-2"}
EDITED_FORK = {"from_step": "agent-2", "input": "Use only the figures of 2025.", "team_version": 3}
RESUME = {"max_cost_usd": 2.5}
PRICE = {"input_usd_per_million": 0.25, "output_usd_per_million": 2.0}
MONTH_BUDGET = {"monthly_budget_usd": 20}
STOP_ALL = {"reason": "Maintenance at noon"}
SUSPEND = {"is_suspended": True, "reason": "Left the company"}
OPEN = {"reason": "Asked for by its owner, ticket 4711"}
APPROVE = {"decision": "approve"}
EDIT = {"decision": "approve", "text": "Compare só os três maiores riscos."}
REJECT = {"decision": "reject", "reason": "As fontes são antigas demais."}
REGISTER = {"email": "ana@example.com", "password": "quiet river under stone", "name": "Ana Souza"}
LOGIN = {"email": "ana@example.com", "password": "quiet river under stone"}
PASSWORD = {"password": "quiet river under stone"}
PASSWORD_CHANGE = {"current_password": "quiet river under stone", "new_password": "slow boats at first light"}
FORGOT = {"email": "ana@example.com"}
RESET = {"token": "…", "password": "slow boats at first light"}
CODE = {"code": "492039"}
DELETION = {"email": "ana@example.com", "password": "quiet river under stone"}
ZIP: dict[str, Any] = {
    "description": "The archive, sent while it is made.",
    "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
}


def errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Error answers of a route, with those that any route may give."""
    told = {*statuses, 422, 429, 503} | ({403} if 401 in statuses else set())
    return {status: {"model": Envelope, "description": _MEANINGS[status]} for status in sorted(told)}


def with_body(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Error answers of a route that reads a body."""
    return errors(400, 413, 415, *statuses)


def examples(**bodies: dict[str, Any]) -> dict[str, Any]:
    """Named example bodies."""
    return {name: {"value": body} for name, body in bodies.items()}
