"""Which events a person should hear of, wherever they look: one row each, told once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import uuid4

from renum_app.engine.plan import Brief, Plan
from renum_app.engine.progress import Progress
from renum_app.models.event import EventKind, StoredEvent
from renum_app.models.notification import NotificationKind

Values = dict[str, Any]
Told = tuple[NotificationKind, str, Values]
"""The kind, what of the execution it is about, and what its sentence needs."""

TIGHT = 0.8
"""The share of a budget that is worth a word."""
LONG_SECONDS = 120.0
"""Whoever started an execution that takes longer has probably looked away."""


def notification_values(
    plan: Plan,
    brief: Brief,
    progress: Progress,
    events: Sequence[StoredEvent],
    *,
    cost_usd: float | None,
    cost_before_usd: float | None,
) -> list[Values]:
    """New rows of `renum_notifications` for these events.

    Args:
        progress: After the events.
        cost_usd: What the execution has cost, as far as known.
        cost_before_usd: The same before these events.
    """
    told = [(event, each) for event in events for each in _told(plan, progress, event)]
    tight_usd = TIGHT * (plan.max_cost_usd or 0)
    if events and tight_usd and (cost_before_usd or 0) < tight_usd <= (cost_usd or 0):
        tight = {"spent_usd": cost_usd, "cap_usd": plan.max_cost_usd}
        told.append((events[-1], (NotificationKind.BUDGET, f"{brief.execution_id} budget", tight)))
    return [
        {
            "notification_id": uuid4(),
            "user_id": brief.user_id,
            "execution_id": brief.execution_id,
            "kind": kind.value,
            "once": once,
            "params": params,
            "created_at": event.timestamp,
        }
        for event, (kind, once, params) in told
    ]


def _told(plan: Plan, progress: Progress, event: StoredEvent) -> Iterator[Told]:
    data, execution_id = event.data, event.execution_id
    match event.kind:
        case EventKind.EXECUTION_FAILED:
            why = {"why": data["error_message"], "why_key": data["message_key"], "why_params": data["params"]}
            yield NotificationKind.FAILED, f"{execution_id} failed", why
        case EventKind.APPROVAL_REQUESTED:
            agent = plan.by_id[data["step_id"]].name
            yield NotificationKind.APPROVAL, f"{execution_id} approval {data['approval_id']}", {"agent": agent}
        case EventKind.STEP_STALLED:
            about = f"{execution_id} stalled {data['step_id']} {data['attempt']}"
            yield NotificationKind.STALLED, about, {"agent": plan.by_id[data["step_id"]].name}
        case EventKind.EXECUTION_COMPLETED if (seconds := _seconds(progress)) >= LONG_SECONDS:
            yield NotificationKind.FINISHED, f"{execution_id} finished", {"seconds": round(seconds)}
        case EventKind.GATE_PASSED:
            yield from _tight_month(plan, event, data.get("details", {}))


def _tight_month(plan: Plan, event: StoredEvent, seen: Values) -> Iterable[Told]:
    """A month's reservation that leaves less than a fifth; once a month for each budget."""
    of = {"budget_person_month_reserved": "person", "budget_team_month_reserved": "team"}.get(seen.get("code", ""))
    if of is None or not seen["cap"] or seen["spent"] < TIGHT * seen["cap"]:
        return []
    whose = str(plan.team_id) if of == "team" else of
    about = f"month {event.timestamp:%Y-%m} {whose}"
    return [(NotificationKind.MONTH, about, {"of": of, "spent_usd": seen["spent"], "cap_usd": seen["cap"]})]


def _seconds(progress: Progress) -> float:
    if progress.started_at is None or progress.completed_at is None:
        return 0.0
    return (progress.completed_at - progress.started_at).total_seconds()
