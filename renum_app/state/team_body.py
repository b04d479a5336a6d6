"""A filled team form read as the team it stands for. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from renum_app.models.team import TeamWrite
from renum_app.state.team_seats import Seat, minutes_of

LIMITS = ("max_tokens", "max_cost_usd", "timeout", "max_concurrency", "monthly_budget_usd")
UNARY = ("exists", "not_exists")
"""Operators that need no value."""


def member_bodies(seats: Sequence[Seat], strategy: str, kept: Mapping[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """The seats as `TeamWrite` wants them; `kept` is by key what the form does not show."""
    order, bodies = 0, []
    for place, seat in enumerate(seats):
        order += 0 if seat.is_together and place else 1
        body = {**kept.get(seat.key, {}), **_member(seat, kept.get(seat.key, {}), strategy), "execution_order": order}
        bodies.append(body)
    return bodies


def _member(seat: Seat, kept: dict[str, Any], strategy: str) -> dict[str, Any]:
    retry = {"max_attempts": seat.attempts or "3", "backoff_seconds": _number(seat.backoff) or "1"}
    is_fallback = seat.on_failure == "fallback"
    return {
        "agent_id": seat.agent_id,
        "step_id": seat.key if seat.key != seat.agent_id else None,
        "name": seat.name.strip() or None,
        "role": seat.role,
        "input": _input_body(seat, kept),
        "conditions": _conditions(seat, kept) if strategy == "conditional" else None,
        "timeout_seconds": _number(seat.timeout),
        "retry": retry if seat.attempts.strip() or seat.backoff.strip() else None,
        "on_failure": seat.on_failure,
        "fallback_agent_id": seat.fallback or None if is_fallback else None,
        "requires_approval": seat.approval,
        "approval": _approval(seat, kept.get("approval") or {}) if seat.approval != "none" else None,
    }


def _approval(seat: Seat, kept: dict[str, Any]) -> dict[str, Any]:
    minutes = _number(seat.deadline)
    if minutes is not None and minutes == minutes_of(kept.get("deadline_seconds")):
        return {"deadline_seconds": kept["deadline_seconds"], "on_deadline": seat.on_deadline}
    return {"deadline_seconds": _seconds(minutes), "on_deadline": seat.on_deadline}


def _seconds(minutes: str | None) -> float | str | None:
    """What is no number is left as text, so that pydantic says what is wrong with it."""
    try:
        return None if minutes is None else float(minutes) * 60
    except ValueError:
        return minutes


def _input_body(seat: Seat, kept: dict[str, Any]) -> dict[str, Any] | None:
    if seat.input.startswith("step:"):
        return {"source": "agent_result", "agent_id": seat.input.removeprefix("step:")}
    return {"prompt": {"source": "initial_prompt"}, "combined": kept.get("input")}.get(seat.input)


def _conditions(seat: Seat, kept: dict[str, Any]) -> list[dict[str, Any]] | None:
    first, *others = kept.get("conditions") or [{}]
    if not seat.field.strip():
        return others or None
    value = None if seat.operator in UNARY else seat.value.strip()
    if value is not None and value == str(first.get("value")):
        value = first["value"]  # untouched: a number or truth value stays one
    return [{"field": seat.field.strip(), "operator": seat.operator, "value": value}, *others]


def _number(text: str) -> str | None:
    """A number as people type it, left as text so that pydantic says what is wrong with it."""
    return text.strip().replace(",", ".") or None


def team_body(
    words: Mapping[str, str],
    seats: Sequence[Seat],
    limits: Mapping[str, str],
    *,
    kept: Mapping[str, Any],
    join: tuple[str, str],
) -> TeamWrite:
    """The team as filled in, checked; raises pydantic's ValidationError."""
    is_parallel = words["strategy"] == "parallel"
    shown = {name: _number(limits.get(name, "")) for name in LIMITS}
    branches = {"join": join[0], "join_k": _number(join[1]) if join[0] == "k" else None} if is_parallel else {}
    members = member_bodies(seats, words["strategy"], kept.get("members", {}))
    config = {**kept.get("team_config", {}), "join": "all", "join_k": None, **shown, **branches}
    return TeamWrite.model_validate(
        {
            "name": words["name"].strip(),
            "description": words["description"].strip() or None,
            "agent_ids": list(dict.fromkeys(seat.agent_id for seat in seats)),
            "workflow_definition": {"type": words["strategy"], "agents": members},
            "team_config": config,
            "is_active": kept.get("is_active", True),
        }
    )
