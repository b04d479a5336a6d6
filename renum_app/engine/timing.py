"""Timing: when something is due, whether time is up, and whether an execution may park meanwhile. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta

from renum_app.engine.plan import Plan
from renum_app.engine.progress import Progress
from renum_app.models.step import StepStatus

_NEAR = timedelta(seconds=30)
"""A retry sooner than this is waited for; parking would cost more than it frees."""


def deadline(plan: Plan, progress: Progress) -> datetime | None:
    """When the execution's time is up; it stands still while people are waited for."""
    if not progress.started_at or not plan.timeout_seconds:
        return None
    return progress.started_at + timedelta(seconds=plan.timeout_seconds + progress.people_seconds)


def is_out_of_time(plan: Plan, progress: Progress, now: datetime) -> bool:
    end = deadline(plan, progress)
    return end is not None and now >= end


def next_moment(plan: Plan, progress: Progress, *, after: datetime | None = None) -> datetime | None:
    """When something is due by itself: a retry, an approval's deadline, the end of the execution's time.

    Args:
        after: Retries that were due by then have been looked at; they wait for something to happen.
    """
    retries = [moment for moment in _retries(progress) if after is None or moment > after]
    moments = [*retries, *_decisions(progress)]
    if end := deadline(plan, progress):
        moments.append(end)
    return min(moments, default=None)


def may_park(progress: Progress, now: datetime) -> bool:
    """Whether all that is left waits for people, or for a retry that is far away."""
    waiting = [step for step in progress.steps.values() if step.status is StepStatus.WAITING]
    if not waiting or progress.is_anything_running:
        return False
    return all(step.approval or (step.retry_at and step.retry_at > now + _NEAR) for step in waiting)


def wake_at(plan: Plan, progress: Progress) -> datetime | None:
    """When a parked execution has something to do by itself; waiting for people uses up none of its time."""
    if not progress.awaits_people:
        return next_moment(plan, progress)
    return min([*_retries(progress), *_decisions(progress)], default=None)


def is_awake(progress: Progress, now: datetime) -> bool:
    """Whether a parked execution has something to do by itself."""
    return progress.wake_at is not None and progress.wake_at <= now


def _retries(progress: Progress) -> list[datetime]:
    return [step.retry_at for step in progress.steps.values() if step.retry_at]


def _decisions(progress: Progress) -> list[datetime]:
    waiting = (step.approval for step in progress.steps.values() if step.approval)
    return [approval.deadline for approval in waiting if approval.deadline]
