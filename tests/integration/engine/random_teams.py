"""Teams by chance, with agents that do what agents do: answer, write, stutter, fail, hang, wait for a place."""

from __future__ import annotations

import random
from typing import Any

from renum_app.agents.backend import AgentFailed, BackendUnreachable, RateLimited, Usage
from tests.fakes import Script, fails, hangs, says

NAMES = ("Ana", "Bia", "Caio", "Davi", "Eva")
ANSWERS = (
    "Um texto curto.",
    '{"risco": 4, "setor": "varejo"}',
    '{"risco": 9}',
    'Feito.\n```renum\n{"set": {"risco": 1}}\n```',
    "Feito.\n```renum\nbobagem\n```",
    "ç \x00 \ud83d fim",
    "Uma frase longa que chega aos poucos. " * 80,
)
CONDITIONS = (
    {"field": "risco", "operator": "greater_than", "value": 3},
    {"field": "setor", "operator": "contains", "value": "VAR"},
    {"field": "global_variables.regiao", "operator": "equals", "value": "sul"},
    {"field": "agent_results.Ana.status", "operator": "equals", "value": "completed"},
)


def random_script(chance: random.Random) -> Script:
    answer = chance.choice(ANSWERS)
    usage = chance.choice([Usage(10, 5), Usage(120, 80), Usage(None, None)])
    told = says(answer, seconds=chance.choice([0, 0.05, 0.3]), pieces=chance.choice([1, 7]), usage=usage)
    error = chance.choice([lambda: BackendUnreachable("unreachable"), lambda: RateLimited(retry_after=0.05)])
    return chance.choices(
        [
            told,
            fails(error, times=chance.choice([1, 2, 9]), then=answer),
            fails(lambda: AgentFailed("refused"), after_seconds=0.05),
            hangs(identifiers={"run": "r-1"}, after="no mei"),
        ],
        weights=[7, 2, 1, 1],
    )[0]


def random_team(chance: random.Random, agent_ids: dict[str, str]) -> dict[str, Any]:
    """The body of `POST /teams`; now and then it is one that cannot run."""
    kind = chance.choice(["sequential", "parallel", "pipeline", "conditional"])
    names = NAMES[: chance.randint(1, len(NAMES))]
    members = [_member(chance, name, agent_ids, kind=kind, before=names[:place]) for place, name in enumerate(names)]
    if len(names) > 2 and chance.random() < 0.3:
        members[-1] |= {"role": "coordinator", "execution_order": 9}
    return {
        "name": "Equipe",
        "agent_ids": [agent_ids[name] for name in names],
        "workflow_definition": {"type": kind, "agents": members},
        "team_config": _config(chance, kind),
    }


def random_request(chance: random.Random) -> dict[str, Any]:
    overrides = chance.choice([{}, {}, {}, {"max_tokens": chance.choice([60, 900, 20_000])}, {"timeout": 0.6}])
    return {
        "initial_prompt": "Analise.",
        "variables": {"regiao": chance.choice(["sul", "norte"])},
        "overrides": overrides,
    }


def random_decision(chance: random.Random) -> dict[str, Any]:
    """The body of `POST /approvals/{approval_id}`."""
    edited = {"decision": "approve", "text": '{"risco": 2}'}
    return chance.choice([{"decision": "approve"}, edited, {"decision": "reject", "reason": "Não {serve}"}])


def _member(
    chance: random.Random, name: str, agent_ids: dict[str, str], *, kind: str, before: tuple[str, ...]
) -> dict[str, Any]:
    member: dict[str, Any] = {
        "agent_id": agent_ids[name],
        "step_id": name,
        "execution_order": len(before) + 1 if chance.random() < 0.6 else chance.randint(1, 3),
        "role": chance.choice(["member", "member", "leader"]),
        "on_failure": chance.choice(["stop", "continue", "continue", "fallback"]),
        "retry": {"max_attempts": chance.randint(1, 3), "backoff_seconds": 0.02},
        "timeout_seconds": 0.8,
    }
    if member["on_failure"] == "fallback":
        member["fallback_agent_id"] = agent_ids[chance.choice([other for other in NAMES if other != name])]
    if chance.random() < 0.3:
        member["requires_approval"] = chance.choice(["before", "after"])
        member["approval"] = chance.choice([{}, {"deadline_seconds": 0.2, "on_deadline": "approve"}])
    if before and chance.random() < 0.4:
        member["input"] = _input(chance, before)
    if kind == "conditional" and chance.random() < 0.6:
        member["conditions"] = chance.sample(CONDITIONS, chance.randint(1, 2))
        member["conditions_mode"] = chance.choice(["all", "any"])
    return member


def _input(chance: random.Random, before: tuple[str, ...]) -> dict[str, Any]:
    if chance.random() < 0.5:
        return {"source": "agent_result", "agent_id": chance.choice(before)}
    sources: list[dict[str, Any]] = [{"type": "agent_result", "agent_id": name} for name in before[:2]]
    sources += [{"type": "variable", "key": "regiao"}, {"type": "context", "key": "risco"}, {"type": "initial_prompt"}]
    return {"source": "combined", "sources": chance.sample(sources, chance.randint(1, len(sources)))}


def _config(chance: random.Random, kind: str) -> dict[str, Any]:
    config: dict[str, Any] = {}
    if chance.random() < 0.3:
        config["max_concurrency"] = chance.randint(1, 2)
    if kind == "parallel":
        config["join"] = chance.choice(["all", "any", "first", "k"])
        config |= {"join_k": 1} if config["join"] == "k" else {}
    return config
