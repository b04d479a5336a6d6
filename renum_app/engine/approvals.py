"""Approvals: steps that wait for a person, and what a decision makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

from renum_app.engine import approval_facts, facts, gates, preparing, settling
from renum_app.engine.means import Means
from renum_app.engine.plan import PlannedStep
from renum_app.engine.progress import OpenApproval, StepProgress, mark_of
from renum_app.engine.recorder import Journal
from renum_app.engine.reducer import Fact
from renum_app.models.approval import ApprovalMoment, Decision, Verdict
from renum_app.models.command import Order
from renum_app.models.workflow import OnFailure


def ask_before(journal: Journal, means: Means, step: PlannedStep) -> None:
    """Show a person what the step's agent would be sent; nothing is reserved meanwhile."""
    approval_id = uuid4()
    text = preparing.shown(journal, means, step, mark=mark_of(str(approval_id)))
    if not isinstance(text, str):
        journal.record(facts.step_failed(step, journal.progress.of(step).attempt, text))
        return
    asked = approval_facts.requested(
        step,
        journal.progress.of(step).attempt,
        approval_id=approval_id,
        moment=ApprovalMoment.BEFORE,
        text=text,
        now=means.clock(),
    )
    held = gates.conditions_held(journal.plan, journal.brief, journal.progress, step)
    journal.record([*held, *asked])


def is_any_due(journal: Journal, now: datetime) -> bool:
    """Whether the time to decide about some step is over."""
    return any(_is_due(journal.progress.of(step), now) for step in journal.plan.shown_to_people)


def fold(journal: Journal, orders: Iterable[Order], *, now: datetime) -> None:
    """Carry decisions out: the first on each approval; one that nobody waits for changes nothing."""
    for order in orders:
        if step := _asking(journal, approval_id=str(order.command_id)):
            _decide(journal, step, Decision.model_validate(order.payload), now=now, order=order)
        else:
            journal.record([], handled=[order.command_id])
    for step in journal.plan.shown_to_people:
        own = journal.progress.of(step)
        if own.approval and _is_due(own, now):
            _decide(journal, step, Decision(decision=own.approval.on_deadline), now=now)


def _asking(journal: Journal, *, approval_id: str) -> PlannedStep | None:
    asking = (step for step in journal.plan.steps if _is_open(journal.progress.of(step), approval_id))
    return next(asking, None)


def _is_open(own: StepProgress, approval_id: str) -> bool:
    return own.approval is not None and own.approval.approval_id == approval_id


def _is_due(own: StepProgress, now: datetime) -> bool:
    return own.approval is not None and own.approval.deadline is not None and own.approval.deadline <= now


def _decide(
    journal: Journal, step: PlannedStep, decision: Decision, *, now: datetime, order: Order | None = None
) -> None:
    """Record a decision and what follows from it in one commit; without an order it is the deadline's."""
    asked = journal.progress.of(step).approval
    if asked is None:
        return
    by, is_granted = "person" if order else "deadline", decision.decision is Verdict.APPROVE
    is_answer = is_granted and asked.moment is ApprovalMoment.INPUT
    edited = decision.text if is_answer or (is_granted and decision.text != asked.text) else None
    told = approval_facts.decided(
        step,
        approval_id=asked.approval_id,
        verdict=decision.decision,
        by=by,
        edited=edited,
        why=decision.reason,
        is_answer=is_answer,
    )
    follows = (
        _granted(journal, step, asked, edited=edited)
        if is_granted
        else _rejected(journal, step, approval_facts.rejection(step, by=by, why=decision.reason), now=now)
    )
    journal.record([told, *follows], handled=[order.command_id] if order else [])
    if journal.progress.of(step).status.is_final:
        settling.note_writes(journal, step)


def _granted(journal: Journal, step: PlannedStep, asked: OpenApproval, *, edited: str | None) -> list[Fact]:
    """After: the output stands, or the text that takes its place; else nothing yet, its turn comes."""
    if asked.moment is not ApprovalMoment.AFTER:
        return []
    own = journal.progress.of(step)
    used = {
        "input_tokens": own.input_tokens,
        "output_tokens": own.output_tokens,
        "tokens": own.tokens,
        "cost_usd": own.cost_usd,
        "cost_basis": own.cost_basis,
    }
    done = facts.step_done(step, own.attempt, used=used, end=asked.call)
    if edited is None:
        return done
    return [facts.output_recorded(step, own.attempt, output=edited, used=used, is_edited=True), *done]


def _rejected(journal: Journal, step: PlannedStep, error: facts.Data, *, now: datetime) -> list[Fact]:
    """What the member's `on_failure` says; a fallback agent has to be let start, or let pass, like the first."""
    own = journal.progress.of(step)
    if step.on_failure is OnFailure.FALLBACK and step.fallback and not own.is_fallback:
        number = own.attempt + 1
        next_one = facts.retry_scheduled(step, number, at=now, seconds=0.0, reason="fallback", to_fallback=True)
        return [*next_one, facts.logged("fallback_chosen", level="warning", step=step, fallback=step.fallback.name)]
    return facts.step_failed(step, own.attempt, error)
