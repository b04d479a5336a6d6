"""A team on its way through the wizard as its page shows it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renum_app.state.sentence import Sentence
from renum_app.state.team_graph import Seated
from renum_app.state.wizard_draft import Draft, MemberBody, id_of, members_of

LIMITS = ("max_cost_usd", "max_tokens", "timeout", "max_concurrency", "monthly_budget_usd")


@dataclass(frozen=True)
class KnownAgent(Seated):
    """An agent, and what would keep it from running."""

    agent_id: str = ""
    service: str = ""
    """Whose key it needs; empty where it needs none."""
    lacks_key: bool = False


@dataclass(frozen=True)
class MemberRow:
    step_id: str
    agent_id: str
    name: str
    agent_name: str
    backend: str
    model: str
    service: str
    lacks_key: bool
    is_missing: bool
    is_together: bool
    """Runs at the same time as the one before."""
    approval: str
    deadline: str
    """Minutes."""
    on_deadline: str
    on_failure: str
    fallback: str
    attempts: str


@dataclass(frozen=True)
class VariableRow:
    name: str
    description: str
    default: str


@dataclass(frozen=True)
class Check:
    """One line of what was looked at before the team is created; `step` is where to change it."""

    tone: str
    """`success`, `info` or `warning`."""
    sentence: Sentence
    step: int


def rows_of(draft: Draft, agents: Mapping[str, KnownAgent]) -> list[MemberRow]:
    members = members_of(draft)
    before = [None, *(each.get("execution_order") for each in members)]
    return [
        _row(member, agents.get(member["agent_id"], KnownAgent(is_missing=True)), is_together=order is not None
             and order == member.get("execution_order"))
        for member, order in zip(members, before, strict=False)
    ]  # fmt: skip


def limits_of(draft: Draft) -> dict[str, str]:
    return {name: shown(draft["team_config"].get(name)) for name in LIMITS}


def variables_of(draft: Draft) -> list[VariableRow]:
    given = draft["team_config"].get("variables") or []
    return [VariableRow(each["name"], each.get("description", ""), shown(each.get("default"))) for each in given]


def shown(value: Any) -> str:
    """A number or text as a field shows it."""
    if isinstance(value, float):
        return f"{value:.10g}"
    return "" if value is None else str(value)


def checklist(draft: Draft, rows: Sequence[MemberRow]) -> list[Check]:
    """What is worth a look before a team is created."""
    config = draft["team_config"]
    found = [
        Check("success", Sentence("teams.check.members", {"n": len(rows)}), 2),
        Check("success", Sentence(f"teams.check.{draft['workflow_definition']['type']}"), 3),
    ]
    lacking = sorted({row.service for row in rows if row.lacks_key})
    found += [Check("warning", Sentence("teams.check.no_key", {"service": service}), 2) for service in lacking]
    if not lacking:
        found.append(Check("success", Sentence("teams.check.keys"), 2))
    cap = config.get("max_cost_usd")
    found.append(
        Check("warning", Sentence("teams.check.no_cap"), 4)
        if cap is None
        else Check("success", Sentence("teams.check.cap", {"cap": cap}), 4)
    )
    asks = sum(row.approval != "none" for row in rows)
    found.append(
        Check("info", Sentence("teams.check.approvals" if asks else "teams.check.no_approvals", {"n": asks}), 4)
    )
    if named := config.get("variables"):
        names = ", ".join(each["name"] for each in named)
        found.append(Check("info", Sentence("teams.check.variables", {"names": names}), 4))
    return found


def _row(member: MemberBody, agent: KnownAgent, *, is_together: bool) -> MemberRow:
    approval = member.get("approval") or {}
    return MemberRow(
        step_id=id_of(member),
        agent_id=member["agent_id"],
        name=member.get("name") or agent.name or member["agent_id"],
        agent_name=agent.name,
        backend=agent.backend,
        model=agent.model,
        service=agent.service,
        lacks_key=agent.lacks_key,
        is_missing=agent.is_missing,
        is_together=is_together,
        approval=member.get("requires_approval") or "none",
        deadline=_minutes(approval.get("deadline_seconds")),
        on_deadline=approval.get("on_deadline") or "reject",
        on_failure=member.get("on_failure") or "stop",
        fallback=member.get("fallback_agent_id") or "",
        attempts=shown((member.get("retry") or {}).get("max_attempts")),
    )


def _minutes(seconds: Any) -> str:
    """A deadline as its field shows it."""
    return shown(seconds / 60) if isinstance(seconds, int | float) else shown(seconds)
