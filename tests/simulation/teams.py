"""Random teams that can be saved: every type, join, input, condition, brake and way to fail."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

Data = dict[str, Any]

WORDS = ("sim", "não", "talvez")


def team_body(chance: Random, agent_ids: Sequence[str]) -> Data:
    """The body of `POST /teams` with members of some of these agents."""
    kind = chance.choice(("sequential", "parallel", "pipeline", "conditional"))
    count = chance.choice((1, 2, 3, 3, 4, 5))
    has_coordinator = count > 1 and chance.random() < 0.3
    orders = sorted(chance.randint(1, 4) for _ in range(count))
    members = [_member(chance, kind, place, orders, agent_ids) for place in range(count)]
    if has_coordinator:
        members[-1] |= {"role": "coordinator", "execution_order": 5, "input": None, "conditions": None}
    return {
        "name": "Equipe",
        "agent_ids": list(dict.fromkeys(member["agent_id"] for member in members)),
        "workflow_definition": {"type": kind, "agents": members},
        "team_config": _config(chance, kind, count - has_coordinator),
    }


def _member(chance: Random, kind: str, place: int, orders: list[int], agent_ids: Sequence[str]) -> Data:
    agent_id, fallback_id = chance.sample(list(agent_ids), 2)
    member: Data = {
        "agent_id": agent_id,
        "step_id": f"s{place}",
        "execution_order": orders[place],
        "retry": {"max_attempts": chance.randint(1, 3), "backoff_seconds": chance.choice((0, 0.5, 2, 8))},
        "on_failure": chance.choice(("stop", "stop", "continue", "fallback")),
        "timeout_seconds": chance.choice((3, 10, 30, 60)),
    }
    if member["on_failure"] == "fallback":
        member["fallback_agent_id"] = fallback_id
    if chance.random() < 0.2:
        member["requires_approval"] = chance.choice(("before", "after"))
        deadline, outcome = chance.choice((None, 5, 40, 100)), chance.choice(("approve", "reject"))
        member["approval"] = {"deadline_seconds": deadline, "on_deadline": outcome}
    if chance.random() < 0.5:
        member["config"] = {"max_tokens": chance.choice((50, 900, 900))}
    before = [f"s{other}" for other in range(place) if kind == "parallel" or orders[other] < orders[place]]
    if before and chance.random() < 0.4:
        member["input"] = _input(chance, before)
    if kind == "conditional" and before and chance.random() < 0.6:
        member["conditions"] = [_condition(chance, before) for _ in range(chance.randint(1, 2))]
        member["conditions_mode"] = chance.choice(("all", "any"))
    return member


def _input(chance: Random, before: list[str]) -> Data:
    if chance.random() < 0.5:
        return {"source": "agent_result", "agent_id": chance.choice(before)}
    sources: list[Data] = [{"type": "agent_result", "agent_id": chance.choice(before)}]
    if chance.random() < 0.5:
        sources.append({"type": "context", "key": "shared_context.n"})
    return {"source": "combined", "sources": sources}


def _condition(chance: Random, before: list[str]) -> Data:
    step_id = chance.choice(before)
    return chance.choice(
        (
            {"field": f"agent_results.{step_id}.text", "operator": "contains", "value": chance.choice(WORDS)},
            {"field": f"agent_results.{step_id}.status", "operator": "not_equals", "value": "failed"},
            {"field": "shared_context.n", "operator": "greater_than", "value": chance.randint(0, 5)},
            {"field": "shared_context.n", "operator": "exists"},
        )
    )


def _config(chance: Random, kind: str, branches: int) -> Data:
    config: Data = {}
    if kind == "parallel":
        config["join"] = chance.choice(("all", "any", "first", "k"))
        if config["join"] == "k":
            config["join_k"] = chance.randint(1, branches)
    if chance.random() < 0.3:
        config["timeout"] = chance.choice((5, 90, 300))
    if chance.random() < 0.25:
        config["max_tokens"] = chance.choice((300, 2_000, 6_000, 20_000))
    if chance.random() < 0.15:
        config["max_cost_usd"] = chance.choice((0.0005, 0.003, 0.006, 0.05))
    if chance.random() < 0.3:
        config["max_concurrency"] = chance.randint(1, 2)
    return config
